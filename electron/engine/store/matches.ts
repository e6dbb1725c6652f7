import { BIGINT, BOOLEAN, DuckDBDataChunk, DuckDBTimestampValue, INTEGER, TIMESTAMP, VARCHAR, type DuckDBType, type DuckDBValue } from '@duckdb/node-api'
import type { Match } from '../../../shared/model/match.ts'
import { matchOfRow, stepsText, type MatchRow } from '../../../shared/model/match-row.ts'
import { rows, type DuckDBConnection } from './database.ts'

const types: readonly DuckDBType[] = [INTEGER, BIGINT, VARCHAR, VARCHAR, TIMESTAMP, TIMESTAMP, TIMESTAMP, BOOLEAN, VARCHAR, VARCHAR]

/** DuckDB's vector size: the most rows a data chunk holds. */
const chunkRows = 2048

/** The order of SEMANTICS.md rule 29, made whole by the match's own number. */
const matchOrder = '"end", start, key, id'

/** A match as it is stored, with its number: unique in the workspace. */
export interface StoredMatch {
  readonly id: number
  readonly match: Match
}

/** A match as it is stored, before its texts are read. */
export interface StoredRow extends Omit<MatchRow, 'behavior'> {
  readonly id: number
}

/** A table of matches: that of the workspace, or one of a question that is asked once. One run of one behavior is read at a time. */
export interface MatchTable {
  readonly name: string
  readonly schema: 'main' | 'temp'
}

/** The matches of the behaviors that are saved. */
export const savedMatches: MatchTable = { name: 'matches', schema: 'main' }

/** Makes a table of matches that lives as long as the connection. */
export async function makeMatchTable(connection: DuckDBConnection): Promise<MatchTable> {
  await connection.run('CREATE OR REPLACE TEMP TABLE found AS FROM main.matches LIMIT 0')
  return { name: 'found', schema: 'temp' }
}

/** Adds matches to a table; the first gets the number `id`. */
export async function appendMatches(connection: DuckDBConnection, { name, schema }: MatchTable, run: number, id: number, matches: readonly Match[]): Promise<void> {
  if (matches.length === 0) return
  const appender = await connection.createAppender(name, schema === 'temp' ? 'main' : schema, ...(schema === 'temp' ? ['temp'] : []))
  for (let start = 0; start < matches.length; start += chunkRows) {
    const some = matches.slice(start, start + chunkRows)
    const chunk = DuckDBDataChunk.create([...types], some.length)
    const columns: readonly (readonly DuckDBValue[])[] = [
      some.map(() => run),
      some.map((_, index) => BigInt(id + start + index)),
      some.map(({ key }) => userOf(key)),
      some.map(({ key }) => keyText(key)),
      some.map(({ until }) => (until === undefined ? null : new DuckDBTimestampValue(until))),
      some.map((match) => new DuckDBTimestampValue(match.start)),
      some.map((match) => new DuckDBTimestampValue(match.end)),
      some.map(({ tied }) => tied),
      some.map(({ steps }) => stepsText(steps)),
      some.map(({ returns }) => JSON.stringify(returns)),
    ]
    for (const [index, values] of columns.entries()) chunk.setColumnValues(index, values)
    appender.appendDataChunk(chunk)
  }
  appender.closeSync()
}

/** Which of a run's matches are wanted. */
export interface MatchQuery {
  readonly behavior: string
  readonly run: number
  readonly limit: number
  readonly offset?: number | undefined
  readonly state?: Match['state'] | undefined
  readonly user?: string | undefined
  /** Microseconds: matches that end in [from, to). */
  readonly from?: bigint | undefined
  readonly to?: bigint | undefined
}

/** A page of a run's matches, in order. */
export async function readMatches(connection: DuckDBConnection, { name, schema }: MatchTable, query: MatchQuery): Promise<readonly StoredMatch[]> {
  const { sql, values } = conditions(query)
  const found = await rows(connection, `SELECT id, key, epoch_us(until) AS until, epoch_us(start) AS start, epoch_us("end") AS "end", tied, steps, returns
    FROM ${schema === 'temp' ? 'temp.' : ''}${name} ${sql} ORDER BY ${matchOrder} LIMIT ${query.limit} OFFSET ${query.offset ?? 0}`, values)
  return found.map((row) => toStored(query.behavior, row))
}

/** How many of a run's matches a query has in all, pages aside. */
export async function countMatches(connection: DuckDBConnection, query: MatchQuery): Promise<number> {
  const { sql, values } = conditions(query)
  const [found] = await rows(connection, `SELECT count(*)::INTEGER AS n FROM matches ${sql}`, values)
  return (found?.n ?? 0) as number
}

/** The rows of the stream `behaviors.all` for a run, in order. The name of the behavior is the value $1. */
export function matchRowsSql({ name, schema }: MatchTable, run: number): string {
  return `SELECT $1 AS behavior, key, epoch_us(until) AS until, epoch_us(start) AS start, epoch_us("end") AS "end", tied, steps, returns FROM ${schema === 'temp' ? 'temp.' : ''}${name} WHERE run = ${run} ORDER BY ${matchOrder}`
}

/** A run's matches page by page, in order, from a query that is run once. */
export async function* streamMatches(connection: DuckDBConnection, { name, schema }: MatchTable, query: Omit<MatchQuery, 'limit' | 'offset'>): AsyncGenerator<readonly StoredMatch[]> {
  const { sql, values } = conditions(query)
  const result = await connection.stream(`SELECT id, key, epoch_us(until) AS until, epoch_us(start) AS start, epoch_us("end") AS "end", tied, steps, returns
    FROM ${schema === 'temp' ? 'temp.' : ''}${name} ${sql} ORDER BY ${matchOrder}`, [...values])
  for await (const some of result.yieldRowObjectJs()) yield some.map((row) => toStored(query.behavior, row))
}

/** The matches of some keys in some runs of the workspace, by run, as they are stored; where `from` is finite (microseconds), those that end at or after it. */
export async function readMatchesOfKeys(connection: DuckDBConnection, runs: readonly number[], keys: readonly string[], from: number): Promise<ReadonlyMap<number, readonly StoredRow[]>> {
  await connection.run('CREATE OR REPLACE TEMP TABLE wanted_keys (key VARCHAR)')
  const appender = await connection.createAppender('wanted_keys', 'main', 'temp')
  for (let start = 0; start < keys.length; start += chunkRows) {
    const some = keys.slice(start, start + chunkRows)
    const chunk = DuckDBDataChunk.create([VARCHAR], some.length)
    chunk.setColumnValues(0, some)
    appender.appendDataChunk(chunk)
  }
  appender.closeSync()
  const found = await rows(connection, `SELECT run, id::DOUBLE AS id, key, epoch_us(until) AS until, epoch_us(start) AS start, epoch_us("end") AS "end", tied, steps, returns
    FROM matches WHERE run IN (${runs.join(', ')}) ${Number.isFinite(from) ? `AND "end" >= make_timestamp(${from})` : ''} AND key IN (SELECT key FROM wanted_keys)`)
  const byRun = new Map<number, StoredRow[]>(runs.map((run) => [run, []]))
  for (const { run, ...stored } of found) byRun.get(run as number)?.push(stored as unknown as StoredRow)
  return byRun
}

/** What tells whether two matches of a run are the same, of one that is stored and of one that was found. */
export function signatureOf({ key, until, tied, steps, returns }: Pick<StoredRow, 'key' | 'until' | 'tied' | 'steps' | 'returns'>): string {
  return `${key}\n${until}\n${tied}\n${steps}\n${returns}`
}

/** The texts that a match is stored as. */
export function textsOf({ key, until, tied, steps, returns }: Match): Pick<StoredRow, 'key' | 'until' | 'tied' | 'steps' | 'returns'> {
  return { key: keyText(key), until: until ?? null, tied, steps: stepsText(steps), returns: JSON.stringify(returns) }
}

/** Confirms the pending matches of some runs that the watermark has passed. @returns the runs that had any */
export async function confirmMatches(connection: DuckDBConnection, runs: readonly number[], watermark: number): Promise<ReadonlySet<number>> {
  if (runs.length === 0 || !Number.isFinite(watermark)) return new Set()
  const confirmed = await rows(connection, `UPDATE matches SET until = NULL WHERE until < make_timestamp(${watermark}) AND run IN (${runs.join(', ')}) RETURNING run`)
  return new Set(confirmed.map(({ run }) => run as number))
}

/** Removes matches by their numbers. */
export async function removeMatches(connection: DuckDBConnection, ids: readonly number[]): Promise<void> {
  // numbers of our own
  for (let from = 0; from < ids.length; from += 10_000) await connection.run(`DELETE FROM matches WHERE id IN (${ids.slice(from, from + 10_000).join(', ')})`)
}

/** The first number that no match has. */
export async function nextMatchId(connection: DuckDBConnection): Promise<number> {
  const [found] = await rows(connection, 'SELECT coalesce(max(id), 0) + 1 AS id FROM matches')
  return Number(found?.id)
}

/** What a run has found in all. Who a match of many at once stands for is told by its steps, which are labeled with them. */
export async function summarizeMatches(connection: DuckDBConnection, { name, schema }: MatchTable, run: number): Promise<{ readonly occurrences: number; readonly users: number; readonly pending: number; readonly tied: number }> {
  const table = `${schema === 'temp' ? 'temp.' : ''}${name}`
  const members = `SELECT count(DISTINCT step ->> 0) FROM (SELECT unnest(json_extract(steps, '$[*]')) AS step FROM ${table} WHERE run = ${run} AND user IS NULL)`
  const [found] = await rows(connection, `SELECT count(*)::INTEGER AS occurrences, (count(DISTINCT user) + (${members}))::INTEGER AS users, count(until)::INTEGER AS pending, count(*) FILTER (tied)::INTEGER AS tied
    FROM ${table} WHERE run = ${run}`)
  return found as { occurrences: number; users: number; pending: number; tied: number }
}

/** The text by which a match's key is found again: equal keys have equal texts. */
export function keyText(key: Match['key']): string {
  return JSON.stringify(key)
}

function userOf(key: Match['key']): string | null {
  const [first] = Object.values(key)
  return first === undefined || first === null ? null : String(first)
}

function conditions({ run, state, user, from, to }: Omit<MatchQuery, 'limit' | 'offset'>): { readonly sql: string; readonly values: readonly DuckDBValue[] } {
  const values: DuckDBValue[] = []
  const parts = [`run = ${run}`]
  if (state !== undefined) parts.push(state === 'pending' ? 'until IS NOT NULL' : 'until IS NULL')
  if (user !== undefined) parts.push(`user = $${values.push(user)}`)
  if (from !== undefined) parts.push(`"end" >= make_timestamp(${from})`)
  if (to !== undefined) parts.push(`"end" < make_timestamp(${to})`)
  return { sql: `WHERE ${parts.join(' AND ')}`, values }
}

function toStored(behavior: string, row: Readonly<Record<string, unknown>>): StoredMatch {
  return { id: Number(row.id), match: matchOfRow({ ...(row as unknown as MatchRow), behavior }) }
}
