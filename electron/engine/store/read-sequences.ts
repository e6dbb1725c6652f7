import type { StreamInput } from '../../../shared/contract/streams.ts'
import type { UserSort } from '../../../shared/model/workspace.ts'
import { eventOrder } from './compact.ts'
import type { Database } from './database.ts'
import { allEvents, filterConditions, prefixed, readStream } from './read-events.ts'

const order: Readonly<Record<UserSort, string>> = { activity: 'n', recent: 'last', first: 'first', key: 'k.key' }

/** As many events as one answer has; a window that holds more of them stops being fast. */
const mostEvents = 5_000_000

/**
 * The sequences of many users at once, as Arrow: the columns of `sequences.slice` (shared/contract/streams.ts). Users are
 * counted, sorted and cut by their codes; only those that are left meet the wider columns, and a name or a total is sent
 * once a user.
 */
export async function* readSequences(database: Database, query: StreamInput<'sequences.slice'>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  yield* readStream(database, signal, () => {
    const where = filterConditions(query.filter)
    const by = `${order[query.sort]} ${query.descending ? 'DESC' : 'ASC'}, k.key`
    return Promise.resolve({
      sql: `WITH users AS (SELECT key AS code, count(*) AS n, min(time) AS first, max(time) AS last FROM ${allEvents} e ${where.sql} GROUP BY key),
        chosen AS MATERIALIZED (
          SELECT (row_number() OVER (ORDER BY ${by}) - 1)::INTEGER AS "user", code, k.key, n, (SELECT count(*) FROM users JOIN keys USING (code)) AS total
          FROM users JOIN keys k USING (code) ORDER BY ${by} LIMIT ${query.users}
        ), steps AS (
          SELECT c."user", e.time, e.type, c.key, c.n, c.total, row_number() OVER (PARTITION BY c."user" ORDER BY ${prefixed(eventOrder)}) AS step
          FROM ${allEvents} e JOIN chosen c ON c.code = e.key ${where.sql}
        )
        SELECT "user", time, type, CASE step WHEN 1 THEN key END AS key, CASE step WHEN 1 THEN n END AS events, CASE step WHEN 1 THEN total END AS users
        FROM steps WHERE step <= ${query.eventsPerUser} ORDER BY "user", step LIMIT ${mostEvents}`,
      values: where.values,
    })
  })
}
