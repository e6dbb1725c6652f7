import type { CallOutput } from '../../../shared/contract/calls.ts'
import { timeShares, type StepTimes } from '../../../shared/model/behavior.ts'
import { identifier, row, rows, type DuckDBConnection } from './database.ts'
import { attributeColumn } from './mapping-sql.ts'
import { allEvents } from './read-events.ts'

const trendParts = 24
const histogramParts = 40

/** How many matches of a run end in each of 24 equal parts of the time between the first and the last. */
export async function readTrend(connection: DuckDBConnection, run: number): Promise<readonly number[]> {
  const found = await rows(connection, `WITH bounds AS (SELECT epoch_us(min("end")) AS low, epoch_us(max("end")) AS high FROM matches WHERE run = ${run})
    SELECT least(((epoch_us("end") - low) * ${trendParts} // greatest(high - low, 1)), ${trendParts - 1})::INTEGER AS part, count(*)::INTEGER AS n FROM matches, bounds WHERE run = ${run} GROUP BY part`)
  const trend = new Array<number>(trendParts).fill(0)
  for (const { part, n } of found) trend[part as number] = n as number
  return found.length === 0 ? [] : trend
}

/** Matches by the bucket of time in which they end. Resolution in microseconds. */
export async function readMatchVolume(connection: DuckDBConnection, run: number, resolution: bigint): Promise<CallOutput<'behaviors.volume'>> {
  const found = await rows(connection, `SELECT (epoch_us("end") - ((epoch_us("end") % ${resolution}) + ${resolution}) % ${resolution})::BIGINT AS bucket, count(*) FILTER (until IS NULL)::INTEGER AS confirmed, count(until)::INTEGER AS pending,
    count(DISTINCT user)::INTEGER AS users FROM matches WHERE run = ${run} GROUP BY bucket ORDER BY bucket`)
  return found.map((one) => ({ bucket: one.bucket as bigint, confirmed: one.confirmed as number, pending: one.pending as number, users: one.users as number }))
}

/** How long a run's matches took from each step to the next: its first event, as a repeated step has several. */
export async function readStepTimes(connection: DuckDBConnection, run: number): Promise<readonly StepTimes[]> {
  // the first event of every step of every match: [label, type, time, …]
  const first = `SELECT id, step ->> 0 AS label, min((step ->> 2)::BIGINT) AS time, min(place) AS place
    FROM (SELECT id, unnest(json_extract(steps, '$[*]')) AS step, generate_subscripts(json_extract(steps, '$[*]'), 1) AS place FROM matches WHERE run = ${run}) GROUP BY id, label`
  const gaps = `SELECT lag(label) OVER steps AS "from", label AS "to", time - lag(time) OVER steps AS gap, lag(place) OVER steps AS before FROM (${first}) WINDOW steps AS (PARTITION BY id ORDER BY place)`
  await connection.run(`CREATE OR REPLACE TEMP TABLE gaps_between AS SELECT "from", "to", gap, before FROM (${gaps}) WHERE "from" IS NOT NULL`)
  const pairs = await rows(connection, `SELECT "from", "to", count(*)::INTEGER AS n, quantile_disc(gap, [${timeShares.join(', ')}]) AS shares FROM gaps_between GROUP BY ALL ORDER BY min(before), n DESC LIMIT 40`)
  const times: StepTimes[] = []
  for (const pair of pairs) {
    const percentiles = (pair.shares as { readonly items: readonly bigint[] } | readonly bigint[])
    const shares = ('items' in percentiles ? percentiles.items : percentiles).map(Number)
    const widthUs = Math.ceil(((shares.at(-1) ?? 0) + 1) / histogramParts)
    const histogram = new Array<number>(histogramParts).fill(0)
    const counted = await rows(connection, `SELECT (gap // ${widthUs})::INTEGER AS bucket, count(*)::INTEGER AS n FROM gaps_between WHERE "from" = $1 AND "to" = $2 AND gap < ${widthUs * histogramParts} GROUP BY bucket`, [pair.from as string, pair.to as string])
    for (const { bucket, n } of counted) histogram[bucket as number] = n as number
    times.push({ from: pair.from as string, to: pair.to as string, count: pair.n as number, percentiles: shares, histogram, widthUs })
  }
  await connection.run('DROP TABLE gaps_between')
  return times
}

/** A run's matches by an attribute of their first event, most frequent first. */
export async function readBreakdown(connection: DuckDBConnection, run: number, attribute: string, limit: number): Promise<CallOutput<'behaviors.breakdown'>> {
  const found = await rows(connection, `WITH first AS (SELECT user, steps ->> '$[0][3]' AS source, (steps ->> '$[0][5]')::INTEGER AS partition, (steps ->> '$[0][6]')::BIGINT AS "offset" FROM matches WHERE run = ${run})
    SELECT e.${identifier(attributeColumn(attribute))}::VARCHAR AS value, count(*)::INTEGER AS occurrences, count(DISTINCT f.user)::INTEGER AS users
    FROM first f JOIN sources s ON s.name = f.source LEFT JOIN ${allEvents} e ON e.source = s.code AND e.partition = f.partition AND e."offset" = f."offset" GROUP BY value ORDER BY occurrences DESC, value LIMIT ${limit}`)
  return found.map((one) => ({ value: (one.value as string | null) ?? null, occurrences: one.occurrences as number, users: one.users as number }))
}

/** True when the workspace has an attribute of this name. */
export async function hasAttribute(connection: DuckDBConnection, attribute: string): Promise<boolean> {
  return (await row(connection, 'SELECT count(*)::INTEGER AS n FROM attributes WHERE name = $1', [attributeColumn(attribute)])).n !== 0
}
