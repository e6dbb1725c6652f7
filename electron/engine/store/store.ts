import { isDeepStrictEqual } from 'node:util'
import type { Decoded } from '../decode/record.ts'
import type { RecordBatch } from '../sources/record-batch.ts'
import type { AttributeType } from '../../../shared/model/mapping.ts'
import type { Source } from '../../../shared/model/source.ts'
import { compact, rowGroupRows } from './compact.ts'
import { Database, row, storeFailure, transaction, type DatabaseOptions, type DuckDBConnection } from './database.ts'
import { commitBatch, prepareBatch, remapBatch, type Stored } from './ingest.ts'
import { LanePool, type Lane } from './lanes.ts'
import { migrate } from './migrations.ts'
import { loadAttributes } from './read-events.ts'
import { dropShadows } from './replay.ts'
import { loadPartitions, type PartitionStates } from './partitions.ts'
import { addSource, loadSources, updateSource, type StoredSource } from './sources.ts'

/** Without a commit for this long, nobody is in a hurry: what has arrived is ordered into runs. */
const idleMs = 1_000

/** Closing may take this long for ordering what waits. */
const closingMs = 3_000

/** As many events may wait unordered while records keep coming; beyond that, ordering takes its share of the time. */
const mostRecent = 4_000_000

/** Rows of one run that is written while nobody waits: DuckDB compresses its row groups in parallel. */
const runRows = 2 * rowGroupRows

/** A batch that is decoded and mapped and waits to be stored. */
export interface PreparedBatch {
  readonly source: StoredSource
  readonly batch: RecordBatch
  readonly lane: Lane
}

/**
 * The events of one workspace: the only writer of its DuckDB file. Writes are serialized; reads run beside them and see
 * the last committed state.
 */
export class Store {
  readonly database: Database
  private sources: readonly StoredSource[]
  private readonly partitions = new Map<number, PartitionStates>()
  private readonly lanes: LanePool
  private writes: Promise<unknown> = Promise.resolve()
  private recentEvents: number
  private idle: NodeJS.Timeout | undefined
  private hasStored = false
  private readonly storedListeners: (() => void)[] = []

  private constructor(database: Database, sources: readonly StoredSource[], recentEvents: number) {
    this.database = database
    this.sources = sources
    this.recentEvents = recentEvents
    this.lanes = new LanePool(() => database.connect())
  }

  /**
   * Opens a workspace's store, creating or migrating it.
   *
   * @throws AppError WORKSPACE_LOCKED, WORKSPACE_NEWER or WORKSPACE_UNUSABLE
   */
  static async open(folder: string, options: DatabaseOptions = {}): Promise<Store> {
    const database = await Database.open(folder, options)
    try {
      await migrate(database.writer)
      await dropShadows(database.writer)
      const recent = await row(database.writer, 'SELECT count(*) AS n FROM recent')
      const store = new Store(database, await loadSources(database.writer), Number(recent.n))
      store.orderWhenIdle()
      return store
    } catch (error) {
      await database.close()
      throw error
    }
  }

  /** Every source, oldest first. */
  listSources(): readonly StoredSource[] {
    return this.sources
  }

  /** A source by its name. */
  findSource(name: string): StoredSource | undefined {
    return this.sources.find((source) => source.name === name)
  }

  /** The types of the attributes that the workspace has, by their names in lower case. */
  async attributeTypes(): Promise<ReadonlyMap<string, AttributeType>> {
    const attributes = await this.database.read(loadAttributes)
    return new Map(attributes.map(({ column, type }) => [column.slice(2), type]))
  }

  /** Adds a source. @throws AppError CONFLICT when the name is taken, BAD_MAPPING when an attribute's type clashes */
  async addSource(source: Source): Promise<StoredSource> {
    return this.write(async (connection) => {
      const added = await addSource(connection, source)
      this.sources = await loadSources(connection)
      return added
    })
  }

  /**
   * Changes a source's settings. `change` is given them as the writes before this one have left them, which may have
   * taken minutes. A changed mapping needs a replay (replay.ts) to reach the events that are stored.
   */
  async updateSource(source: StoredSource, change: (current: StoredSource) => StoredSource): Promise<StoredSource> {
    return this.write(async (connection) => {
      const changed = change(this.currentSource(source))
      await transaction(connection, () => updateSource(connection, changed))
      this.sources = await loadSources(connection)
      return changed
    })
  }

  /** What has been read of each partition of a source. */
  async partitionStates(source: StoredSource): Promise<PartitionStates> {
    return this.write((connection) => this.loadedPartitions(connection, source))
  }

  /** Reads anew what is held in memory, after something else than a batch changed it. Part of that write. */
  async reload(connection: DuckDBConnection): Promise<void> {
    this.partitions.clear()
    this.sources = await loadSources(connection)
    for (const listener of this.storedListeners) listener()
  }

  /**
   * Decodes JSON and maps a batch, beside the storing of the batch before it. What it returns must be given to `commit`
   * or `discard`.
   */
  async prepare(source: StoredSource, batch: RecordBatch, decoded: readonly Decoded[]): Promise<PreparedBatch> {
    const lane = await this.lanes.take()
    try {
      await prepareBatch(lane.connection, source, batch, decoded)
      return { source, batch, lane }
    } catch (error) {
      this.lanes.give(lane)
      throw error
    }
  }

  /** Stores a prepared batch exactly once: events, dead letters and how far the source has been read, in one durable transaction. */
  async commit({ source, batch, lane }: PreparedBatch): Promise<Stored> {
    try {
      return await this.write(async () => {
        const current = this.currentSource(source)
        // a replay may have changed the mapping since the batch was prepared
        if (batch.size > 0 && !isDeepStrictEqual(current.mapping, source.mapping)) await remapBatch(lane.connection, current)
        const before = await this.loadedPartitions(lane.connection, source)
        const { stored, states } = await commitBatch(lane.connection, current, before, batch)
        this.partitions.set(source.code, states)
        this.recentEvents += stored.events
        this.hasStored = true
        if (this.recentEvents > mostRecent) await this.writeRun()
        this.orderWhenIdle()
        for (const listener of this.storedListeners) listener()
        return stored
      })
    } finally {
      this.lanes.give(lane)
    }
  }

  /** Calls `listener` when events have been stored, changed or decoded anew. */
  onStored(listener: () => void): void {
    this.storedListeners.push(listener)
  }

  /** Gives up a prepared batch; nothing of it is stored. */
  discard({ lane }: PreparedBatch): void {
    this.lanes.give(lane)
  }

  /** Runs `work` as the only writer, after the writes before it. */
  async write<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    const result = this.writes.then(() => work(this.database.writer)).catch((error: unknown) => {
      throw storeFailure(error)
    })
    // the queue goes on after a failed write; the failure itself belongs to that write's caller
    this.writes = result.then(
      () => undefined,
      () => undefined,
    )
    return result
  }

  /** Orders all that has arrived into a run, however little it is, and folds the write-ahead log into the file. */
  async settle(): Promise<void> {
    await this.write(async (connection) => {
      await compact(this.database)
      this.recentEvents = 0
      await connection.run('CHECKPOINT')
    })
  }

  /** Waits for the writes under way, orders what can be ordered in a moment, and closes the file. */
  async close(): Promise<void> {
    clearTimeout(this.idle)
    await this.writes
    // a short run of the command line has no idle time of its own; the file would never be ordered
    for (const end = Date.now() + closingMs; this.hasStored && this.recentEvents >= rowGroupRows && Date.now() < end; ) await this.write(() => this.writeRun())
    clearTimeout(this.idle)
    this.lanes.close()
    await this.database.close()
  }

  private currentSource(source: StoredSource): StoredSource {
    return this.sources.find(({ code }) => code === source.code) ?? source
  }

  private async loadedPartitions(connection: DuckDBConnection, source: StoredSource): Promise<PartitionStates> {
    const loaded = this.partitions.get(source.code) ?? (await loadPartitions(connection, source.code))
    this.partitions.set(source.code, loaded)
    return loaded
  }

  /** Orders the oldest events that wait into a run, and folds the write-ahead log into the file. */
  private async writeRun(): Promise<void> {
    const { writer } = this.database
    await compact(this.database, runRows)
    this.recentEvents = Math.max(0, this.recentEvents - runRows)
    await writer.run('CHECKPOINT')
  }

  /** Orders what waits, run by run, while no batch is on its way; a batch that comes goes between two runs. */
  private orderWhenIdle(): void {
    clearTimeout(this.idle)
    if (this.recentEvents < rowGroupRows) return
    this.idle = setTimeout(() => {
      if (this.lanes.isBusy) { this.orderWhenIdle(); return; }
      // a failure here is found again by the next batch, which needs the same disk
      this.write(() => this.writeRun()).then(
        () => this.orderWhenIdle(),
        () => undefined,
      )
    }, idleMs)
    this.idle.unref()
  }
}
