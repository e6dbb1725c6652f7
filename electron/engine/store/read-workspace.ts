import { statSync } from 'node:fs'
import { dirname } from 'node:path'
import type { CallOutput } from '../../../shared/contract/calls.ts'
import type { Database, DuckDBConnection } from './database.ts'
import { row, rows } from './database.ts'
import { schemaVersion } from './migrations.ts'
import { loadPartitions } from './partitions.ts'
import type { StoredSource } from './sources.ts'

/** What a workspace holds, counted from the events themselves. */
export async function readInfo(database: Database, connection: DuckDBConnection): Promise<CallOutput<'workspace.info'>> {
  const counts = await row(
    connection,
    `SELECT sum(n)::BIGINT AS events, sum(keyless)::BIGINT AS keyless, sum(late)::BIGINT AS late, epoch_us(min(first)) AS first, epoch_us(max(last)) AS last FROM (
       SELECT count(*) AS n, count(*) - count(key) AS keyless, count(*) FILTER (late) AS late, min(time) AS first, max(time) AS last FROM events
       UNION ALL SELECT count(*), count(*) - count(key), count(*) FILTER (late), min(time), max(time) FROM recent)`,
  )
  const totals = await row(
    connection,
    `SELECT (SELECT count(DISTINCT key) FROM (SELECT key FROM events UNION ALL SELECT key FROM recent)) AS users,
       (SELECT count(DISTINCT type) FROM (SELECT type FROM events UNION ALL SELECT type FROM recent)) AS types, (SELECT count(*) FROM dead_letters) AS dead,
       (SELECT coalesce(sum(events), 0)::BIGINT FROM retentions) AS removed, (SELECT epoch_us(max(removed_before)) FROM retentions) AS removed_before`,
  )
  const first = counts.first as bigint | null
  const last = counts.last as bigint | null
  const before = totals.removed_before as bigint | null
  return {
    path: dirname(database.path),
    schemaVersion: await schemaVersion(connection),
    fileBytes: statSync(database.path).size,
    events: Number(counts.events),
    users: Number(totals.users),
    eventsWithoutKey: Number(counts.keyless),
    types: Number(totals.types),
    deadLetters: Number(totals.dead),
    late: Number(counts.late),
    ...(first === null ? {} : { first }),
    ...(last === null ? {} : { last }),
    removed: { events: Number(totals.removed), ...(before === null ? {} : { before }) },
  }
}

/** Every source with what has been read of it. */
export async function readSources(connection: DuckDBConnection, sources: readonly StoredSource[]): Promise<CallOutput<'sources.list'>> {
  const gaps = await rows(connection, 'SELECT source, partition, first_offset, next_offset, reason, epoch_us(noticed_at) AS noticed FROM gaps ORDER BY source, partition, first_offset')
  return Promise.all(
    sources.map(async ({ code, ...source }) => {
      const states = [...(await loadPartitions(connection, code))].sort(([a], [b]) => a - b)
      const sum = (field: 'events' | 'dead' | 'late' | 'bytes'): number => states.reduce((total, [, state]) => total + state[field], 0)
      return {
        ...source,
        events: sum('events'),
        deadLetters: sum('dead'),
        late: sum('late'),
        bytes: sum('bytes'),
        partitions: states.map(([partition, { events, ranges, newestTime }]) => ({ partition, events, ranges: [...ranges], ...(newestTime === undefined ? {} : { newestTime }) })),
        gaps: gaps
          .filter((gap) => gap.source === code)
          .map((gap) => ({ partition: gap.partition as number, first: gap.first_offset as bigint, next: gap.next_offset as bigint, reason: gap.reason as string, noticedAt: gap.noticed as bigint })),
      }
    }),
  )
}
