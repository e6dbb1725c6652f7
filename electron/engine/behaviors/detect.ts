import { bindSequence } from '../../../shared/behavior/match/bind.ts'
import { matchColumns, type RowMatch } from '../../../shared/behavior/match/match.ts'
import type { Matches } from '../../../shared/behavior/match/matches.ts'
import { TooExpensive } from '../../../shared/behavior/match/too-expensive.ts'
import type { Behavior, SequenceBody } from '../../../shared/behavior/syntax.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Detection, Match, MatchStep, ReturnedValue } from '../../../shared/model/match.ts'
import type { DuckDBConnection } from '../store/database.ts'
import { keyTexts, positionsOf, readColumnsOn, storedFields, type ColumnRequest, type LoadedColumns } from '../store/read-columns.ts'
import { typeNames } from '../store/read-users.ts'
import type { StoredSource } from '../store/sources.ts'
import type { Store } from '../store/store.ts'
import { findChains } from './chains.ts'
import { columnsFor } from './resolve.ts'

/** So many matches are made into objects at a time. */
const fewMatches = 20_000

/** A sequence that is ready to be searched for in a store. */
export interface SequencePlan {
  readonly behavior: Behavior
  readonly body: SequenceBody
  /** What must be read for it. */
  readonly request: ColumnRequest
}

/** Part of what a sequence has given: whole keys, so that no match lies in two parts. */
export interface FoundPart {
  readonly matches: readonly Match[]
  /** Starts that events to come may still complete. */
  readonly open: number
  /** Events that were looked at. */
  readonly events: number
}

/** @throws AppError BAD_REQUEST for fields that the workspace does not have */
export async function planSequence(store: Store, behavior: Behavior, body: SequenceBody, signal?: AbortSignal): Promise<SequencePlan> {
  const known = await storedFields(store.database, signal)
  const types = await store.database.read(typeNames, signal)
  const keyNames = [...new Set(store.listSources().map(({ mapping }) => mapping.key))]
  return { behavior, body, request: columnsFor(behavior, body, known, keyNames, types) }
}

/**
 * Finds the matches of a sequence in what a connection sees, part by part. Parts follow the order in which sequences are
 * read; matches of one part are not in order.
 *
 * @param watermark microseconds; -Infinity when nothing is certain
 * @throws AppError BAD_REQUEST for a pattern that is too expensive
 */
export async function* findMatches(store: Store, connection: DuckDBConnection, plan: SequencePlan, watermark: number): AsyncGenerator<FoundPart> {
  for await (const columns of readColumnsOn(connection, { ...plan.request, positions: true })) yield* matchPart(store, plan, columns, watermark)
}

/** Finds the matches of a sequence in columns that were read for it; `keys` are those of its sequences, looked up where they are left out. */
export async function* matchPart(store: Store, plan: SequencePlan, columns: LoadedColumns, watermark: number, keys?: readonly Match['key'][]): AsyncGenerator<FoundPart> {
  const { behavior, body } = plan
  const { matches, open } = matchRows(behavior, body, columns, watermark)
  const part = { open, events: columns.length }
  if (body.every !== undefined) {
    const detection: Detection = { behavior: behavior.name, occurrences: 0, users: 0, pending: 0, tied: 0, open, events: 0 }
    const members = await toMatches(store, plan, columns, matches, keys)
    yield { ...part, matches: findChains(behavior, body.every, { matches: members, detection }).matches }
    return
  }
  for (let from = 0; from === 0 || from < matches.length; from += fewMatches) {
    const some = await toMatches(store, plan, columns, matches.slice(from, from + fewMatches), keys)
    yield from === 0 ? { ...part, matches: some } : { matches: some, open: 0, events: 0 }
  }
}

/** What there is of a sequence in all, and the first of its matches. */
export interface Counted {
  readonly occurrences: number
  readonly users: number
  readonly pending: number
  readonly tied: number
  readonly open: number
  readonly events: number
  readonly first: readonly Match[]
}

/**
 * Counts the matches of a sequence in columns that are read for it, and makes only the first `keep` of them: most of the time
 * that a large answer takes is the making of matches that nobody looks at.
 *
 * @throws AppError BAD_REQUEST for a pattern that is too expensive, CANCELLED
 */
export async function countMatches(store: Store, parts: AsyncIterable<LoadedColumns>, plan: SequencePlan, watermark: number, keep: number, signal: AbortSignal, progress?: (events: number) => void): Promise<Counted> {
  const counted = { occurrences: 0, users: 0, pending: 0, tied: 0, open: 0, events: 0 }
  let first: readonly Match[] = []
  for await (const columns of parts) {
    if (signal.aborted) throw new AppError('CANCELLED', 'Cancelled.')
    const { found, open } = matchRows(plan.behavior, plan.body, columns, watermark)
    counted.occurrences += found.length
    counted.users += usersOf(plan, columns, found)
    counted.pending += found.pending
    counted.tied += found.tied
    counted.open += open
    counted.events += columns.length
    progress?.(counted.events)
    if (keep > 0 && found.length > 0) first = await earliest(store, plan, columns, found, keep, first)
  }
  return { ...counted, first }
}

/** How many users have a match. Sequences of one user lie side by side, and no user lies in two parts. */
export function usersOf({ request }: SequencePlan, columns: LoadedColumns, found: Matches): number {
  const lead = columns.fields.get(request.by[0]?.path ?? '')
  if (lead === undefined) throw new Error('a sequence needs a key')
  const values = lead.kind === 'text' ? lead.codes : lead.values
  let users = 0
  let before: number | undefined
  for (let match = 0; match < found.length; match++) {
    const user = values[columns.starts[found.sequenceOf(match)] as number]
    if (user !== before) users++
    before = user
  }
  return users
}

/** The first of these matches and of those before them, in the order of SEMANTICS.md rule 29. */
async function earliest(store: Store, plan: SequencePlan, columns: LoadedColumns, found: Matches, keep: number, before: readonly Match[]): Promise<readonly Match[]> {
  const bound = before.length < keep ? Number.POSITIVE_INFINITY : Number(before.at(-1)?.end)
  const ends = Float64Array.from({ length: found.length }, (_, match) => columns.time[found.lastRow(match)] as number)
  const last = Math.min(bound, Float64Array.from(ends).sort()[keep - 1] ?? Number.POSITIVE_INFINITY)
  const rows: RowMatch[] = []
  for (let match = 0; match < found.length; match++) if ((ends[match] as number) <= last) rows.push(found.at(match))
  return [...before, ...(await toMatches(store, plan, columns, rows))].sort(inOrder).slice(0, keep)
}

function inOrder(a: Match, b: Match): number {
  const keys = (): number => {
    const [left, right] = [JSON.stringify(a.key), JSON.stringify(b.key)]
    return left < right ? -1 : left > right ? 1 : 0
  }
  return a.end < b.end ? -1 : a.end > b.end ? 1 : a.start < b.start ? -1 : a.start > b.start ? 1 : keys()
}

function matchRows(behavior: Behavior, body: SequenceBody, columns: LoadedColumns, watermark: number): ReturnType<typeof matchColumns> {
  try {
    return matchColumns(body, columns, watermark)
  } catch (error) {
    if (error instanceof TooExpensive) throw new AppError('BAD_REQUEST', `"${behavior.name}": ${error.message}`, { cause: error })
    throw error
  }
}

/** The values of the keys of sequences, by the first row of each, in the order of `by`. */
export async function keysOf(store: Store, plan: SequencePlan, columns: LoadedColumns, firstRows: readonly number[]): Promise<readonly Match['key'][]> {
  const codes = new Set<number>()
  for (const { path, type } of plan.request.by) {
    const field = columns.fields.get(path)
    if (type === 'key' && field?.kind === 'text') for (const row of firstRows) codes.add(field.codes[row] as number)
  }
  const all = [...codes]
  const texts = all.length === 0 ? [] : await keyTexts(store.database, all)
  return keysFrom(plan, columns, firstRows, new Map(all.map((code, index) => [code, texts[index] ?? ''])))
}

/** {@link keysOf} where the texts of the keys are known by their codes. */
export function keysFrom({ request }: SequencePlan, columns: Pick<LoadedColumns, 'fields'>, firstRows: readonly number[], texts: ReadonlyMap<number, string>): readonly Match['key'][] {
  const readers = request.by.map(({ path, type }): readonly [string, (row: number) => ReturnedValue] => {
    const field = columns.fields.get(path)
    if (field === undefined) throw new Error(`no column ${path}`)
    if (field.kind !== 'text') return [path, (row) => (field.kind === 'boolean' ? field.values[row] === 1 : (field.values[row] as number))]
    return [path, (row) => (type === 'key' ? texts.get(field.codes[row] as number) : field.dictionary[field.codes[row] as number]) ?? null]
  })
  return firstRows.map((row) => Object.fromEntries(readers.map(([path, read]) => [path, read(row)])))
}

async function toMatches(store: Store, plan: SequencePlan, columns: LoadedColumns, matches: readonly RowMatch[], known?: readonly Match['key'][]): Promise<readonly Match[]> {
  const { behavior, body } = plan
  const keys = known === undefined ? await keysOf(store, plan, columns, matches.map(({ sequence }) => columns.starts[sequence] as number)) : matches.map(({ sequence }) => known[sequence])
  const sources = sourcesByCode(store)
  const names = bindSequence(body, columns).steps.map(({ name }) => name)
  return matches.map((match, index): Match => {
    const steps = [...match.rows].map((row, at) => toStep(sources, columns, row, names[match.steps[at] as number] ?? ''))
    return {
      behavior: behavior.name,
      key: keys[index] as Match['key'],
      state: match.pendingUntil === undefined ? 'confirmed' : 'pending',
      ...(match.pendingUntil === undefined ? {} : { until: BigInt(match.pendingUntil) }),
      start: BigInt(columns.time[match.rows[0] as number] as number),
      end: BigInt(columns.time[match.rows[match.rows.length - 1] as number] as number),
      tied: match.tied,
      steps,
      returns: Object.fromEntries(body.returns.map(({ name }, at) => [name, match.returns[at] ?? null])),
    }
  })
}

/** Sources by the codes that positions have. */
export function sourcesByCode(store: Store): ReadonlyMap<number, StoredSource> {
  return new Map(store.listSources().map((source) => [source.code, source]))
}

/** The event of a row as a step of a match. */
export function toStep(sources: ReadonlyMap<number, StoredSource>, columns: LoadedColumns, row: number, label: string): MatchStep {
  const { source: codes, partition, offset } = positionsOf(columns)
  const source = sources.get(codes[row] as number)
  const position = { topic: source?.topic ?? '', partition: partition[row] as number, offset: BigInt(offset[row] as number) }
  return { label, type: columns.types[columns.type[row] as number] ?? '', time: BigInt(columns.time[row] as number), source: source?.name ?? '', position }
}
