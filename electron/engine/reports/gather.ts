import type { Behavior } from '../../../shared/behavior/syntax.ts'
import { AppError } from '../../../shared/errors.ts'
import { reportShares, type BehaviorReport, type Report, type Why } from '../../../shared/report/model.ts'
import { durationReturns } from '../../../shared/behavior/expressions.ts'
import { rulesOf } from '../../../shared/report/rules.ts'
import { readFunnel } from '../behaviors/funnel.ts'
import { rows } from '../store/database.ts'
import { readStepTimes } from '../store/match-statistics.ts'
import { summarizeMatches } from '../store/matches.ts'
import { askWhy } from '../why/why.ts'
import type { WhyAnswer } from '../../../shared/model/why.ts'
import { readExamples } from './examples.ts'
import { Finder, momentMatches, type Found } from './find-matches.ts'
import type { Moment } from './moment.ts'
import { readData, type Ranges } from './provenance.ts'
import { countLate, countPairs, countPopulation, makeFirstEvents, readDuration, readPerUser, readRanges, readReturns, readSpan, readTrend, readValues } from './queries.ts'

/** A behavior as a report tells of it. */
export interface Subject {
  readonly behavior: Behavior
  /** Its definition, and of the one that it stands on. */
  readonly text: string
  /** Of a definition that is kept in the workspace. */
  readonly version?: number
}

/** What is counted for a report. */
export interface Question {
  readonly subjects: readonly Subject[]
  /** These, and those that they stand on. */
  readonly all: readonly Behavior[]
  readonly definitions: string
  readonly sections: Report['sections']
  readonly attributes: readonly string[] | undefined
  readonly examples: number
  /** Microseconds. */
  readonly watermark: number
  readonly ranges?: Ranges
}

/** What a moment answers: all that a report says but who made it, when, and what must not be said. */
export type Gathered = Pick<Report, 'behaviors' | 'definitions' | 'data' | 'types'>

/** How far the gathering is, a share from 0 to 1, and what it is at. */
export type Progress = (share: number, what: string) => void

const listedValues = 12
const mostAttributes = 4
/** So many users have a value, on average, where an attribute is shared. */
const leastShared = 1.1
const mostFindings = 12

/** Counts everything that a report says, in one moment. @throws AppError BAD_REQUEST, NOT_FOUND, CANCELLED */
export async function gather(moment: Moment, question: Question, finder: Finder, signal: AbortSignal, progress: Progress): Promise<Gathered> {
  const { connection, sources } = moment
  const behaviors: BehaviorReport[] = []
  for (const [index, subject] of question.subjects.entries()) {
    const part = (share: number, what: string): void => progress((0.9 * (index + share)) / question.subjects.length, what)
    const found = await finder.find(subject.behavior, (done, total) => part(total === 0 ? 0 : (0.5 * done) / total, `finding ${subject.behavior.name}`))
    behaviors.push(await countBehavior(moment, question, subject, found, signal, part))
    if (signal.aborted) throw new AppError('CANCELLED', 'Cancelled.')
  }
  progress(0.9, 'looking at the data')
  const data = await readData(connection, sources, question.watermark, question.ranges)
  const named = new Set(behaviors.flatMap(({ examples }) => (examples ?? []).flatMap(({ events }) => events.map(({ type }) => type))))
  const types = (await rows(connection, 'SELECT type, code FROM types ORDER BY code')).flatMap(({ type, code }) => (named.has(type as string) ? [{ type: type as string, code: code as number }] : []))
  progress(1, 'done')
  return { behaviors, definitions: question.definitions, data, types }
}

async function countBehavior(moment: Moment, question: Question, { behavior, text, version }: Subject, found: Found, signal: AbortSignal, progress: Progress): Promise<BehaviorReport> {
  const { connection } = moment
  const { run, plan, events, open } = found
  const { body } = behavior
  const isOfOneUser = body.kind === 'sequence'
  const has = (section: Report['sections'][number]): boolean => question.sections.includes(section)
  const counts = await summarizeMatches(connection, momentMatches, run)
  const span = await readSpan(connection, run)
  const duration = await readDuration(connection, run)
  const [lead] = plan.request.by
  progress(0.55, 'counting')
  return {
    name: behavior.name,
    ...(version === undefined ? {} : { version }),
    text,
    lead: { path: body.kind === 'sequence' ? (body.by[0]?.path ?? '') : body.of.path, isKey: lead?.type === 'key' },
    rules: [...rulesOf(behavior)],
    durations: [...durationReturns(behavior)],
    counts: {
      ...counts,
      confirmed: counts.occurrences - counts.pending,
      late: await countLate(connection, run),
      open,
      events,
      population: lead === undefined ? 0 : await countPopulation(connection, lead.column),
    },
    ...(span === undefined ? {} : { span }),
    ...(duration === undefined ? {} : { duration: [...duration] }),
    ...(has('trend') ? { trend: await readTrend(connection, run) } : {}),
    ...(has('users') && isOfOneUser ? { perUser: await readPerUser(connection, run) } : {}),
    ...(has('steps') && isOfOneUser ? { funnel: [...(await readFunnel(moment.store, behavior, question.watermark, signal))] } : {}),
    ...(has('times') && isOfOneUser ? { times: await stepTimes(moment, run), returns: [...(await readReturns(connection, run, body.returns.map(({ name }) => name), durationReturns(behavior)))] } : {}),
    ...(has('who') && isOfOneUser ? { who: await who(moment, run, counts, body.by[0]?.path ?? '', question.attributes) } : {}),
    ...(has('why') && isOfOneUser ? { why: await why(moment, behavior, question.watermark, signal, (share, what) => progress(0.6 + 0.35 * share, what)) } : {}),
    ...(has('examples') ? { examples: await readExamples(connection, run, behavior.name, question.examples, moment.sources, isOfOneUser) } : {}),
  }
}

async function stepTimes({ connection }: Moment, run: number): Promise<NonNullable<BehaviorReport['times']>> {
  // its percentiles are those of a report
  return (await readStepTimes(connection, run)).map((times) => ({ ...times, percentiles: times.percentiles.slice(0, reportShares.length) }))
}

/** By the attributes that are asked for, or by those with few values, which say most; or else by the one whose values most users share. */
async function who({ connection }: Moment, run: number, { occurrences, users }: { readonly occurrences: number; readonly users: number }, lead: string, asked: readonly string[] | undefined): Promise<NonNullable<BehaviorReport['who']>> {
  const known = await makeFirstEvents(connection, run)
  const telling = known.filter(({ name, type, distinct }) => distinct > 0 && type !== 'time' && name !== lead.toLowerCase()).sort((a, b) => a.distinct - b.distinct || (a.name < b.name ? -1 : 1))
  const few = telling.filter(({ distinct }) => distinct <= Math.max(listedValues, Math.min(occurrences / 3, users / 2)))
  const chosen = asked === undefined ? (few.length === 0 ? await mostShared(connection, telling) : few.slice(0, mostAttributes)) : asked.map((name) => attributeOf(known, name))
  const all: NonNullable<BehaviorReport['who']> = []
  for (const { name, type, distinct } of chosen) {
    // a measure such as a price has nearly as many values as matches, of which each says nothing
    if (type === 'number' && distinct > listedValues) {
      all.push({ attribute: name, values: [...(await readRanges(connection, name))], distinct, rest: { values: 0, occurrences: 0 } })
      continue
    }
    const values = await readValues(connection, name, listedValues)
    const listed = values.reduce((sum, value) => sum + value.occurrences, 0)
    // null is no value
    const unlisted = distinct - values.filter(({ value }) => value !== null).length
    all.push({ attribute: name, values: [...values], distinct, rest: { values: unlisted, occurrences: occurrences - listed } })
  }
  return all
}

/** An attribute that is a name of its user, such as a session, says nothing about them together. */
async function mostShared<T extends { readonly name: string; readonly distinct: number }>(connection: Moment['connection'], attributes: readonly T[]): Promise<readonly T[]> {
  const pairs = await countPairs(connection, attributes.map(({ name }) => name))
  const ranked = attributes.map((attribute, index) => ({ attribute, users: (pairs[index] ?? 0) / attribute.distinct })).sort((a, b) => b.users - a.users)
  return ranked.filter(({ users }) => users >= leastShared).slice(0, 1).map(({ attribute }) => attribute)
}

function attributeOf<T extends { readonly name: string }>(known: readonly T[], name: string): T {
  const attribute = known.find((one) => one.name === name.toLowerCase())
  if (attribute === undefined) throw new AppError('BAD_REQUEST', `No event has an attribute ${name}.`, { hint: known.length === 0 ? 'The mapping of the sources says which fields are attributes.' : `There are ${known.map((one) => one.name).join(', ')}.` })
  return attribute
}

async function why({ store }: Moment, behavior: Behavior, watermark: number, signal: AbortSignal, progress: Progress): Promise<Why> {
  try {
    return toWhy(await askWhy(store, { behavior, knowledge: { context: [] } }, watermark, signal, (share) => progress(share, 'comparing with those who had the chance')))
  } catch (error) {
    // too few to compare, or a behavior without single starts: the report says so
    if (error instanceof AppError && error.code === 'BAD_REQUEST') return { refused: error.message }
    throw error
  }
}

function toWhy({ unit, chances, matched, users, undecided, tried, findings, notes, association }: WhyAnswer): Why {
  return {
    unit,
    chances,
    matched,
    users,
    undecided,
    tried,
    findings: findings.slice(0, mostFindings).map(({ group, phrase, sentence, exposedMatched, exposedUnmatched, unexposedMatched, unexposedUnmatched, oddsRatio, q, verdict, confounding }) => ({ group, phrase, sentence, exposedMatched, exposedUnmatched, unexposedMatched, unexposedUnmatched, oddsRatio, q, verdict, confounding })),
    leftOut: Math.max(0, findings.length - mostFindings),
    notes,
    association,
  }
}
