import { statSync } from 'node:fs'
import type { Retention } from '../../../shared/model/workspace.ts'
import { row, transaction, type DuckDBConnection } from './database.ts'

/** After a removal by size this share of the limit stays in use, so that the next batch does not ask for the next removal. */
const keptShare = 0.9

/**
 * Removes the oldest events and dead letters: those older than the greatest age, then as many as it takes to bring the data
 * under the greatest size. What was removed is noted, so that a count can say what it no longer covers. Offsets stay
 * read: nothing removed comes back.
 *
 * @returns how many events were removed
 */
export async function applyRetention(connection: DuckDBConnection, path: string, retention: Retention, now: number): Promise<number> {
  let removed = 0
  if (retention.maxAgeDays !== undefined) {
    removed += await removeBefore(connection, `make_timestamp(${Math.round((now - retention.maxAgeDays * 86_400_000) * 1000)})`, 'age')
  }
  if (retention.maxBytes !== undefined) {
    await connection.run('CHECKPOINT')
    const bytes = await usedBytes(connection, path)
    if (bytes > retention.maxBytes) {
      const share = 1 - (retention.maxBytes * keptShare) / bytes
      const { cut } = await row(connection, `SELECT epoch_us(quantile_disc(time, ${share})) AS cut FROM (SELECT time FROM events UNION ALL SELECT time FROM recent UNION ALL SELECT broker_time FROM dead_letters)`)
      if (cut !== null) removed += await removeBefore(connection, `make_timestamp(${cut as bigint})`, 'size')
    }
  }
  if (removed > 0) await connection.run('CHECKPOINT')
  return removed
}

async function removeBefore(connection: DuckDBConnection, before: string, reason: 'age' | 'size'): Promise<number> {
  return transaction(connection, async () => {
    const { n } = await row(connection, `SELECT (SELECT count(*) FROM events WHERE time < ${before}) + (SELECT count(*) FROM recent WHERE time < ${before}) AS n`)
    const count = Number(n)
    await connection.run(`DELETE FROM dead_letters WHERE broker_time < ${before}`)
    if (count === 0) return 0
    for (const table of ['events', 'recent']) await connection.run(`DELETE FROM ${table} WHERE time < ${before}`)
    await connection.run(`INSERT INTO retentions VALUES (${before}, ${count}, $1, now()::TIMESTAMP)`, [reason])
    return count
  })
}

/**
 * Bytes that the events and dead letters take which are still there. A file keeps the room of what was deleted for what
 * comes, and the database gives room free by whole row groups, so what was removed just now may still be in use. Counting
 * that would remove more each time, in a small workspace until nothing is left.
 */
async function usedBytes(connection: DuckDBConnection, path: string): Promise<number> {
  const { used } = await row(connection, 'SELECT sum(used_blocks * block_size)::BIGINT AS used FROM pragma_database_size() WHERE database_name = current_database()')
  const rowsOf = (table: string): string => `SELECT count(*) AS there, max(rowid) + 1 AS held FROM ${table}`
  const { there, held } = await row(connection, `SELECT sum(there)::BIGINT AS there, coalesce(sum(held), 0)::BIGINT AS held FROM (${['events', 'recent', 'dead_letters'].map(rowsOf).join(' UNION ALL ')})`)
  const share = Number(held) === 0 ? 1 : Number(there) / Number(held)
  return (used === null ? statSync(path).size : Number(used)) * share
}
