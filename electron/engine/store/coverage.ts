import type { Coverage } from '../../../shared/model/coverage.ts'
import { rows, type DuckDBConnection } from './database.ts'
import type { Range, Ranges } from './ranges.ts'
import { loadPartitions } from './partitions.ts'
import type { StoredSource } from './sources.ts'

/** Offsets of one partition that came since. */
export interface NewRange extends Range {
  readonly source: number
  readonly partition: number
}

/** What has come since: nothing but new offsets, or more than that (`undefined`), so that all must be computed anew. */
export type Since = readonly NewRange[] | undefined

/** What the workspace has now, as the connection's transaction sees it. */
export async function readCoverage(connection: DuckDBConnection, sources: readonly StoredSource[]): Promise<Coverage> {
  const partitions: Coverage['partitions'] = []
  for (const { code } of sources) {
    for (const [partition, { events, ranges }] of await loadPartitions(connection, code)) {
      partitions.push({ source: code, partition, events, ranges: ranges.map(({ first, next }) => [String(first), String(next)]) })
    }
  }
  return { mappings: Object.fromEntries(sources.map(({ code, mapping, format }) => [String(code), JSON.stringify([mapping, format])])), partitions }
}

/**
 * The watermark of the workspace in microseconds, as the connection's transaction sees it: the newest event less what its
 * source allows; the least over the sources that are being read, and the greatest of all where none is. -Infinity without
 * events.
 */
export async function readWatermark(connection: DuckDBConnection, sources: readonly StoredSource[], isRunning: (source: string) => boolean): Promise<number> {
  const newest = new Map((await rows(connection, 'SELECT source, epoch_us(max(newest_time)) AS newest FROM partitions WHERE newest_time IS NOT NULL GROUP BY source')).map((row) => [row.source as number, Number(row.newest)]))
  const watermarks = sources.flatMap(({ code, name, latenessMs }) => {
    const time = newest.get(code)
    return time === undefined ? [] : [{ name, time: time - latenessMs * 1000 }]
  })
  const running = watermarks.filter(({ name }) => isRunning(name)).map(({ time }) => time)
  return running.length > 0 ? Math.min(...running) : Math.max(Number.NEGATIVE_INFINITY, ...watermarks.map(({ time }) => time))
}

/**
 * What has come between two states of the workspace. A mapping that was changed, and an event that appeared where had
 * been none (a dead letter that could be decoded in the end), are told by `undefined`.
 */
export async function since(connection: DuckDBConnection, covered: Coverage, now: Coverage): Promise<Since> {
  for (const [source, mapping] of Object.entries(covered.mappings)) if (now.mappings[source] !== mapping) return undefined
  const news: NewRange[] = []
  for (const { source, partition, events, ranges } of now.partitions) {
    const before = covered.partitions.find((one) => one.source === source && one.partition === partition)
    const added = subtract(toRanges(ranges), toRanges(before?.ranges ?? [])).map((range): NewRange => ({ source, partition, ...range }))
    const came = events - (before?.events ?? 0)
    if (added.length === 0 ? came !== 0 : (await countEvents(connection, added)) !== came) return undefined
    news.push(...added)
  }
  return news
}

/** The events in ranges, as a condition on `e`. */
export function inRanges(ranges: readonly NewRange[]): string {
  return `(${ranges.map(({ source, partition, first, next }) => `(e.source = ${source} AND e.partition = ${partition} AND e."offset" >= ${first} AND e."offset" < ${next})`).join(' OR ')})`
}

async function countEvents(connection: DuckDBConnection, ranges: readonly NewRange[]): Promise<number> {
  const [found] = await rows(connection, `SELECT sum(n)::BIGINT AS n FROM (SELECT count(*) AS n FROM recent e WHERE ${inRanges(ranges)} UNION ALL SELECT count(*) FROM events e WHERE ${inRanges(ranges)})`)
  return Number(found?.n ?? 0)
}

function toRanges(texts: readonly (readonly [string, string])[]): Ranges {
  return texts.map(([first, next]) => ({ first: BigInt(first), next: BigInt(next) }))
}

/** What of the first lies in none of the second; both ordered and without overlap. */
export function subtract(ranges: Ranges, taken: Ranges): Ranges {
  return ranges.flatMap(({ first, next }) => {
    const left: Range[] = []
    let from = first
    for (const other of taken) {
      if (other.next <= from || other.first >= next) continue
      if (other.first > from) left.push({ first: from, next: other.first })
      from = other.next
    }
    if (from < next) left.push({ first: from, next })
    return left
  })
}
