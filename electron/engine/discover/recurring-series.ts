import type { RecurringQuestion } from '../../../shared/model/discovery.ts'
import type { Traffic } from '../../../shared/discover/recurring/traffic.ts'
import { identifier, row, rows, type DuckDBConnection } from '../store/database.ts'
import { allEvents, loadAttributes } from '../store/read-events.ts'

/** The events of one type, with one value of an attribute or of one key where these are given. */
export interface Series {
  readonly type: string
  readonly attribute?: string
  readonly value?: string
  readonly key?: string
  readonly events: number
  readonly users: number
  readonly typeCode: number
  readonly keyCode?: number
}

/** The events of a series by buckets of time, the earlier first: microseconds. */
export interface Buckets {
  readonly counts: readonly { readonly from: number; readonly count: number; readonly first: number; readonly last: number }[]
}

/** The traffic is counted in buckets of this width; bursts are told apart by more, so that their bounds suffice. */
export const bucketWidth = 300_000_000
const leastEvents = 5
/** An attribute with more values is a name of single things. */
const mostValues = 500
/** So many series of each kind are looked at, those with the most events. */
export const mostSeries = 300
/** Further back than ten years before the newest, a time is a mistake of a clock. */
const mostBuckets = (3650 * 86_400_000_000) / bucketWidth

const bucket = `(epoch_us(e.time) // ${bucketWidth})`

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

/** The series with enough events, of the kinds that are asked for. */
export async function findSeries(connection: DuckDBConnection, where: string, by: RecurringQuestion['by']): Promise<{ readonly series: readonly Series[]; readonly notes: readonly string[] }> {
  const [series, notes]: [Series[], string[]] = [[], []]
  const add = async (kind: string, fields: string, group: string, join: string, make: (found: Record<string, unknown>) => Omit<Series, 'events' | 'users' | 'type' | 'typeCode'>): Promise<void> => {
    const found = await rows(connection, `SELECT t.type AS name, x.* FROM (SELECT e.type AS code, ${fields}, count(*)::DOUBLE AS n, count(DISTINCT e.key)::DOUBLE AS users FROM ${allEvents} e WHERE ${where} AND ${group} IS NOT NULL
      GROUP BY e.type, ${group} HAVING count(DISTINCT ${bucket}) >= ${leastEvents}) x JOIN types t ON t.code = x.code ORDER BY n DESC, name, x.${join} LIMIT ${mostSeries + 1}`)
    if (found.length > mostSeries) notes.push(`Of ${kind} only the ${mostSeries} with the most events were looked at.`)
    for (const one of found.slice(0, mostSeries)) series.push({ type: one.name as string, typeCode: one.code as number, events: one.n as number, users: one.users as number, ...make(one) })
  }
  if (by.includes('type')) await add('types', 'e.type AS same', 'e.type', 'same', () => ({}))
  if (by.includes('attribute')) {
    for (const { column, type } of await loadAttributes(connection)) {
      if (type !== 'text') continue
      const field = `e.${identifier(column)}`
      const { n } = await row(connection, `SELECT approx_count_distinct(${field})::DOUBLE AS n FROM ${allEvents} e WHERE ${where}`)
      if ((n as number) > mostValues) notes.push(`${column.slice(2)} has too many values to be looked at one by one (more than ${mostValues}).`)
      else await add(`types with a value of ${column.slice(2)}`, `${field} AS value`, field, 'value', ({ value }) => ({ attribute: column.slice(2), value: value as string }))
    }
  }
  if (by.includes('key')) await add('types of single keys', 'e.key AS "keyCode", (SELECT k.key FROM keys k WHERE k.code = e.key) AS key', 'e.key', 'keyCode', ({ key, keyCode }) => ({ key: key as string, keyCode: keyCode as number }))
  return { series, notes }
}

/** The events of one series. */
export async function readBuckets(connection: DuckDBConnection, where: string, { typeCode, attribute, value, keyCode }: Series): Promise<Buckets> {
  const conditions = [where, `e.type = ${typeCode}`, ...(attribute === undefined ? [] : [`e.${identifier(`a_${attribute}`)} = $1`]), ...(keyCode === undefined ? [] : [`e.key = ${keyCode}`])]
  const found = await rows(
    connection,
    `SELECT (${bucket} * ${bucketWidth})::DOUBLE AS b, count(*)::DOUBLE AS n, min(epoch_us(e.time))::DOUBLE AS first, max(epoch_us(e.time))::DOUBLE AS last FROM ${allEvents} e WHERE ${conditions.join(' AND ')} GROUP BY 1 ORDER BY 1`,
    value === undefined ? [] : [value],
  )
  return { counts: found.map((one) => ({ from: one.b as number, count: one.n as number, first: one.first as number, last: one.last as number })) }
}
