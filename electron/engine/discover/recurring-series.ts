import type { RecurringQuestion } from '../../../shared/model/discovery.ts'
import type { Traffic } from '../../../shared/discover/recurring/traffic.ts'
import { identifier, row, rows, type DuckDBConnection } from '../store/database.ts'
import { allEvents, loadAttributes } from '../store/read-events.ts'

/** The events of one type, with one value of an attribute or of one key where these are given. */
export interface Series {
  /** Its number in the table of its kind. */
  readonly number: number
  readonly type: string
  readonly attribute?: string
  readonly value?: string
  readonly key?: string
  readonly events: number
}

/** Series that are told apart by the same column; which ones is kept in a temporary table, so that no value becomes SQL. */
export interface SeriesKind {
  readonly table: string
  /** What tells series of one type apart, in SQL of our own making. */
  readonly field: string
  readonly series: readonly Series[]
}

/** The traffic is counted in buckets of this width, in microseconds; bursts are told apart by more, so that their bounds suffice. */
export const bucketWidth = 300_000_000
/** Fewer events, or events closer together, cannot come back often enough. */
const leastEvents = 5
const leastSpan = (leastEvents - 1) * 3_600_000_000
/** An attribute with more values is a name of single things. */
const mostValues = 500
/** So many series of each kind are looked at, those with the most events. */
export const mostSeries = 300
/** Further back than ten years before the newest, a time is a mistake of a clock. */
const mostBuckets = (3650 * 86_400_000_000) / bucketWidth

export const bucket = `(epoch_us(e.time) // ${bucketWidth})`

/** What SQL asks of events in a range of time. */
export function inRange({ from, to }: Pick<RecurringQuestion, 'from' | 'to'>): string {
  return ['e.time IS NOT NULL', ...(from === undefined ? [] : [`e.time >= make_timestamp(${from})`]), ...(to === undefined ? [] : [`e.time < make_timestamp(${to})`])].join(' AND ')
}

/** All events, in buckets; undefined where there are none. */
export async function readTraffic(connection: DuckDBConnection, where: string, until: number): Promise<(Traffic & { readonly events: number }) | undefined> {
  const bounds = await row(connection, `SELECT count(*)::DOUBLE AS n, min(epoch_us(e.time))::DOUBLE AS first, max(epoch_us(e.time))::DOUBLE AS last FROM ${allEvents} e WHERE ${where}`)
  if (bounds.n === 0) return undefined
  const last = Math.floor(Math.min(bounds.last as number, Math.max(until, bounds.first as number)) / bucketWidth)
  const first = Math.max(Math.floor((bounds.first as number) / bucketWidth), last - mostBuckets)
  const counts = new Float64Array(last - first + 1)
  for (const one of await rows(connection, `SELECT ${bucket}::DOUBLE AS b, count(*)::DOUBLE AS n FROM ${allEvents} e WHERE ${where} GROUP BY 1`)) {
    const at = (one.b as number) - first
    if (at >= 0 && at < counts.length) counts[at] = one.n as number
  }
  return { from: first * bucketWidth, width: bucketWidth, counts, events: bounds.n as number }
}

/** Chooses the series of the kinds that are asked for; {@link dropSeries} takes back what it leaves in the connection. */
export async function chooseSeries(connection: DuckDBConnection, where: string, by: RecurringQuestion['by']): Promise<{ readonly kinds: readonly SeriesKind[]; readonly notes: readonly string[] }> {
  const [kinds, notes]: [SeriesKind[], string[]] = [[], []]
  const add = async (name: string, field: string, text: string, make: (text: string) => Pick<Series, 'attribute' | 'value' | 'key'>): Promise<void> => {
    const table = `recurring_series_${kinds.length}`
    await connection.run(`CREATE OR REPLACE TEMPORARY TABLE ${table} AS SELECT (row_number() OVER (ORDER BY n DESC, type, value) - 1)::INTEGER AS series, * FROM (
      SELECT e.type, ${field} AS value, count(*)::DOUBLE AS n FROM ${allEvents} e WHERE ${where} AND ${field} IS NOT NULL GROUP BY ALL
      HAVING n >= ${leastEvents} AND epoch_us(max(e.time)) - epoch_us(min(e.time)) >= ${leastSpan}) ORDER BY series LIMIT ${mostSeries + 1}`)
    const found = await rows(connection, `SELECT s.series, t.type AS name, ${text} AS text, s.n FROM ${table} s JOIN types t ON t.code = s.type ORDER BY s.series`)
    if (found.length > mostSeries) {
      notes.push(`Of ${name} only the ${mostSeries} with the most events were looked at.`)
      await connection.run(`DELETE FROM ${table} WHERE series >= ${mostSeries}`)
    }
    kinds.push({ table, field, series: found.slice(0, mostSeries).map((one) => ({ number: one.series as number, type: one.name as string, events: one.n as number, ...make(one.text as string) })) })
  }
  if (by.includes('type')) await add('types', 'e.type', 'NULL', () => ({}))
  if (by.includes('attribute')) {
    for (const { attribute, field, values } of await textAttributes(connection, where)) {
      if (values > mostValues) notes.push(`${attribute} has too many values to be looked at one by one (more than ${mostValues}).`)
      else await add(`types with a value of ${attribute}`, field, 's.value', (value) => ({ attribute, value }))
    }
  }
  if (by.includes('key')) await add('types of single keys', 'e.key', '(SELECT k.key FROM keys k WHERE k.code = s.value)', (key) => ({ key }))
  return { kinds, notes }
}

/** Drops the tables of {@link chooseSeries}: connections are used again. */
export async function dropSeries(connection: DuckDBConnection, kinds: readonly SeriesKind[]): Promise<void> {
  for (const { table } of kinds) await connection.run(`DROP TABLE IF EXISTS ${table}`)
}

/** How many users the events of some series of a kind have, by the number of the series. */
export async function countUsers(connection: DuckDBConnection, where: string, { table, field }: SeriesKind, numbers: readonly number[]): Promise<ReadonlyMap<number, number>> {
  if (numbers.length === 0) return new Map()
  const found = await rows(connection, `SELECT s.series, count(DISTINCT e.key)::DOUBLE AS users FROM ${allEvents} e JOIN ${table} s ON s.type = e.type AND s.value = ${field} WHERE ${where} AND s.series IN (${numbers.join(', ')}) GROUP BY ALL`)
  return new Map(found.map(({ series, users }) => [series as number, users as number]))
}

async function textAttributes(connection: DuckDBConnection, where: string): Promise<readonly { readonly attribute: string; readonly field: string; readonly values: number }[]> {
  const attributes = (await loadAttributes(connection)).filter(({ type }) => type === 'text').map(({ column }) => ({ attribute: column.slice(2), field: `e.${identifier(column)}` }))
  if (attributes.length === 0) return []
  const counted = await row(connection, `SELECT ${attributes.map(({ field }, at) => `approx_count_distinct(${field})::DOUBLE AS n${at}`).join(', ')} FROM ${allEvents} e WHERE ${where}`)
  return attributes.map((one, at) => ({ ...one, values: counted[`n${at}`] as number }))
}
