import type { AsyncDuckDBConnection } from '@duckdb/duckdb-wasm'
import { tableFromIPC, type Table } from 'apache-arrow'
import type { Client } from '../../shared/contract/client.ts'
import type { EventFilter } from '../../shared/model/event-filter.ts'
import { AppError } from '../../shared/errors.ts'
import { eachBatch } from '../api/use-stream.ts'
import { startDuckDb } from './duckdb.ts'

/** What a slice is made of. `columns` leaves out those that it does not name; without it payloads come too. */
export interface SliceRequest {
  readonly filter: EventFilter
  /** At most so many events, the newest. */
  readonly limit: number
  readonly columns?: readonly string[] | undefined
  /**
   * Keeps columns of few different texts as numbers (ENUM): grouping and comparing is several times as fast, but a query
   * cannot be cancelled once it runs (DuckDB-Wasm leaves the texts out of answers that it sends in parts).
   */
  readonly coded: boolean
}

/** Columns of few different texts: as ENUM they are grouped and compared as numbers. */
const repeating = ['source', 'topic', 'type'] as const

let lastId = 0

/**
 * The events that a filter selects, in the window's own DuckDB, as the table `events`: queries answer at once, without
 * asking the engine. A slice lives in its own schema, so that several screens may hold one each.
 */
export class Slice {
  readonly id: number
  readonly rows: number
  /** False when the limit has cut off older events. */
  readonly complete: boolean
  readonly columns: readonly string[]
  private readonly connection: AsyncDuckDBConnection
  private readonly coded: boolean
  private queue: Promise<unknown> = Promise.resolve()

  private constructor(id: number, rows: number, complete: boolean, columns: readonly string[], connection: AsyncDuckDBConnection, coded: boolean) {
    this.id = id
    this.rows = rows
    this.complete = complete
    this.columns = columns
    this.connection = connection
    this.coded = coded
  }

  /** Reads a slice from the engine. @throws AppError as the engine failed, CANCELLED */
  static async load(client: Client, { filter, limit, columns, coded }: SliceRequest, signal: AbortSignal): Promise<Slice> {
    const id = ++lastId
    const database = await startDuckDb()
    const connection = await database.connect()
    const schema = `slice_${id}`
    try {
      await connection.query(`CREATE SCHEMA ${schema}`)
      await connection.query(`USE ${schema}`)
      let rows = 0
      // one more than wanted tells whether there are more
      const input = { filter, limit: limit + 1, newest: true, ...(columns === undefined ? {} : { columns: [...columns] }) }
      await eachBatch(client, 'events.slice', input, 'Loading a slice', signal, async (bytes) => {
        const count = tableFromIPC(bytes).numRows
        await connection.insertArrowFromIPCStream(bytes, { name: 'events', schema, create: rows === 0 })
        rows += count
        return count
      })
      const names = (await ask(connection, `SELECT column_name AS name FROM duckdb_columns() WHERE schema_name = '${schema}' AND table_name = 'events' ORDER BY column_index`)).toArray().map((row) => String((row as { name: unknown }).name))
      // an Arrow timestamp with a zone becomes one that needs DuckDB's ICU, which is not in the browser
      for (const name of ['time', 'broker_time']) if (names.includes(name)) await connection.query(`ALTER TABLE events ALTER ${name} TYPE TIMESTAMP USING make_timestamp(epoch_us(${name}))`)
      for (const name of repeating) {
        if (!coded || !names.includes(name)) continue
        await connection.query(`CREATE TYPE ${name}_name AS ENUM (SELECT DISTINCT ${name} FROM events WHERE ${name} IS NOT NULL ORDER BY 1)`)
        await connection.query(`ALTER TABLE events ALTER ${name} TYPE ${name}_name`)
      }
      const complete = rows <= limit
      if (!complete) await connection.query('DELETE FROM events WHERE rowid = (SELECT max(rowid) FROM events)')
      return new Slice(id, Math.min(rows, limit), complete, names, connection, coded)
    } catch (error) {
      await connection.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`)
      await connection.close()
      throw error
    }
  }

  /**
   * Asks the slice, one question after another; a question that is cancelled while it waits is never asked.
   *
   * @throws AppError CANCELLED, BAD_REQUEST with what DuckDB says about the SQL
   */
  query(sql: string, signal?: AbortSignal): Promise<Table> {
    const answer = this.queue.then(() => {
      if (signal?.aborted === true) throw new AppError('CANCELLED', 'Cancelled.')
      return this.coded ? askWhole(this.connection, sql) : ask(this.connection, sql, signal)
    })
    this.queue = answer.catch(() => undefined)
    return answer
  }

  /** Frees the slice's memory. */
  async close(): Promise<void> {
    await this.queue
    await this.connection.query(`USE memory.main`)
    await this.connection.query(`DROP SCHEMA slice_${this.id} CASCADE`)
    await this.connection.close()
  }
}

/**
 * Runs SQL and reads the answer with this app's own Arrow: DuckDB-Wasm brings another version, bytes are what both speak.
 * A pending query is polled, since only such a one can be cancelled.
 */
async function ask(connection: AsyncDuckDBConnection, sql: string, signal?: AbortSignal): Promise<Table> {
  try {
    return await connection.useUnsafe(async (bindings, id) => {
      let part = await bindings.startPendingQuery(id, sql, true)
      while (part === null) {
        if (signal?.aborted === true) {
          await bindings.cancelPendingQuery(id)
          throw new AppError('CANCELLED', 'Cancelled.')
        }
        part = await bindings.pollPendingQuery(id)
      }
      const parts = [part]
      for (;;) {
        const more = (await bindings.fetchQueryResults(id))
        if (more === null || more.length === 0) break
        parts.push(more)
      }
      return tableFromIPC(concat(parts))
    })
  } catch (error) {
    if (error instanceof AppError) throw error
    throw new AppError('BAD_REQUEST', error instanceof Error ? error.message : String(error), { cause: error })
  }
}

/** Runs SQL and reads the answer in one piece. */
async function askWhole(connection: AsyncDuckDBConnection, sql: string): Promise<Table> {
  try {
    return await connection.useUnsafe(async (bindings, id) => tableFromIPC(await bindings.runQuery(id, sql)))
  } catch (error) {
    throw new AppError('BAD_REQUEST', error instanceof Error ? error.message : String(error), { cause: error })
  }
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
