import { setImmediate } from 'node:timers/promises'
import { AppError } from '../../../shared/errors.ts'
import type { ChanceExample, Finding, WhyAnswer, WhyKnowledge } from '../../../shared/model/why.ts'
import { candidatesOf } from '../../../shared/why/candidates.ts'
import { explain, type Explanation, type Found } from '../../../shared/why/explain.ts'
import type { Cohort, Fact } from '../../../shared/why/facts.ts'
import { association, confounderSentence, sentenceOf } from '../../../shared/why/sentence.ts'
import { keyTexts } from '../store/read-columns.ts'
import { readContext } from '../store/read-context.ts'
import type { Store } from '../store/store.ts'
import type { Collected } from './collect.ts'
import { readDates } from './dates.ts'
import { holidaysOf } from './holidays.ts'
import { contextFact, eventFacts, timeFacts, type Meaning } from './known-facts.ts'

/** Chances that were collected, and what is asked about them. */
export interface Comparison {
  readonly about: string
  /** What the chances that count as matched did, in words behind a count: `led to "rage click"`. */
  readonly outcome: string
  readonly unit: string
  readonly collected: Collected
  readonly meaning: Meaning
  readonly undecided: number
  readonly notes: readonly string[]
  /** Whether the calendar is tried; it is unless this is false. */
  readonly withCalendar?: boolean
  readonly knowledge: WhyKnowledge
  readonly signal: AbortSignal
  readonly progress: (share: number) => void
}

/** So many findings are handed over, and so many users behind each. */
const mostFindings = 50
const mostExamples = 100
/** So long the search may keep the process to itself, in milliseconds. */
const turn = 20

/** Compares the chances that led to the behavior with the others, by all that is known from before the outcome. */
export async function answer(store: Store, { about, outcome, unit, collected, meaning, undecided, notes, withCalendar = true, knowledge, signal, progress }: Comparison): Promise<WhyAnswer> {
  const context = await contextFacts(store, collected, meaning, knowledge, signal)
  const facts = [...eventFacts(collected, meaning), ...(withCalendar ? await calendar(store, collected, knowledge, signal) : []), ...context.facts]
  const { matched, decided, until, user } = collected
  const { findings, near, tried, tooRare } = await search({ matched, decided, until, cluster: user }, facts, signal, progress)
  const shown = findings.slice(0, mostFindings)
  const told = (some: readonly Found[]): Promise<Finding[]> => Promise.all(some.map(async (found) => toFinding(found, outcome, await examplesOf(store, collected, found))))
  return {
    about,
    unit,
    chances: collected.size,
    matched: matched.reduce((sum, one) => sum + one, 0),
    users: new Set(user).size,
    undecided,
    tried,
    tooRare,
    findings: await told(shown),
    near: await told(near),
    notes: [...notes, ...context.notes, ...(findings.length > shown.length ? [`${findings.length - shown.length} weaker findings are left out.`] : [])],
    association,
  }
}

async function search(cohort: Cohort, facts: readonly Fact[], signal: AbortSignal, progress: (share: number) => void): Promise<Explanation> {
  const candidates = facts.flatMap(candidatesOf)
  const steps = explain(cohort, candidates)
  let since = performance.now()
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
    if (performance.now() - since < turn) continue
    progress(step.value / candidates.length)
    // others have their turn, and so has the one who wants to stop
    await setImmediate()
    if (signal.aborted) throw new AppError('CANCELLED', 'Cancelled.')
    since = performance.now()
  }
}

async function contextFacts(store: Store, collected: Collected, { dictionaries, steps }: Meaning, { context }: WhyKnowledge, signal: AbortSignal): Promise<{ readonly facts: readonly Fact[]; readonly notes: readonly string[] }> {
  const facts: Fact[] = []
  const notes: string[] = []
  for (const { path, attribute, column = attribute } of context) {
    const values = collected.attributes[steps.length - 1]?.get(attribute)
    const field = dictionaries.get(attribute)
    if (values === undefined || field === undefined) continue
    const text = (value: number): string | undefined => (value === -1 || Number.isNaN(value) ? undefined : field.kind === 'text' ? field.dictionary[value] : String(value))
    const places = new Map<string, number>()
    const placeOf = Int32Array.from(values, (value) => {
      const one = text(value)
      if (one === undefined) return -1
      if (!places.has(one)) places.set(one, places.size)
      return places.get(one) as number
    })
    const read = await store.database.read((connection) => readContext(connection, { path, column }, [...places.keys()]), signal)
    for (const one of read.columns) facts.push(contextFact(one.name, 'numbers' in one ? one.numbers : one.values, placeOf))
    notes.push(`${read.found} of ${places.size} different values of ${attribute} stand in ${path.split(/[\\/]/).at(-1) ?? path}.${read.doubled > 0 ? ` ${read.doubled} of them stand there in rows that differ; the least value was taken.` : ''}`)
  }
  return { facts, notes }
}

async function calendar(store: Store, collected: Collected, { country, dates, zone = 'UTC' }: WhyKnowledge, signal: AbortSignal): Promise<readonly Fact[]> {
  const year = (micros: number): number => new Date(micros / 1000).getUTCFullYear()
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const time of collected.time) [first, last] = [Math.min(first, time), Math.max(last, time)]
  const holidays = country === undefined ? [] : holidaysOf(country, year(first), year(last))
  const given = dates === undefined ? undefined : await store.database.read((connection) => readDates(connection, dates, year(first), year(last)), signal)
  const users = given?.isPersonal === true ? await keyTexts(store.database, [...collected.key]) : []
  try {
    return timeFacts(collected, zone, holidays, given, (chance) => users[chance] ?? '')
  } catch (cause) {
    if (cause instanceof RangeError) throw new AppError('BAD_REQUEST', `There is no time zone ${zone}.`, { hint: 'Write it as Europe/Berlin, or UTC.', cause })
    throw cause
  }
}

/** Users for whom a finding holds, those whose chance led to the behavior first. */
async function examplesOf(store: Store, { matched, key, user, time }: Collected, { candidate }: Found): Promise<readonly ChanceExample[]> {
  const exposed = candidate.expose()
  const places = [1, 0].flatMap((outcome) => {
    const some: number[] = []
    let last = -1
    for (let at = 0; at < exposed.length && some.length < mostExamples / 2; at++) {
      // one of each user, whose chances stand side by side
      if (exposed[at] !== 1 || matched[at] !== outcome || key[at] === -1 || user[at] === last) continue
      some.push(at)
      last = user[at] as number
    }
    return some
  })
  const users = await keyTexts(store.database, places.map((at) => key[at] as number))
  return places.map((at, index) => ({ user: users[index] ?? '', time: BigInt(Math.round(time[at] as number)), matched: matched[at] === 1 }))
}

function toFinding(found: Found, outcome: string, examples: readonly ChanceExample[]): Finding {
  const { candidate, table, oddsRatio, difference, p, q, variants, checked, isInstead, isWay } = found
  return {
    group: candidate.group,
    family: candidate.family,
    phrase: candidate.phrase,
    sentence: sentenceOf(found, outcome),
    ...table,
    oddsRatio,
    difference,
    p,
    q,
    instead: isInstead,
    way: isWay,
    variants,
    verdict: checked.verdict,
    ...(checked.adjusted === undefined ? {} : { adjusted: checked.adjusted }),
    confounders: checked.confounders.map(({ phrase }) => phrase),
    confounding: confounderSentence(found),
    examples: [...examples],
  }
}
