import type { EventFilter } from '../../../shared/model/event-filter.ts'
import { AppError } from '../../../shared/errors.ts'
import type { WhyAnswer, WhyKnowledge } from '../../../shared/model/why.ts'
import { keyTexts, positionsOf, readColumns, storedFields, type LoadedColumns, type LoadedField } from '../store/read-columns.ts'
import { readSpread } from '../store/read-spread.ts'
import type { Store } from '../store/store.ts'
import { answer } from './answer.ts'
import { collect, type Collected } from './collect.ts'
import type { Chance } from './find-chances.ts'
import { gather } from './gather.ts'
import { kindsOf, type Kinds } from './kinds.ts'
import { Sample } from './sample.ts'
import { cutSequences } from './sequences.ts'

/** A region of a chart, and what is known beyond the events. Its times are microseconds, [from, to). */
export interface RegionQuestion {
  readonly region: EventFilter
  readonly knowledge: WhyKnowledge
}

const mostValues = 2000

/**
 * What distinguishes the users with an event in a region from the other users of the same time; where there are no others,
 * from the users of as much time just before. Each user counts once, and what came before their
 * first event there is compared with what came before the middle of the others' events, a moment like any.
 *
 * @throws AppError BAD_REQUEST when there is nothing to compare, CANCELLED
 */
export async function askDifference(store: Store, { region, knowledge }: RegionQuestion, signal: AbortSignal, progress: (share: number) => void): Promise<WhyAnswer> {
  const { from, to } = region
  if (from === undefined || to === undefined) throw new AppError('BAD_REQUEST', 'A region needs a time at which it begins and one at which it ends.', { hint: 'Select it in a chart.' })
  if (region.text !== undefined && region.text !== '') throw new AppError('BAD_REQUEST', 'A region cannot be searched for a text.', { hint: 'Clear the text of the filter; types, sources and users may stay.' })
  const inTime = await collectUsers(store, region, { from: Number(from), to: Number(to) }, knowledge, signal)
  const hasOthers = inTime.collected !== undefined && inTime.collected.matched.some((one) => one === 0)
  const found = hasOthers ? inTime : await collectUsers(store, region, { from: 2 * Number(from) - Number(to), to: Number(to) }, knowledge, signal)
  progress(0.5)
  const size = found.collected?.size ?? 0
  const matched = found.collected?.matched.reduce((sum, one) => sum + one, 0) ?? 0
  if (found.collected === undefined || matched < 10 || size - matched < 10) throw new AppError('BAD_REQUEST', `There are ${matched} users in the region and ${size - matched} others: at least ten of each are needed for a comparison.`, { hint: 'Select a larger region, or narrow the filter to some event types.' })
  // what an event of another type carries would only tell the types apart
  const hasTypes = region.types !== undefined && region.types.length > 0
  return answer(store, {
    about: 'the region',
    outcome: 'are in the region',
    unit: `Each user counts once: those with an event in the region against ${hasOthers ? 'the other users of the same time' : 'the users of as much time just before, who are not in it'}. What came before a user's first event there is compared with what came before the middle of the others' events.`,
    collected: hasTypes ? { ...found.collected, attributes: found.collected.attributes.map(() => new Map()) } : found.collected,
    meaning: { kinds: found.kinds.kinds, defines: () => true, same: '', steps: ['first event'], dictionaries: found.dictionaries, about: 'the region' },
    undecided: 0,
    notes: found.sample.notes(),
    // a region is a choice of times: the calendar would only say which
    withCalendar: false,
    knowledge,
    signal,
    progress: (share) => progress(0.5 + share / 2),
  })
}

interface Users {
  readonly collected: Collected | undefined
  readonly kinds: Kinds
  readonly dictionaries: ReadonlyMap<string, LoadedField>
  readonly sample: Sample
}

/** A chance for each user with an event in `span`: matched when one of them is in the region, and from that one on. */
async function collectUsers(store: Store, region: EventFilter, span: { readonly from: number; readonly to: number }, knowledge: WhyKnowledge, signal: AbortSignal): Promise<Users> {
  const known = await storedFields(store.database, signal)
  const key = known.get('key')
  if (key === undefined) throw new Error('events have a key')
  const attributes = [...known.values()].filter(({ column, type }) => column.startsWith('e."a_') && type !== 'time')
  const spread = await store.database.read((connection) => readSpread(connection, attributes.filter(({ type }) => type === 'text')), signal)
  const joined = new Set(knowledge.context.map(({ attribute }) => attribute))
  const kept = attributes.filter(({ path }) => (spread.get(path) ?? 0) <= mostValues || joined.has(path))
  const names = kept.map(({ path }) => path)
  const sample = new Sample()
  const parts: Collected[] = []
  let kinds: Kinds = { kinds: [], each: () => undefined }
  let dictionaries: ReadonlyMap<string, LoadedField> = new Map()
  let users = 0
  for await (const loaded of readColumns(store.database, { by: [{ ...key, path: 'key' }], types: undefined, fields: kept, only: `e.time < make_timestamp(${span.to})`, positions: true }, signal)) {
    if (signal.aborted) throw new AppError('CANCELLED', 'Cancelled.')
    if (parts.length === 0) kinds = kindsOf(loaded, new Set(['key']))
    dictionaries = loaded.fields
    const chances = await chancesOf(store, loaded, region, span)
    const chosen = sample.choose(chances, ({ sequence }) => users + sequence, parts, kinds.kinds.length)
    parts.push(collect(loaded, cutSequences(loaded, [], []), chosen, { kinds, attributes: names, steps: 1 }, users))
    users += loaded.starts.length - 1
  }
  return { collected: parts.length === 0 ? undefined : gather(parts.map((part) => sample.thin(part))), kinds, dictionaries, sample }
}

async function chancesOf(store: Store, loaded: LoadedColumns, region: EventFilter, span: { readonly from: number; readonly to: number }): Promise<readonly Chance[]> {
  const some = <T>(values: readonly T[] | undefined): ReadonlySet<T> | undefined => (values === undefined || values.length === 0 ? undefined : new Set(values))
  const types = some(region.types)
  const sources = some(region.sources?.map((name) => store.findSource(name)?.code ?? -1))
  const keys = some(region.keys)
  const key = loaded.fields.get('key')
  const users = [...loaded.starts.subarray(0, -1)]
  const { source } = positionsOf(loaded)
  const texts = keys === undefined || key?.kind !== 'text' ? undefined : await keyTexts(store.database, users.map((row) => key.codes[row] as number))
  const [from, to] = [Number(region.from), Number(region.to)]
  return users.flatMap((start, user): Chance[] => {
    const isAsked = keys === undefined || keys.has(texts?.[user] ?? '')
    let inside = -1
    const others: number[] = []
    for (let row = start; row < (loaded.starts[user + 1] as number) && inside === -1; row++) {
      const time = loaded.time[row] as number
      if (time < span.from || time >= span.to) continue
      others.push(row)
      if (isAsked && time >= from && time < to && (types === undefined || types.has(loaded.types[loaded.type[row] as number] as string)) && (sources === undefined || sources.has(source[row] as number))) inside = row
    }
    const at = inside === -1 ? others[others.length >> 1] : inside
    if (at === undefined) return []
    return [{ sequence: user, steps: [at], until: loaded.time[at] as number, matched: inside !== -1, decided: false }]
  })
}
