import { realpathSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { DuckDBInstance, type DuckDBConnection, type DuckDBValue, type DuckDBResult } from '@duckdb/node-api'
import { AppError } from '../../../shared/errors.ts'
import { makeFolder } from '../make-folder.ts'

/** Limits of the store's memory and threads; the defaults keep the memory of a long tail flat. */
export interface DatabaseOptions {
  readonly memoryLimitMb?: number
  readonly threads?: number
}

/** A read connection on loan. */
export interface Reader {
  readonly connection: DuckDBConnection
  /** What to throw instead of an error that came of the cancelling. */
  explain(error: unknown): unknown
  close(): Promise<void>
}

/**
 * What a question may use, in megabytes: sorting a large slice or counting everything needs more than storing does. It
 * holds while questions run, and for so many milliseconds after the last: what is stored meanwhile fills it, so an app that
 * asks something every second would hold 400 MB more with a pause of three.
 */
const questionMemoryMb = 1536
const questionPauseMs = 100
/** Questions get so long to notice that they have been interrupted. */
const closingMs = 2000

/** Files open in this process. Opening one file twice in one process silently loses writes, so it is refused here. */
const openFiles = new Set<string>()

/**
 * The one DuckDB instance of a workspace. One connection writes; reads run on connections of their own, so that a
 * timeline never waits for a batch (each sees the last committed state).
 */
export class Database {
  readonly path: string
  readonly writer: DuckDBConnection
  private readonly instance: DuckDBInstance
  private readonly idleReaders: DuckDBConnection[] = []
  private readonly busyReaders = new Set<DuckDBConnection>()
  private readonly memoryLimitMb: number
  /** While it is there, readers that come wait for it. */
  private unread: Promise<void> | undefined
  /** While memory is raised, or being raised. */
  private raised: Promise<unknown> | undefined
  private lowering: NodeJS.Timeout | undefined
  private lowered: Promise<void> = Promise.resolve()
  private isClosed = false

  private constructor(path: string, instance: DuckDBInstance, writer: DuckDBConnection, memoryLimitMb: number) {
    this.memoryLimitMb = memoryLimitMb
    this.path = path
    this.instance = instance
    this.writer = writer
  }

  /**
   * Opens or creates `events.duckdb` in a folder.
   *
   * @throws AppError WORKSPACE_LOCKED when another process (or this one) has it open, WORKSPACE_UNUSABLE when the file cannot be opened.
   */
  static async open(folder: string, options: DatabaseOptions = {}): Promise<Database> {
    try {
      makeFolder(folder)
    } catch (cause) {
      throw new AppError('WORKSPACE_UNUSABLE', `The workspace folder ${folder} cannot be created.`, { hint: 'Choose a folder that you may write to.', cause })
    }
    const path = join(realpathSync(folder), 'events.duckdb')
    const memoryLimitMb = options.memoryLimitMb ?? 220
    if (openFiles.has(path)) throw new AppError('WORKSPACE_LOCKED', `The workspace ${folder} is already open in this process.`)
    openFiles.add(path)
    try {
      const instance = await DuckDBInstance.create(path, {
        memory_limit: `${memoryLimitMb}MB`,
        threads: String(options.threads ?? 2),
        temp_directory: join(realpathSync(folder), '.tmp'),
        // Each checkpoint costs about the same stall (up to a second under full load) whatever it writes, so fewer are
        // better: 64 MB takes a quarter of the ingest rate, the default of 16 MB more. Above this, memory grows.
        checkpoint_threshold: '256MB',
        // zstd, which payloads are stored with, came with version 1.2 of the file format
        storage_compatibility_version: 'v1.2.0',
        autoinstall_known_extensions: 'false',
        autoload_known_extensions: 'false',
        allow_community_extensions: 'false',
      })
      const database = new Database(path, instance, await connect(instance), memoryLimitMb)
      return database
    } catch (cause) {
      openFiles.delete(path)
      throw openFailure(folder, cause)
    }
  }

  /** Runs `work` on a snapshot of its own. Cancelling interrupts the query that runs on it. */
  async read<T>(work: (connection: DuckDBConnection) => Promise<T>, signal?: AbortSignal): Promise<T> {
    const reader = await this.openSnapshot(signal)
    try {
      return await work(reader.connection)
    } catch (error) {
      throw reader.explain(error)
    } finally {
      await reader.close()
    }
  }

  /**
   * A read connection in a transaction, which the caller ends with `close`: whatever is stored meanwhile, all its queries
   * see what the first of them saw. Temporary tables go with it.
   */
  async openSnapshot(signal?: AbortSignal): Promise<Reader> {
    const reader = await this.takeReader(signal, rollback)
    try {
      await reader.connection.run('BEGIN')
      return reader
    } catch (error) {
      await reader.close()
      throw reader.explain(error)
    }
  }

  /** A read connection that the caller gives back with `close`. Cancelling interrupts the query that runs on it. */
  openReader(signal?: AbortSignal): Promise<Reader> {
    return this.takeReader(signal, () => Promise.resolve())
  }

  /** @param end leaves the connection as the next reader expects it */
  private async takeReader(signal: AbortSignal | undefined, end: (connection: DuckDBConnection) => Promise<void>): Promise<Reader> {
    if (signal?.aborted === true) throw new AppError('CANCELLED', 'Cancelled.')
    if (this.isClosed) throw closed()
    const connection = this.idleReaders.pop() ?? (await connect(this.instance))
    while (this.unread !== undefined) await this.unread
    this.busyReaders.add(connection)
    const interrupt = (): void => connection.interrupt()
    const reader: Reader = {
      connection,
      explain: (error) => (signal?.aborted === true ? new AppError('CANCELLED', 'Cancelled.', { cause: error }) : this.isClosed ? closed(error) : error),
      close: async () => {
        // what ends the question must not be interrupted by who cancels it
        signal?.removeEventListener('abort', interrupt)
        try {
          await end(connection)
        } catch (error) {
          // whoever closes the database interrupts this as well, and ends everything with its connections
          if (!this.isClosed) throw error
        } finally {
          if (this.busyReaders.delete(connection)) this.idleReaders.push(connection)
          if (this.busyReaders.size === 0) this.lowerMemoryLater()
        }
      },
    }
    try {
      await this.raiseMemory(connection)
      signal?.addEventListener('abort', interrupt)
      // while it waited, nobody listened
      signal?.throwIfAborted()
      return reader
    } catch (error) {
      await reader.close()
      throw reader.explain(error)
    }
  }

  /** Does what no reader may see happening as soon as none is open, and gives true; those that come meanwhile wait. False where there is no such moment for so long. */
  async whileUnread(work: () => Promise<unknown>, patienceMs: number): Promise<boolean> {
    for (const end = Date.now() + patienceMs; this.busyReaders.size > 0; ) {
      if (Date.now() >= end) return false
      await wait(5)
    }
    let end = (): void => undefined
    this.unread = new Promise((done) => (end = done))
    try {
      await work()
    } finally {
      this.unread = undefined
      end()
    }
    return true
  }

  /** A further connection for a background writer; the caller closes it. */
  async connect(): Promise<DuckDBConnection> {
    return connect(this.instance)
  }

  private async raiseMemory(connection: DuckDBConnection): Promise<void> {
    clearTimeout(this.lowering)
    // a lowering that is under way would end behind the raising
    await this.lowered
    this.raised ??= connection.run(`SET memory_limit = '${Math.max(questionMemoryMb, this.memoryLimitMb)}MB'`).catch((error: unknown) => {
      this.raised = undefined
      throw error
    })
    await this.raised
  }

  private lowerMemoryLater(): void {
    clearTimeout(this.lowering)
    if (this.isClosed) return
    this.lowering = setTimeout(() => {
      this.lowered = this.lowerMemory()
    }, questionPauseMs)
    this.lowering.unref()
  }

  private async lowerMemory(): Promise<void> {
    if (this.busyReaders.size > 0) return
    const connection = this.idleReaders.pop()
    if (connection === undefined) return
    try {
      await connection.run(`SET memory_limit = '${this.memoryLimitMb}MB'`)
      this.raised = undefined
    } catch (error) {
      // DuckDB cannot give back what is in use now: it stays raised until the next question has ended
      if (!(error instanceof Error && /memory/i.test(error.message))) throw error
    } finally {
      this.idleReaders.push(connection)
    }
  }

  /** Interrupts what is still asked, and closes every connection and the file. The write-ahead log is folded in by DuckDB. */
  async close(): Promise<void> {
    this.isClosed = true
    clearTimeout(this.lowering)
    await this.lowered
    // a query that is still running would go on without its process, which could not end before it
    for (const end = Date.now() + closingMs; this.busyReaders.size > 0 && Date.now() < end; ) {
      for (const connection of this.busyReaders) connection.interrupt()
      await wait(5)
    }
    for (const connection of [...this.idleReaders, ...this.busyReaders]) connection.closeSync()
    this.writer.closeSync()
    this.instance.closeSync()
    openFiles.delete(this.path)
  }
}

function closed(cause?: unknown): AppError {
  return new AppError('CANCELLED', 'The workspace was closed.', { cause })
}

async function connect(instance: DuckDBInstance): Promise<DuckDBConnection> {
  const connection = await instance.connect()
  await connection.run("SET TimeZone = 'UTC'")
  return connection
}

/** Gives an error of the disk its name; every other error stays what it is. */
export function storeFailure(error: unknown): unknown {
  const message = error instanceof Error ? error.message : ''
  if (!/No space left on device|disk is full|max_temp_directory_size/i.test(message)) return error
  return new AppError('STORE_FULL', 'The disk of the workspace is full: nothing more can be stored.', {
    hint: 'Make room, or let the workspace keep less (`undercurrent retention`), and start again. What is stored is safe, and nothing is lost: reading goes on where it was.',
    cause: error,
  })
}

function openFailure(folder: string, cause: unknown): AppError {
  const message = cause instanceof Error ? cause.message : String(cause)
  const pid = /PID (\d+)/.exec(message)?.[1]
  if (/Could not set lock/i.test(message)) {
    return new AppError('WORKSPACE_LOCKED', `The workspace ${folder} is open in another process${pid === undefined ? '' : ` (pid ${pid})`}.`, {
      hint: 'Ask that process, end it, or use another workspace. Nothing was changed.',
      cause,
    })
  }
  return new AppError('WORKSPACE_UNUSABLE', `The workspace ${folder} cannot be opened: ${message.split('\n')[0] ?? message}`, {
    hint: 'Check that the folder is writable, that the disk has room, and that the file was not made by a newer version.',
    cause,
  })
}

/** Rows as plain objects; for small results. BIGINT is bigint, TIMESTAMP microseconds as bigint, BLOB bytes. */
export async function rows(connection: DuckDBConnection, sql: string, values: readonly DuckDBValue[] = []): Promise<readonly Record<string, unknown>[]> {
  const reader = await connection.runAndReadAll(sql, [...values])
  return reader.getRowObjectsJS()
}

/** The only row of a result. */
export async function row(connection: DuckDBConnection, sql: string, values: readonly DuckDBValue[] = []): Promise<Record<string, unknown>> {
  const all = await rows(connection, sql, values)
  const first = all[0]
  if (first === undefined) throw new Error(`no row from ${sql}`)
  return first
}

/** Runs statements in one transaction, which `commit` ends; any error rolls all of them back and is thrown on. */
export async function transaction<T>(connection: DuckDBConnection, work: () => Promise<T>, commit: () => Promise<unknown> = () => connection.run('COMMIT')): Promise<T> {
  await connection.run('BEGIN')
  try {
    const result = await work()
    await commit()
    return result
  } catch (error) {
    await rollback(connection)
    throw error
  }
}

/** Runs the statements of one text as one transaction; any error rolls all of them back and is thrown on. */
export async function atomically(connection: DuckDBConnection, sql: string): Promise<void> {
  try {
    await connection.run(`BEGIN; ${sql} COMMIT`)
  } catch (error) {
    await rollback(connection)
    throw error
  }
}

async function rollback(connection: DuckDBConnection): Promise<void> {
  try {
    await connection.run('ROLLBACK')
  } catch (error) {
    // a failed COMMIT has already ended the transaction; every other failure to roll back is real
    if (!(error instanceof Error && /no transaction is active/i.test(error.message))) throw error
  }
}

/** Quotes a name for SQL. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** Quotes a text for SQL; used only for what the user configures (paths of a mapping), never for record values. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

export type { DuckDBConnection, DuckDBResult, DuckDBValue }
