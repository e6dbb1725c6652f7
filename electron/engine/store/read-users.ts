import type { CallInput, CallOutput } from '../../../shared/contract/calls.ts'
import { rows, type DuckDBConnection } from './database.ts'
import { allEvents, filterConditions } from './read-events.ts'

const order = { activity: 'n', recent: 'last', first: 'first', key: 'k.key' } as const

/** A user is a key with events that a filter lets through. One pass over narrow columns counts them; names are looked up for one page only. */
export async function listUsers(connection: DuckDBConnection, query: CallInput<'users.list'>): Promise<CallOutput<'users.list'>> {
  const where = filterConditions(query.filter ?? {})
  where.add('e.key IS NOT NULL')
  if (query.text !== undefined && query.text !== '') where.addKeyText(query.text)
  const found = await rows(
    connection,
    `WITH parts AS (
       SELECT e.key, count(*) AS n, min(e.time) AS first, max(e.time) AS last FROM events e ${where.sql} GROUP BY e.key
       UNION ALL SELECT e.key, count(*), min(e.time), max(e.time) FROM recent e ${where.sql} GROUP BY e.key
     ), users AS (SELECT key AS code, sum(n)::BIGINT AS n, min(first) AS first, max(last) AS last FROM parts GROUP BY key)
     SELECT k.key, n, epoch_us(first) AS first, epoch_us(last) AS last, (SELECT count(*) FROM users) AS total
     FROM users JOIN keys k USING (code) ORDER BY ${order[query.sort]} ${query.descending ? 'DESC' : 'ASC'}, k.key LIMIT ${query.limit} OFFSET ${query.offset}`,
    where.values,
  )
  const users = found.map((row) => ({ key: row.key as string, events: Number(row.n), first: row.first as bigint, last: row.last as bigint }))
  // behind the last page nothing says how many there are; counting them first would say it of another moment
  if (users.length > 0 || query.offset === 0) return { users, total: Number(found[0]?.total ?? 0) }
  const [counted] = await rows(connection, `SELECT count(DISTINCT e.key) AS n FROM ${allEvents} e ${where.sql}`, where.values)
  return { users, total: Number(counted?.n ?? 0) }
}

/** Event types with their counts, most frequent first. */
export async function listTypes(connection: DuckDBConnection): Promise<CallOutput<'types.list'>> {
  const found = await rows(
    connection,
    `SELECT t.type, t.code, sum(n)::BIGINT AS n, epoch_us(min(first)) AS first, epoch_us(max(last)) AS last FROM (
       SELECT type AS code, count(*) AS n, min(time) AS first, max(time) AS last FROM events GROUP BY type
       UNION ALL SELECT type, count(*), min(time), max(time) FROM recent GROUP BY type) JOIN types t USING (code)
     GROUP BY t.type, t.code ORDER BY n DESC, t.type`,
  )
  return found.map((row) => ({ type: row.type as string, code: row.code as number, events: Number(row.n), first: row.first as bigint, last: row.last as bigint }))
}

/** The names of all event types, in the order of their codes. */
export async function typeNames(connection: DuckDBConnection): Promise<readonly string[]> {
  return (await rows(connection, 'SELECT type FROM types ORDER BY code')).map(({ type }) => type as string)
}
