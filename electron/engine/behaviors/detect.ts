import { bindSequence } from '../../../shared/behavior/match/bind.ts'
import { matchColumns, type RowMatch } from '../../../shared/behavior/match/match.ts'
import { TooExpensive } from '../../../shared/behavior/match/too-expensive.ts'
import type { Behavior, SequenceBody } from '../../../shared/behavior/syntax.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Detection, Match, MatchStep, ReturnedValue } from '../../../shared/model/match.ts'
import { listTypes } from '../store/read-users.ts'
import { keyTexts, readColumns, storedFields, type LoadedColumns } from '../store/read-columns.ts'
import type { Store } from '../store/store.ts'
import { columnsFor } from './resolve.ts'

/** What detection hands over while it reads: whole matches, in the order in which sequences are read. */
export interface DetectOptions {
  /** Microseconds; the store's own where it is left out. */
  readonly watermark?: number
  readonly progress?: (events: number) => void
}

/**
 * Finds every match of a sequence in the stored events.
 *
 * @throws AppError BAD_REQUEST for fields that are not there and for a pattern that is too expensive, CANCELLED
 */
export async function detectSequence(store: Store, behavior: Behavior, body: SequenceBody, signal: AbortSignal, { watermark, progress }: DetectOptions = {}): Promise<{ readonly matches: readonly Match[]; readonly detection: Detection }> {
  const { database } = store
  const known = await storedFields(database, signal)
  const types = (await database.read((connection) => listTypes(connection), signal)).map(({ type }) => type)
  const sources = store.listSources()
  const keyNames = [...new Set(sources.map(({ mapping }) => mapping.key))]
  const request = columnsFor(behavior, body, known, keyNames, types)
  const until = watermark ?? (await storeWatermark(store))
  const found: Match[] = []
  let open = 0
  let events = 0
  for await (const columns of readColumns(database, request, signal)) {
    const { matches, open: openHere } = findIn(behavior, body, columns, until)
    open += openHere
    events += columns.length
    for (const match of await toMatches(store, behavior, body, columns, matches, request.by)) found.push(match)
    progress?.(events)
  }
  found.sort((a, b) => compare(a.end, b.end) || compare(a.start, b.start) || compare(Object.values(a.key).join('\0'), Object.values(b.key).join('\0')))
  const users = new Set(found.map(({ key }) => Object.values(key)[0]))
  return {
    matches: found,
    detection: { behavior: behavior.name, occurrences: found.length, users: users.size, pending: found.filter(({ state }) => state === 'pending').length, tied: found.filter(({ tied }) => tied).length, open, events, ...(Number.isFinite(until) ? { watermark: BigInt(until) } : {}) },
  }
}

/** The watermark of the workspace in microseconds: the newest event less what its source allows; -Infinity without events. */
export async function storeWatermark(store: Store): Promise<number> {
  let newest = Number.NEGATIVE_INFINITY
  for (const source of store.listSources()) {
    for (const { newestTime } of (await store.partitionStates(source)).values()) {
      if (newestTime !== undefined) newest = Math.max(newest, Number(newestTime) - source.latenessMs * 1000)
    }
  }
  return newest
}

function findIn(behavior: Behavior, body: SequenceBody, columns: LoadedColumns, watermark: number): ReturnType<typeof matchColumns> {
  try {
    return matchColumns(body, columns, watermark)
  } catch (error) {
    if (error instanceof TooExpensive) throw new AppError('BAD_REQUEST', `"${behavior.name}": ${error.message}`, { cause: error })
    throw error
  }
}

async function toMatches(store: Store, behavior: Behavior, body: SequenceBody, columns: LoadedColumns, matches: readonly RowMatch[], by: readonly { readonly path: string; readonly type: string }[]): Promise<readonly Match[]> {
  const firstRows = matches.map(({ sequence }) => columns.starts[sequence] as number)
  const keys = new Map<string, readonly ReturnedValue[]>()
  for (const { path, type } of by) {
    const field = columns.fields.get(path)
    if (field === undefined) throw new Error(`no column ${path}`)
    const texts = type === 'key' && field.kind === 'text' ? await keyTexts(store.database, firstRows.map((row) => field.codes[row] as number)) : undefined
    keys.set(path, texts ?? firstRows.map((row) => (field.kind === 'text' ? (field.dictionary[field.codes[row] as number] ?? null) : field.kind === 'boolean' ? field.values[row] === 1 : (field.values[row] as number))))
  }
  const sources = new Map(store.listSources().map((stored) => [stored.code, stored]))
  const names = bindSequence(body, columns).steps.map(({ name }) => name)
  return matches.map((match, index): Match => {
    const steps = [...match.rows].map((row, at): MatchStep => {
      const source = sources.get(columns.source[row] as number)
      const position = { topic: source?.topic ?? '', partition: columns.partition[row] as number, offset: BigInt(columns.offset[row] as number) }
      return { label: names[match.steps[at] as number] ?? '', type: columns.types[columns.type[row] as number] ?? '', time: BigInt(columns.time[row] as number), source: source?.name ?? '', position }
    })
    return {
      behavior: behavior.name,
      key: Object.fromEntries(by.map(({ path }) => [path, keys.get(path)?.[index] ?? null])),
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

function compare<T>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0
}
