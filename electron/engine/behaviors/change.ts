import { AppError } from '../../../shared/errors.ts'
import type { Match } from '../../../shared/model/match.ts'
import { matchOfRow } from '../../../shared/model/match-row.ts'
import type { NewRange } from '../store/coverage.ts'
import type { DuckDBConnection } from '../store/database.ts'
import { fieldsOf, numberSequences, partOfWindow, readWindow, type LiveWindow, type NumberedSequences, type WindowPart } from '../store/live-window.ts'
import { keyText, readMatchesOfKeys, signatureOf, textsOf, type StoredRow } from '../store/matches.ts'
import { keyTexts, positionsOf, type LoadedColumns } from '../store/read-columns.ts'
import { takeRows } from '../store/take-rows.ts'
import type { Store } from '../store/store.ts'
import { matchPart, keysFrom, type SequencePlan } from './detect.ts'
import { horizonOf } from './horizon.ts'

/** A behavior whose matches are kept up to date, and the run that they are stored under. */
export interface Followed {
  readonly plan: SequencePlan
  readonly run: number
}

/** What events that came do to the matches of a behavior. */
export interface Change {
  /** The numbers of matches that are no more. */
  readonly removed: readonly number[]
  readonly added: readonly Match[]
  /** How many events came that the behavior looks at. */
  readonly events: number
}

/** No change. */
export const nothing: Change = { removed: [], added: [], events: 0 }

/**
 * Decides anew what events in some ranges touch: the sequences of their keys, from as far back as a start can still
 * depend on them. Matches that began before stay as they are, and the search goes on behind them, so that the outcome is
 * what reading everything anew would give. Events are read once for all behaviors that have the same first key field and
 * reach back without end, or not.
 *
 * @param ranges what came since the matches of the runs were found
 * @param oldest microseconds: events before it have been removed, and matches from before it are left alone
 * @returns for each behavior, in their order, a change, or why it is too expensive: the others are not harmed by it
 */
export async function findChanges(store: Store, connection: DuckDBConnection, followed: readonly Followed[], ranges: readonly NewRange[], watermark: number, oldest: number): Promise<readonly (Change | AppError)[]> {
  const changes = new Map<Followed, Change | AppError>()
  if (ranges.length > 0) {
    const groups = new Map<string, Followed[]>()
    for (const one of followed) {
      const group = `${Number.isFinite(horizonOf(one.plan.body))} ${one.plan.request.by[0]?.column ?? ''}`
      groups.set(group, [...(groups.get(group) ?? []), one])
    }
    for (const group of groups.values()) for (const [one, change] of await changesOf(store, connection, group, ranges, watermark, oldest)) changes.set(one, change)
  }
  return followed.map((one) => changes.get(one) ?? nothing)
}

async function changesOf(store: Store, connection: DuckDBConnection, group: readonly Followed[], ranges: readonly NewRange[], watermark: number, oldest: number): Promise<ReadonlyMap<Followed, Change | AppError>> {
  const changes = new Map<Followed, Change | AppError>()
  const requests = group.map(({ plan }) => plan.request)
  const lead = requests[0]?.by[0]
  if (lead === undefined) return changes
  const types = requests.some((request) => request.types === undefined) ? undefined : [...new Set(requests.flatMap((request) => request.types ?? []))]
  const horizon = Math.max(...group.map(({ plan }) => horizonOf(plan.body)))
  const window = await readWindow(connection, { ranges, lead, fields: requests.flatMap(({ by, fields }) => [...by, ...fields]), types, horizon })
  if (window === undefined) return changes
  const texts = await textsOfKeys(store, window.fields)
  const sequences = new Map<string, KeyedSequences>()
  const parts: { readonly followed: Followed; readonly part: WindowPart; readonly keyed: KeyedSequences }[] = []
  for (const followed of group) {
    const { plan } = followed
    const by = JSON.stringify(plan.request.by)
    const keyed = sequences.get(by) ?? keySequences(window, plan, texts)
    sequences.set(by, keyed)
    const part = partOfWindow(window, plan.request, keyed, horizonOf(plan.body), oldest)
    if (part !== undefined) parts.push({ followed, part, keyed })
  }
  const least = Math.min(...parts.map(({ part }) => part.from))
  if (parts.length === 0) return changes
  const touched = new Set(parts.flatMap(({ part, keyed }) => [...part.numbers].map((number) => keyed.texts[number] as string)))
  const old = await readMatchesOfKeys(connection, parts.map(({ followed }) => followed.run), [...touched], least)
  for (const { followed, part, keyed } of parts) {
    try {
      changes.set(followed, await changeOf(store, followed, part, keyed, old.get(followed.run) ?? [], watermark))
    } catch (error) {
      if (!(error instanceof AppError && error.code === 'BAD_REQUEST')) throw error
      changes.set(followed, error)
    }
  }
  return changes
}

/** The sequences of a window by the fields of a behavior, with their keys and the texts of these, by number. */
interface KeyedSequences extends NumberedSequences {
  readonly keys: readonly Match['key'][]
  readonly texts: readonly string[]
}

function keySequences(window: LiveWindow, plan: SequencePlan, texts: ReadonlyMap<number, string>): KeyedSequences {
  const numbered = numberSequences(window, plan.request.by)
  const keys = keysFrom(plan, { fields: fieldsOf(window, plan.request.by) }, numbered.firstRows, texts)
  return { ...numbered, keys, texts: keys.map(keyText) }
}

async function changeOf(store: Store, { plan }: Followed, { columns, from, events, numbers }: WindowPart, keyed: KeyedSequences, stored: readonly StoredRow[], watermark: number): Promise<Change> {
  const keys = [...numbers].map((number) => keyed.keys[number] as Match['key'])
  const texts = [...numbers].map((number) => keyed.texts[number] as string)
  const touched = new Set(texts)
  const old = stored.filter(({ end, key }) => Number(end) >= from && touched.has(key))
  const kept = old.filter(({ start }) => Number(start) < from)
  const rest = plan.body.skip === 'overlap' ? columns : behindMatches(store, columns, texts, kept)
  const found: Match[] = []
  for await (const part of matchPart(store, plan, rest, watermark, keys)) found.push(...part.matches)
  return { ...compare(old.filter(({ start }) => Number(start) >= from), found), events }
}

/** The texts of all keys that a window has by their codes. */
async function textsOfKeys(store: Store, fields: LiveWindow['fields']): Promise<ReadonlyMap<number, string>> {
  const codes = new Set<number>()
  for (const [id, field] of fields) if (id.startsWith('key ') && field.kind === 'text') for (const code of field.codes) if (code !== -1) codes.add(code)
  const all = [...codes]
  const texts = all.length === 0 ? [] : await keyTexts(store.database, all)
  return new Map(all.map((code, index) => [code, texts[index] ?? '']))
}

/** What is no more, and what is new. Matches are compared as they are stored: most stay, and reading their texts would take longer than all the rest. */
function compare(old: readonly StoredRow[], found: readonly Match[]): Pick<Change, 'removed' | 'added'> {
  const known = new Map<string, number[]>()
  for (const stored of old) {
    const signature = signatureOf(stored)
    const same = known.get(signature)
    if (same === undefined) known.set(signature, [stored.id])
    else same.push(stored.id)
  }
  const added = found.filter((match) => known.get(signatureOf(textsOf(match)))?.pop() === undefined)
  return { removed: [...known.values()].flat(), added }
}

/** The events of each sequence that lie behind the matches that stay: where the search goes on. */
function behindMatches(store: Store, columns: LoadedColumns, keys: readonly string[], kept: readonly StoredRow[]): LoadedColumns {
  if (kept.length === 0) return columns
  const codes = new Map(store.listSources().map(({ name, code }) => [name, code]))
  const lastOf = new Map<string, Match['steps'][number][]>()
  for (const row of kept) lastOf.set(row.key, [...(lastOf.get(row.key) ?? []), ...matchOfRow({ ...row, behavior: '' }).steps.slice(-1)])
  const keep = new Uint8Array(columns.length).fill(1)
  const places = positionsOf(columns)
  for (const [sequence, key] of keys.entries()) {
    const first = columns.starts[sequence] as number
    for (const { source, position } of lastOf.get(key) ?? []) {
      for (let at = first; at < (columns.starts[sequence + 1] as number); at++) {
        if (places.offset[at] !== Number(position.offset) || places.partition[at] !== position.partition || places.source[at] !== codes.get(source)) continue
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
  return takeRows(columns, rows.subarray(0, length), starts)
}
