import { episodeGap } from '../../../shared/discover/recurring/recur.ts'
import { densest, type Traffic } from '../../../shared/discover/recurring/traffic.ts'
import { arrowTables } from '../store/arrow.ts'
import type { DuckDBConnection } from '../store/database.ts'
import { allEvents } from '../store/read-events.ts'
import { bucket, bucketWidth, type Series, type SeriesKind } from './recurring-series.ts'

/** The events of a series by buckets of time, the earlier first; microseconds. */
export interface Buckets {
  readonly from: readonly number[]
  readonly counts: readonly number[]
  readonly first: readonly number[]
  readonly last: readonly number[]
}

/** The events of all series of a kind, in one pass over the store; one series at a time is held. */
export async function* readBuckets(connection: DuckDBConnection, where: string, { table, field, series }: SeriesKind): AsyncGenerator<readonly [Series, Buckets]> {
  if (series.length === 0) return
  const result = await connection.stream(`SELECT s.series::DOUBLE AS series, (${bucket} * ${bucketWidth})::DOUBLE AS b, count(*)::DOUBLE AS n, min(epoch_us(e.time))::DOUBLE AS first, max(epoch_us(e.time))::DOUBLE AS last
    FROM ${allEvents} e JOIN ${table} s ON s.type = e.type AND s.value = ${field} WHERE ${where} GROUP BY s.series, ${bucket} ORDER BY 1, 2`)
  let number = -1
  let buckets = emptyBuckets()
  for await (const part of arrowTables(result)) {
    const [numbers, from, counts, first, last] = [0, 1, 2, 3, 4].map((at) => part.getChildAt(at)?.toArray() as Float64Array) as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array]
    for (let at = 0; at < numbers.length; at++) {
      if (numbers[at] !== number) {
        if (number >= 0) yield [series[number] as Series, buckets]
        number = numbers[at] as number
        buckets = emptyBuckets()
      }
      buckets.from.push(from[at] as number)
      buckets.counts.push(counts[at] as number)
      buckets.first.push(first[at] as number)
      buckets.last.push(last[at] as number)
    }
  }
  if (number >= 0) yield [series[number] as Series, buckets]
}

function emptyBuckets(): { readonly [column in keyof Buckets]: number[] } {
  return { from: [], counts: [], first: [], last: [] }
}

/** Whether a series has events in so many of its buckets that it is not looked for periods in. */
export function isBusy({ from }: Buckets): boolean {
  const [first, last] = [from[0], from[from.length - 1]]
  return first !== undefined && last !== undefined && from.length / ((last - first) / bucketWidth + 1) > densest
}

/** The first events of bursts. */
export function episodesOf({ from: buckets, first, last }: Buckets, { from, width, counts }: Traffic): Float64Array {
  const end = from + width * counts.length
  const episodes: number[] = []
  let before = -Infinity
  for (const [at, start] of buckets.entries()) {
    if (start < from || start >= end) continue
    if ((first[at] as number) - before >= episodeGap) episodes.push(first[at] as number)
    before = last[at] as number
  }
  return Float64Array.from(episodes)
}

/** The traffic without the events of a series. */
export function others(traffic: Traffic, { from, counts: own }: Buckets): Traffic {
  const counts = traffic.counts.slice()
  for (const [index, start] of from.entries()) {
    const at = Math.round((start - traffic.from) / traffic.width)
    if (at >= 0 && at < counts.length) counts[at] = Math.max(0, (counts[at] as number) - (own[index] as number))
  }
  return { ...traffic, counts }
}
