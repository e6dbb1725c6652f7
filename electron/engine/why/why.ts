import { stepName } from '../../../shared/behavior/match/bind.ts'
import type { Behavior, SequenceBody } from '../../../shared/behavior/syntax.ts'
import { AppError } from '../../../shared/errors.ts'
import type { WhyAnswer, WhyKnowledge } from '../../../shared/model/why.ts'
import { patternsOf } from '../../../shared/behavior/check.ts'
import { planChances, sharedSteps, type ChancePlan } from '../../../shared/why/chance.ts'
import { formatDuration } from '../../../shared/why/format.ts'

import { planSequence } from '../behaviors/detect.ts'
import { readColumns, storedFields, type LoadedColumns, type LoadedField, type StoredField } from '../store/read-columns.ts'
import { readSpread } from '../store/read-spread.ts'
import type { Store } from '../store/store.ts'
import { answer } from './answer.ts'
import { collect, type Collected } from './collect.ts'
import { findChances, restTimes, type Chance } from './find-chances.ts'
import { gather } from './gather.ts'
import { kindsOf, type Kinds } from './kinds.ts'
import { Sample } from './sample.ts'
import { cutSequences } from './sequences.ts'

/** How far a question is: a share from 0 to 1. */
export type Progress = (share: number) => void

/** What is asked about a behavior. */
export interface WhyQuestion {
  readonly behavior: Behavior
  readonly knowledge: WhyKnowledge
  /** Compares with the starts that led to this behavior, which has the same first steps, instead of with all others. */
  readonly against?: Behavior | undefined
  /** How many first steps all chances share; undefined for all but the last. */
  readonly steps?: number | undefined
}

/** A text field with more values than this is a name, and read only where it is needed. */
const mostValues = 2000
/** Where nothing bounds a behavior, a start has had its chance when this share of the matches was done. */
const doneShare = 0.95

/**
 * What distinguishes the starts of a behavior that went on to all of it from those that had the chance and did not.
 * Counted per start, not per user; intervals allow for users with several.
 *
 * @param watermark microseconds
 * @throws AppError BAD_REQUEST when there is nothing to compare, CANCELLED
 */
export async function askWhy(store: Store, { behavior, knowledge, against, steps }: WhyQuestion, watermark: number, signal: AbortSignal, progress: Progress): Promise<WhyAnswer> {
  const { body } = behavior
  if (body.kind === 'population') throw new AppError('BAD_REQUEST', `"${behavior.name}" counts many users at once: there are no single starts to compare.`, { hint: `Ask about "${body.base}", which it stands on.` })
  if (body.every !== undefined) throw new AppError('BAD_REQUEST', `"${behavior.name}" recurs: there are no starts that could have led to it and did not.`, { hint: 'Ask about the behavior without its line "every".' })
  const shared = chosenSteps(behavior, body, steps)
  const rival = rivalOf(behavior, body, against)
  const plan = withRival(planChances(body, shared), rival, shared)
  const fields = await fieldsToRead(store, behavior, body, rival === undefined || against === undefined ? undefined : { behavior: against, body: rival }, knowledge, signal)
  const found = await collectAll(store, { body, rival, plan, fields, watermark, signal, progress })
  const { collected, horizon } = found
  const matched = collected.matched.reduce((sum, one) => sum + one, 0)
  refuseIfUneven(behavior.name, collected.size, matched)
  const names = body.clauses.filter((clause) => clause.kind === 'step').slice(0, shared).map(stepName)
  const others = body.by.slice(1).map(({ path }) => path)
  return answer(store, {
    about: behavior.name,
    outcome: `led to "${behavior.name}"`,
    unit: `A chance is one ${startText(body, shared)} of the same ${body.by.map(({ path }) => path).join(' and ')}${against === undefined ? windowText(plan, horizon) : ` that led to "${behavior.name}" or to "${against.name}"`}. Each start counts, not each user; a start within the time of the one before belongs to it.`,
    collected,
    meaning: { kinds: found.kinds.kinds, defines: plan.defines, same: others.join(' and '), steps: names, dictionaries: found.dictionaries, about: behavior.name },
    undecided: found.undecided,
    notes: [...notesOf(horizon, plan), ...found.sample.notes()],
    knowledge,
    signal,
    progress: (share) => progress(0.5 + share / 2),
  })
}

/** The behavior that is compared with. @throws AppError BAD_REQUEST when its starts are not those of the other */
function rivalOf(behavior: Behavior, body: SequenceBody, against: Behavior | undefined): SequenceBody | undefined {
  if (against === undefined) return undefined
  const keys = (one: SequenceBody): string => one.by.map(({ path }) => path).join(', ')
  if (against.body.kind === 'population' || against.body.every !== undefined || keys(against.body) !== keys(body)) throw new AppError('BAD_REQUEST', `"${behavior.name}" and "${against.name}" cannot be compared: they need the same "by" and the same first steps.`, { hint: `"${behavior.name}" is by ${keys(body)}.` })
  return against.body
}

/** What belongs to either outcome explains nothing. */
function withRival(plan: ChancePlan, rival: SequenceBody | undefined, shared: number): ChancePlan {
  if (rival === undefined) return plan
  const other = planChances(rival, Math.min(shared, sharedSteps(rival)))
  return { ...plan, defines: (type) => plan.defines(type) || other.defines(type) }
}

function chosenSteps(behavior: Behavior, body: SequenceBody, steps: number | undefined): number {
  const all = body.clauses.filter((clause) => clause.kind === 'step').length
  if (steps !== undefined && (steps < 1 || steps > all)) throw new AppError('BAD_REQUEST', `"${behavior.name}" has ${all} steps; ${steps} cannot be shared.`, { hint: `Choose 1 to ${all}.` })
  return steps ?? sharedSteps(body)
}

function refuseIfUneven(name: string, chances: number, matched: number): void {
  const least = 10
  if (chances === 0) throw new AppError('BAD_REQUEST', `Nobody has had the chance to show "${name}" yet.`, { hint: 'Store more events, or check the behavior with `undercurrent detect`.' })
  if (matched < least || chances - matched < least) throw new AppError('BAD_REQUEST', `Of ${chances} chances ${matched} led to "${name}": at least ${least} that did and ${least} that did not are needed for a comparison.`, { hint: 'Store more events, or loosen the behavior.' })
}

/** The shared steps by their types: `cart.add, then page.view`. */
function startText(body: SequenceBody, shared: number): string {
  const steps = body.clauses.filter((clause) => clause.kind === 'step').slice(0, shared)
  return steps.map((step) => patternsOf(step).flatMap(({ types }) => types.map(({ text }) => text)).join(' or ')).join(', then ')
}

function windowText({ rest, whole, isAbsence }: ChancePlan, horizon: number): string {
  const bound = Math.min(rest, whole, horizon)
  return isAbsence || !Number.isFinite(bound) ? '' : ` with ${formatDuration(bound)} to go on`
}

function notesOf(horizon: number, { isAbsence }: ChancePlan): readonly string[] {
  return [
    ...(Number.isFinite(horizon) ? [`Nothing in the behavior says how long it may take. A start counts as not having led on when ${formatDuration(horizon)} have passed, in which ${doneShare * 100} % of all matches were done; matches that took longer take no part.`] : []),
    isAbsence ? 'Events count until the first that decides against the behavior, or the end of the time.' : 'Events count until the outcome: its own event, what forbids it, or the end of the time.',
  ]
}

interface FieldsToRead {
  readonly by: StoredField
  readonly all: readonly StoredField[]
  /** Further fields of the key. */
  readonly others: readonly string[]
  /** What the matcher compares. */
  readonly compared: readonly string[]
  /** What is kept of each shared step. */
  readonly attributes: readonly string[]
}

async function fieldsToRead(store: Store, behavior: Behavior, body: SequenceBody, rival: { readonly behavior: Behavior; readonly body: SequenceBody } | undefined, knowledge: WhyKnowledge, signal: AbortSignal): Promise<FieldsToRead> {
  const { request } = await planSequence(store, behavior, body, signal)
  const compared = [...request.fields, ...(rival === undefined ? [] : (await planSequence(store, rival.behavior, rival.body, signal)).request.fields)]
  const [by, ...others] = request.by
  if (by === undefined) throw new Error('a sequence needs a key')
  const known = await storedFields(store.database, signal)
  const attributes = [...known.values()].filter(({ column, path }) => column.startsWith('e."a_') && path !== by.path)
  const texts = attributes.filter(({ type }) => type === 'text')
  const spread = await store.database.read((connection) => readSpread(connection, texts), signal)
  const joined = knowledge.context.map(({ attribute }) => attribute)
  for (const name of joined) if (!known.has(name)) throw new AppError('BAD_REQUEST', `No attribute ${name} in this workspace, to join a table on.`, { hint: `Attributes are ${attributes.map(({ path }) => path).join(', ')}.` })
  const kept = attributes.filter(({ path, type }) => type !== 'time' && (type !== 'text' || (spread.get(path) ?? 0) <= mostValues || joined.includes(path)))
  const key = known.get('key')
  const needed = [...request.by, ...compared, ...kept, ...(key === undefined ? [] : [{ ...key, path: 'key' }]), ...joined.flatMap((name) => known.get(name) ?? [])]
  return {
    by,
    all: [...new Map(needed.map((field) => [field.path, field])).values()],
    others: others.map(({ path }) => path),
    compared: compared.map(({ path }) => path),
    attributes: [...new Set([...kept.map(({ path }) => path), ...joined])],
  }
}

interface Gathered {
  readonly collected: Collected
  readonly kinds: Kinds
  readonly dictionaries: ReadonlyMap<string, LoadedField>
  readonly undecided: number
  /** Microseconds; Infinity where the behavior says how long it may take. */
  readonly horizon: number
  readonly sample: Sample
}

async function collectAll(store: Store, { body, rival, plan, fields, watermark, signal, progress }: { readonly body: SequenceBody; readonly rival: SequenceBody | undefined; readonly plan: ChancePlan; readonly fields: FieldsToRead; readonly watermark: number; readonly signal: AbortSignal; readonly progress: Progress }): Promise<Gathered> {
  const sample = new Sample()
  const except = new Set([...body.by.map(({ path }) => path), 'key'])
  const parts: Collected[] = []
  let kinds: Kinds | undefined
  let horizon: number | undefined
  let dictionaries: ReadonlyMap<string, LoadedField> = new Map()
  let [undecided, users] = [0, 0]
  for await (const loaded of readColumns(store.database, { by: [fields.by], types: undefined, fields: fields.all }, signal)) {
    if (signal.aborted) throw new AppError('CANCELLED', 'Cancelled.')
    const sequences = cutSequences(loaded, fields.others, fields.compared)
    horizon ??= rival !== undefined ? Number.POSITIVE_INFINITY : horizonOf(body, plan, sequences.columns, watermark)
    const found = findChances(body, plan, sequences.columns, watermark, horizon, rival)
    undecided += found.undecided
    kinds ??= kindsOf(loaded, except)
    dictionaries = loaded.fields
    const userOf = (chance: Chance): number => userAt(loaded, sequences.rowOf[chance.steps.find((row) => row !== -1) ?? 0] as number)
    const chosen = sample.choose(found.chances, (chance) => users + userOf(chance), parts, kinds.kinds.length * (fields.others.length > 0 ? 2 : 1))
    parts.push(collect(loaded, sequences, chosen, { kinds, attributes: fields.attributes, steps: plan.steps }, users))
    users += loaded.starts.length - 1
    progress(0.4)
  }
  if (kinds === undefined || horizon === undefined) throw new AppError('BAD_REQUEST', 'There are no events with a value for the key of this behavior.', { hint: 'Check its "by", or store events.' })
  return { collected: gather(parts.map((part) => sample.thin(part))), kinds, dictionaries, undecided, horizon, sample }
}

/** How long a start is waited for where the behavior itself does not say. */
function horizonOf(body: SequenceBody, plan: ChancePlan, columns: LoadedColumns | Parameters<typeof restTimes>[2], watermark: number): number {
  if (plan.isAbsence || Number.isFinite(plan.rest) || Number.isFinite(plan.whole) || body.session !== undefined) return Number.POSITIVE_INFINITY
  const times = [...restTimes(body, plan, columns, watermark)].sort((left, right) => left - right)
  return times[Math.ceil(times.length * doneShare) - 1] ?? Number.POSITIVE_INFINITY
}

function userAt({ starts }: LoadedColumns, row: number): number {
  let [low, high] = [0, starts.length - 1]
  while (high - low > 1) {
    const middle = (low + high) >>> 1
    if ((starts[middle] as number) <= row) low = middle
    else high = middle
  }
  return low
}
