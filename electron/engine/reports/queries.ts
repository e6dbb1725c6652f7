import { rangeName, roundBounds } from './ranges.ts'
import type { Attribute } from '../../../shared/model/mapping.ts'
import { reportShares, type BehaviorReport, type ReturnedNumbers, type Trend } from '../../../shared/report/model.ts'
import { identifier, row, rows, type DuckDBConnection } from '../store/database.ts'
import { attributeColumn } from '../store/mapping-sql.ts'
import { readMatchVolume } from '../store/match-statistics.ts'
import { allEvents, loadAttributes } from '../store/read-events.ts'

/** Lengths of a bar of the trend that people think in, in microseconds. */
const lengths = [1, 5, 10, 30, 60, 300, 600, 1800, 3600, 10_800, 21_600, 43_200, 86_400, 604_800, 2_592_000, 31_536_000].map((seconds) => BigInt(seconds) * 1_000_000n)
const mostBars = 130n
/** A user who does it more often than this counts as one of many times. */
const manyTimes = 10

/** From the start of the first match of a run to the end of the last; undefined without a match. */
export async function readSpan(connection: DuckDBConnection, run: number): Promise<BehaviorReport['span']> {
  const { first, last } = await row(connection, `SELECT epoch_us(min(start)) AS first, epoch_us(max("end")) AS last FROM matches WHERE run = ${run}`)
  return first === null || last === null ? undefined : { first: first as bigint, last: last as bigint }
}

/** The matches of a run over time, in bars of a length that people think in; bars without a match are there too. */
export async function readTrend(connection: DuckDBConnection, run: number): Promise<Trend> {
  const { first, last } = await row(connection, `SELECT epoch_us(min("end")) AS first, epoch_us(max("end")) AS last FROM matches WHERE run = ${run}`)
  if (first === null || last === null) return { resolution: 1_000_000n, buckets: [] }
  const span = (last as bigint) - (first as bigint)
  const resolution = lengths.find((length) => span <= length * mostBars) ?? span / mostBars + 1n
  const known = new Map((await readMatchVolume(connection, run, resolution)).map((one) => [one.bucket, one]))
  const begin = floor(first as bigint, resolution)
  const buckets = Array.from({ length: Number((floor(last as bigint, resolution) - begin) / resolution) + 1 }, (_, index) => {
    const start = begin + BigInt(index) * resolution
    const one = known.get(start)
    return { start, confirmed: one?.confirmed ?? 0, pending: one?.pending ?? 0, users: one?.users ?? 0 }
  })
  return { resolution, buckets }
}

function floor(time: bigint, resolution: bigint): bigint {
  return time - (((time % resolution) + resolution) % resolution)
}

/** How long the matches of a run took from their first event to their last, at {@link reportShares}. */
export async function readDuration(connection: DuckDBConnection, run: number): Promise<readonly number[] | undefined> {
  const { shares } = await row(connection, `SELECT quantile_disc(epoch_us("end") - epoch_us(start), [${reportShares.join(', ')}]) AS shares FROM matches WHERE run = ${run}`)
  return shares === null ? undefined : listOf(shares).map(Number)
}

/** How many users did it once, twice, and so on. */
export async function readPerUser(connection: DuckDBConnection, run: number): Promise<NonNullable<BehaviorReport['perUser']>> {
  const found = await rows(connection, `SELECT least(n, ${manyTimes})::INTEGER AS times, count(*)::INTEGER AS users, max(n) > ${manyTimes} AS more FROM (SELECT user, count(*) AS n FROM matches WHERE run = ${run} AND user IS NOT NULL GROUP BY user) GROUP BY times ORDER BY times`)
  return found.map(({ times, users, more }) => ({ times: times as number, users: users as number, orMore: more as boolean }))
}

/** The returned numbers of a run, by their names. Those that are no numbers are left out. */
export async function readReturns(connection: DuckDBConnection, run: number, names: readonly string[], durations: ReadonlySet<string>): Promise<readonly ReturnedNumbers[]> {
  const read = names.map(async (name): Promise<readonly ReturnedNumbers[]> => {
    const found = await row(
      connection,
      `SELECT count(v)::INTEGER AS n, min(v) AS least, max(v) AS most, avg(v) AS mean, quantile_disc(v, [${reportShares.join(', ')}]) AS shares
       FROM (SELECT CASE WHEN json_type(returns, $1) IN ('BIGINT', 'UBIGINT', 'HUGEINT', 'DOUBLE') THEN (returns ->> $1)::DOUBLE END AS v FROM matches WHERE run = ${run})`,
      [jsonPath(name)],
    )
    if (found.n === 0) return []
    return [{ name, isDuration: durations.has(name), count: found.n as number, least: found.least as number, most: found.most as number, mean: found.mean as number, percentiles: listOf(found.shares).map(Number) }]
  })
  return (await Promise.all(read)).flat()
}

/** A name as a path of JSON. */
export function jsonPath(name: string): string {
  return `$."${name.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}

/** How many matches of a run have an event that came late. */
export async function countLate(connection: DuckDBConnection, run: number): Promise<number> {
  const { any } = await row(connection, `SELECT EXISTS (FROM ${allEvents} e WHERE e.late) AS any`)
  if (any !== true) return 0
  const { n } = await row(
    connection,
    `SELECT count(DISTINCT id)::INTEGER AS n FROM (SELECT id, unnest(json_extract(steps, '$[*]')) AS step FROM matches WHERE run = ${run})
     JOIN sources s ON s.name = (step ->> 3)
     JOIN (SELECT source, partition, "offset" FROM ${allEvents} WHERE late) e ON e.source = s.code AND e.partition = (step ->> 5)::INTEGER AND e."offset" = (step ->> 6)::BIGINT`,
  )
  return n as number
}

/** How many different values a key field has in all events. */
export async function countPopulation(connection: DuckDBConnection, column: string): Promise<number> {
  return (await row(connection, `SELECT count(DISTINCT v)::INTEGER AS n FROM (SELECT ${column} AS v FROM ${allEvents} e)`)).n as number
}

/** Attributes of the first events of a run's matches, in a table that {@link readValues} asks. */
export async function makeFirstEvents(connection: DuckDBConnection, run: number): Promise<readonly { readonly name: string; readonly type: Attribute['type']; readonly distinct: number }[]> {
  const attributes = await loadAttributes(connection)
  const columns = attributes.map(({ column }) => `, e.${identifier(column)}`).join('')
  await connection.run(`CREATE OR REPLACE TEMP TABLE first_events AS
    WITH first AS (SELECT user, steps ->> '$[0][3]' AS source, (steps ->> '$[0][5]')::INTEGER AS partition, (steps ->> '$[0][6]')::BIGINT AS "offset" FROM matches WHERE run = ${run})
    SELECT f.user AS matched_user${columns} FROM first f JOIN sources s ON s.name = f.source LEFT JOIN ${allEvents} e ON e.source = s.code AND e.partition = f.partition AND e."offset" = f."offset"`)
  if (attributes.length === 0) return []
  const counts = await row(connection, `SELECT ${attributes.map(({ column }, index) => `count(DISTINCT ${identifier(column)})::INTEGER AS d${index}`).join(', ')} FROM first_events`)
  return attributes.map(({ column, type }, index) => ({ name: column.slice(2), type, distinct: counts[`d${index}`] as number }))
}

/** How many different pairs of a value and a user there are in {@link makeFirstEvents}, for each of these attributes. */
export async function countPairs(connection: DuckDBConnection, attributes: readonly string[]): Promise<readonly number[]> {
  if (attributes.length === 0) return []
  const counts = await row(connection, `SELECT ${attributes.map((name, index) => `(SELECT count(*)::INTEGER FROM (SELECT DISTINCT ${identifier(attributeColumn(name))} AS v, matched_user FROM first_events) WHERE v IS NOT NULL) AS n${index}`).join(', ')}`)
  return attributes.map((_, index) => counts[`n${index}`] as number)
}

/** The most frequent values of an attribute in {@link makeFirstEvents}. */
export async function readValues(connection: DuckDBConnection, attribute: string, limit: number): Promise<readonly { readonly value: string | null; readonly occurrences: number; readonly users: number }[]> {
  const column = identifier(attributeColumn(attribute))
  return (await rows(connection, `SELECT ${column}::VARCHAR AS value, count(*)::INTEGER AS occurrences, count(DISTINCT matched_user)::INTEGER AS users FROM first_events GROUP BY value ORDER BY occurrences DESC, value LIMIT ${limit}`)) as unknown as readonly { readonly value: string | null; readonly occurrences: number; readonly users: number }[]
}

/**
 * The values of a number in {@link makeFirstEvents} by ranges with round bounds, from the least on; matches without a value
 * come last.
 */
export async function readRanges(connection: DuckDBConnection, attribute: string): Promise<Awaited<ReturnType<typeof readValues>>> {
  const column = identifier(attributeColumn(attribute))
  const { low, high } = await row(connection, `SELECT quantile_disc(${column}, 0.05)::DOUBLE AS low, quantile_disc(${column}, 0.95)::DOUBLE AS high FROM first_events WHERE isfinite(${column}::DOUBLE)`)
  const bounds = low === null ? [] : roundBounds(low as number, high as number)
  // how many of them a value has reached says its range
  const range = bounds.length === 0 ? '0' : bounds.map((_, index) => `(${column} >= $${index + 1})::INTEGER`).join(' + ')
  const counted = await rows(connection, `SELECT CASE WHEN ${column} IS NULL THEN NULL ELSE ${range} END AS reached, count(*)::INTEGER AS occurrences, count(DISTINCT matched_user)::INTEGER AS users FROM first_events GROUP BY reached ORDER BY reached NULLS LAST`, [...bounds])
  return counted.map(({ reached, occurrences, users }) => ({ value: reached === null ? null : rangeName(bounds, reached as number), occurrences: occurrences as number, users: users as number }))
}

/** The items of a list, however the driver hands it over. */
function listOf(value: unknown): readonly (number | bigint)[] {
  return typeof value === 'object' && value !== null && 'items' in value ? (value as { readonly items: readonly (number | bigint)[] }).items : (value as readonly (number | bigint)[])
}
