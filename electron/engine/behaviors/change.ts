import type { Match } from '../../../shared/model/match.ts'
import { inRanges, type NewRange } from '../store/coverage.ts'
import { row, type DuckDBConnection } from '../store/database.ts'
import { keyText, readMatchesOfKeys, type StoredMatch } from '../store/matches.ts'
import { conditionFor, readColumnsOn, type LoadedColumns } from '../store/read-columns.ts'
import { allEvents } from '../store/read-events.ts'
import type { Store } from '../store/store.ts'
import { keysOf, matchPart, type SequencePlan } from './detect.ts'
import { horizonOf } from './horizon.ts'

/** What events that came do to the matches of a behavior. */
export interface Change {
  readonly removed: readonly StoredMatch[]
  readonly added: readonly Match[]
  /** How many events came that the behavior looks at. */
  readonly events: number
}

const nothing: Change = { removed: [], added: [], events: 0 }

/**
 * Decides anew what events in some ranges touch: the sequences of their keys, from as far back as a start can still
 * depend on them. Matches that began before stay as they are, and the search goes on behind them, so that the outcome is
 * what reading everything anew would give.
 *
 * @param ranges what came since the matches of `run` were found
 * @param oldest microseconds: events before it have been removed, and matches from before it are left alone
 */
export async function findChange(store: Store, connection: DuckDBConnection, plan: SequencePlan, run: number, ranges: readonly NewRange[], watermark: number, oldest: number): Promise<Change> {
  const { behavior, body, request } = plan
  const wanted = await conditionFor(connection, request)
  if (wanted === undefined || ranges.length === 0) return nothing
  const names = request.by.map((_, index) => `k${index}`)
  await connection.run(`CREATE OR REPLACE TEMP TABLE affected AS SELECT ${request.by.map(({ column }, index) => `${column} AS ${names[index] ?? ''}`).join(', ')}, min(e.time) AS first, count(*) AS n
    FROM ${allEvents} e WHERE ${inRanges(ranges)} AND ${wanted} GROUP BY ${names.join(', ')}`)
  const came = await row(connection, 'SELECT coalesce(sum(n), 0)::DOUBLE AS events, epoch_us(min(first))::DOUBLE AS first FROM affected')
  const events = came.events as number
  if (events === 0) return nothing
  const from = Math.max(oldest, (came.first as number) - horizonOf(body))
  const only = [`(${request.by.map(({ column }) => column).join(', ')}) IN (SELECT (${names.join(', ')}) FROM affected)`, ...(Number.isFinite(from) ? [`e.time >= make_timestamp(${from})`] : [])].join(' AND ')
  const removed: StoredMatch[] = []
  const added: Match[] = []
  for await (const columns of readColumnsOn(connection, { ...request, only })) {
    const firstRows = [...columns.starts.subarray(0, -1)]
    const keys = (await keysOf(store, plan, columns, firstRows)).map(keyText)
    const old = await readMatchesOfKeys(connection, behavior.name, run, keys, from)
    const kept = old.filter(({ match }) => match.start < from)
    const found: Match[] = []
    const rest = body.skip === 'overlap' ? columns : behindMatches(store, columns, keys, kept)
    for await (const part of matchPart(store, plan, rest, watermark)) found.push(...part.matches)
    compare(old.filter(({ match }) => match.start >= from), found, removed, added)
  }
  return { removed, added, events }
}

/** Puts what is no more into `removed` and what is new into `added`. */
function compare(old: readonly StoredMatch[], found: readonly Match[], removed: StoredMatch[], added: Match[]): void {
  const known = new Map<string, StoredMatch[]>()
  for (const one of old) {
    const text = signature(one.match)
    known.set(text, [...(known.get(text) ?? []), one])
  }
  for (const match of found) if (known.get(signature(match))?.pop() === undefined) added.push(match)
  for (const left of known.values()) removed.push(...left)
}

function signature({ key, until, tied, steps, returns }: Match): string {
  return JSON.stringify([key, String(until), tied, steps.map(({ label, source, position }) => [label, source, position.partition, String(position.offset)]), returns])
}

/** The events of each sequence that lie behind the matches that stay: where the search goes on. */
function behindMatches(store: Store, columns: LoadedColumns, keys: readonly string[], kept: readonly StoredMatch[]): LoadedColumns {
  if (kept.length === 0) return columns
  const codes = new Map(store.listSources().map(({ name, code }) => [name, code]))
  const lastOf = new Map<string, Match['steps'][number][]>()
  for (const { match } of kept) lastOf.set(keyText(match.key), [...(lastOf.get(keyText(match.key)) ?? []), ...match.steps.slice(-1)])
  const keep = new Uint8Array(columns.length).fill(1)
  for (const [sequence, key] of keys.entries()) {
    const first = columns.starts[sequence] as number
    for (const { source, position } of lastOf.get(key) ?? []) {
      for (let at = first; at < (columns.starts[sequence + 1] as number); at++) {
        if (columns.offset[at] !== Number(position.offset) || columns.partition[at] !== position.partition || columns.source[at] !== codes.get(source)) continue
        keep.fill(0, first, at + 1)
        break
      }
    }
  }
  return onlyRows(columns, keep)
}

/** The rows that are marked, in sequences as they were. */
function onlyRows(columns: LoadedColumns, keep: Uint8Array): LoadedColumns {
  const starts = new Int32Array(columns.starts.length)
  const rows = new Int32Array(columns.length)
  let length = 0
  for (let sequence = 0; sequence + 1 < columns.starts.length; sequence++) {
    starts[sequence] = length
    for (let at = columns.starts[sequence] as number; at < (columns.starts[sequence + 1] as number); at++) if (keep[at] === 1) rows[length++] = at
  }
  starts[starts.length - 1] = length
  const taken = rows.subarray(0, length)
  const integers = (values: Int32Array): Int32Array => Int32Array.from(taken, (at) => values[at] as number)
  const doubles = (values: Float64Array): Float64Array => Float64Array.from(taken, (at) => values[at] as number)
  return {
    ...columns,
    length,
    starts,
    time: doubles(columns.time),
    type: integers(columns.type),
    source: integers(columns.source),
    partition: integers(columns.partition),
    offset: doubles(columns.offset),
    fields: new Map([...columns.fields].map(([path, field]) => [path, field.kind === 'text' ? { ...field, codes: integers(field.codes) } : { ...field, values: doubles(field.values) }])),
  }
}
