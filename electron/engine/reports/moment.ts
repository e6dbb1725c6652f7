import { inRanges, readWatermark, type NewRange } from '../store/coverage.ts'
import { identifier, row, type Database, type DuckDBConnection, type Reader } from '../store/database.ts'
import { loadAttributes } from '../store/read-events.ts'
import type { StoredSource } from '../store/sources.ts'
import type { Store } from '../store/store.ts'

/** Which events a moment may see: those of these positions. */
export type Scope = readonly NewRange[]

/**
 * A store as one moment shows it, whatever is stored meanwhile: every question goes through one connection and one
 * transaction, so that all numbers of a report are of the same events. With a scope, only its positions are there. Its
 * `store` can be handed to everything that reads.
 */
export class Moment {
  readonly store: Store
  readonly connection: DuckDBConnection
  readonly sources: readonly StoredSource[]
  private readonly reader: Reader
  private reads: Promise<unknown> = Promise.resolve()

  private constructor(store: Store, reader: Reader) {
    this.reader = reader
    this.connection = reader.connection
    this.sources = store.listSources()
    const pinned = {
      read: { value: <T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> => this.read(work) },
      openSnapshot: { value: (): Promise<Reader> => Promise.resolve({ connection: reader.connection, explain: (error: unknown) => reader.explain(error), close: () => Promise.resolve() }) },
    }
    const database = Object.create(store.database, pinned) as Database
    this.store = Object.create(store, { database: { value: database }, listSources: { value: () => this.sources } }) as Store
  }

  /** Takes hold of the moment; it must be closed. Matches that are found in it lie in a table of its own named `matches`. */
  static async open(store: Store, signal: AbortSignal, scope?: Scope): Promise<Moment> {
    const reader = await store.database.openSnapshot(signal)
    try {
      const { connection } = reader
      const moment = new Moment(store, reader)
      // what is temporary comes before what is stored, where a query names no schema
      const { catalog } = await row(connection, 'SELECT current_database() AS catalog')
      const stored = (table: string): string => `${identifier(catalog as string)}.main.${table}`
      await connection.run(`CREATE TEMP TABLE matches AS FROM ${stored('matches')} LIMIT 0`)
      if (scope !== undefined) {
        const inScope = scope.length === 0 ? 'false' : inRanges(scope)
        for (const table of ['events', 'recent', 'dead_letters']) await connection.run(`CREATE TEMP VIEW ${table} AS SELECT e.* FROM ${stored(table)} e WHERE ${inScope}`)
      }
      // the snapshot of the transaction is taken by its first read
      await loadAttributes(connection)
      return moment
    } catch (error) {
      await reader.close()
      throw reader.explain(error)
    }
  }

  /** The watermark in microseconds; -Infinity without events. */
  watermark(isRunning: (source: string) => boolean): Promise<number> {
    return readWatermark(this.connection, this.sources, isRunning)
  }

  /** What to throw instead of an error that came of the cancelling. */
  explain(error: unknown): unknown {
    return this.reader.explain(error)
  }

  async close(): Promise<void> {
    await this.reader.close()
  }

  /** One question after the other: a connection answers one at a time. */
  private read<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    const result = this.reads.then(() => work(this.connection))
    this.reads = result.catch(() => undefined)
    return result
  }
}

