import type { Decoded } from '../decode/record.ts'
import type { RecordBatch } from '../sources/record-batch.ts'
import type { Source } from '../../../shared/model/source.ts'
import { compact } from './compact.ts'
import { Database, row, type DatabaseOptions, type DuckDBConnection } from './database.ts'
import { commitBatch, prepareBatch, remapBatch, type Stored } from './ingest.ts'
import { LanePool, type Lane } from './lanes.ts'
import { migrate } from './migrations.ts'
import { dropShadows } from './replay.ts'
import { loadPartitions, type PartitionStates } from './partitions.ts'
import { addSource, loadSources, updateSource, type StoredSource } from './sources.ts'

/**
 * When to order what has arrived into a run: often enough that a run takes less than half a second and that little is
 * ever written twice, seldom enough that a file of ten million events has some sixty runs.
 */
const runEvents = 160_000
const runBytes = 64_000_000

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
  private recent: { events: number; bytes: number }

  private constructor(database: Database, sources: readonly StoredSource[], recentEvents: number) {
    this.database = database
    this.sources = sources
    this.recent = { events: recentEvents, bytes: 0 }
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
      return new Store(database, await loadSources(database.writer), Number(recent.n))
    } catch (error) {
      database.close()
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

  /** Adds a source. @throws AppError CONFLICT when the name is taken, BAD_MAPPING when an attribute's type clashes */
  async addSource(source: Source): Promise<StoredSource> {
    return this.write(async (connection) => {
      const added = await addSource(connection, source)
      this.sources = await loadSources(connection)
      return added
    })
  }

  /** Replaces a source's settings. A changed mapping needs a replay (replay.ts) to reach the events that are stored. */
  async updateSource(source: StoredSource): Promise<void> {
    await this.write(async (connection) => {
      await updateSource(connection, source)
      this.sources = await loadSources(connection)
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
        const current = this.sources.find(({ code }) => code === source.code) ?? source
        // a replay may have changed the mapping since the batch was prepared
        if (current.mapping !== source.mapping && batch.size > 0) await remapBatch(lane.connection, current)
        const before = await this.loadedPartitions(lane.connection, source)
        const { stored, states } = await commitBatch(lane.connection, current, before, batch)
        this.partitions.set(source.code, states)
        this.recent.events += stored.events
        this.recent.bytes += stored.bytes
        if (this.recent.events >= runEvents || this.recent.bytes >= runBytes) await this.writeRun()
        return stored
      })
    } finally {
      this.lanes.give(lane)
    }
  }

  /** Gives up a prepared batch; nothing of it is stored. */
  discard({ lane }: PreparedBatch): void {
    this.lanes.give(lane)
  }

  /** Runs `work` as the only writer, after the writes before it. */
  async write<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    const result = this.writes.then(() => work(this.database.writer))
    // the queue goes on after a failed write; the failure itself belongs to that write's caller
    this.writes = result.then(
      () => undefined,
      () => undefined,
    )
    return result
  }

  /** Orders what has arrived into a run now, however little it is. */
  async settle(): Promise<void> {
    await this.write(() => this.writeRun())
  }

  /** Waits for the writes under way and closes the file. */
  async close(): Promise<void> {
    await this.writes
    this.lanes.close()
    this.database.close()
  }

  private async loadedPartitions(connection: DuckDBConnection, source: StoredSource): Promise<PartitionStates> {
    const loaded = this.partitions.get(source.code) ?? (await loadPartitions(connection, source.code))
    this.partitions.set(source.code, loaded)
    return loaded
  }

  /**
   * Writes a run and folds the write-ahead log into the file. At this moment `recent` is empty, so the checkpoint has
   * next to nothing to write: every event is compressed once, in its final order.
   */
  private async writeRun(): Promise<void> {
    await compact(this.database.writer)
    this.recent = { events: 0, bytes: 0 }
    await this.database.writer.run('CHECKPOINT')
  }
}
