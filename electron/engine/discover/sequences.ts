import { setImmediate } from 'node:timers/promises'
import { Chains } from '../../../shared/discover/sequences/chain.ts'
import { condense } from '../../../shared/discover/sequences/condense.ts'
import { Miner } from '../../../shared/discover/sequences/miner.ts'
import { occurrences, type Distance } from '../../../shared/discover/sequences/occurrences.ts'
import { rankBySurprise } from '../../../shared/discover/sequences/rank.ts'
import { collapseRuns, type SequenceData } from '../../../shared/discover/sequences/sequence-data.ts'
import { sequenceBehavior } from '../../../shared/discover/sequences/sequence-behavior.ts'
import { TooManyPatterns } from '../../../shared/discover/sequences/too-many.ts'
import { AppError } from '../../../shared/errors.ts'
import type { FoundSequence, SequenceFindings, SequenceQuestion } from '../../../shared/model/discovery.ts'
import type { Asked } from './discover.ts'
import { readSequences, type EventSequences } from './read-sequences.ts'

/** More patterns than these are refused: nobody looks at them, and they have to fit into memory. */
const mostPatterns = 200_000
/** Places that are looked at before others have their turn: some tens of milliseconds. */
const portion = 2_000_000
/** What share of the work reading and mining are, as far as progress is concerned. */
const [read, mined] = [0.3, 0.8]

/** What nobody has asked for a support gets: one unit in twenty; where the best are asked for, what at least two share. */
const [usualSupport, leastUnits] = [0.05, 2]

/**
 * Sequences of event types that many users or sessions share, the most surprising first: see `rankBySurprise`.
 *
 * @throws AppError BAD_REQUEST when there are too many, with the support that would do; NOT_FOUND for unknown names; CANCELLED
 */
export async function discoverSequences({ store, signal, progress }: Asked, question: SequenceQuestion): Promise<SequenceFindings> {
  const sequences = await readSequences(store, question, signal)
  progress(read)
  const data = question.collapse ? collapseRuns(sequences.data) : sequences.data
  const population = data.starts.length - 1
  const { userCount, types } = sequences
  if (population === 0) return { population: 0, users: 0, events: 0, patterns: 0, minSupport: 0, sequences: [], notes: ['There are no events with a user here.'] }
  const minSupport = minSupportOf(question, population)
  const distance: Distance = { maxBetween: question.maxBetween, maxGap: question.maxGap === undefined ? undefined : Number(question.maxGap) }
  const miner = await mine(data, question, minSupport, distance, signal, (share) => progress(read + share * (mined - read)))
  const all = miner.found()
  const isLimited = distance.maxBetween !== undefined || distance.maxGap !== undefined
  const found = question.shape === 'all' ? all : condense(miner.patterns, all, { keep: question.shape, limited: isLimited, repeats: !question.collapse })
  const chains = new Chains(data, distance.maxBetween === undefined ? undefined : distance.maxBetween + 1)
  const chances = new Map<number, number>()
  for (const [pattern, chance] of chains.chances(miner.patterns, all)) {
    chances.set(pattern, chance)
    if (chances.size % 256 === 0) await pause(signal)
  }
  const ranked = rankBySurprise(miner.patterns, all, found, chances, population).slice(0, question.limit)
  const answered: FoundSequence[] = []
  for (const { pattern, expected } of ranked) {
    await pause(signal)
    progress(mined + ((1 - mined) * answered.length) / ranked.length)
    const items = miner.patterns.items(pattern)
    const units = miner.patterns.support(pattern)
    const names = Array.from(items, (item) => types[item] as string)
    answered.push({
      types: names, units, share: units / population, expected, lift: units / expected, ...lookAt(data, sequences, items, distance),
      behavior: sequenceBehavior({ types: names, by: sequences.by, session: question.unit === 'session' ? Number(question.sessionGap) : undefined, maxGap: distance.maxGap }),
    })
  }
  progress(1)
  return { population, users: userCount, events: sequences.data.items.length, patterns: found.length, minSupport, sequences: answered, notes: notesOn(question, found.length) }
}

function minSupportOf({ support, top }: SequenceQuestion, population: number): number {
  if (support === undefined && top !== undefined) return Math.min(leastUnits, population)
  // 0.07 of 100 is 7 and not 8, whatever the last bit of the product says
  return Math.max(1, Math.ceil((support ?? usualSupport) * population - 1e-9))
}

async function mine(data: SequenceData, { maxLength, collapse, top, unit }: SequenceQuestion, minSupport: number, distance: Distance, signal: AbortSignal, progress: (share: number) => void): Promise<Miner> {
  const options = { maxLength, repeats: !collapse, mostPatterns, ...distance }
  const miner = new Miner(data, { minSupport, top, ...options })
  try {
    do {
      progress(miner.share)
      await pause(signal)
    } while (!miner.run(portion))
  } catch (error) {
    if (!(error instanceof TooManyPatterns)) throw error
    const population = data.starts.length - 1
    throw tooManyFor(population, minSupport, error, unit, await enoughSupport((support) => new Miner(data, { minSupport: support, ...options }), minSupport, population, signal))
  }
  return miner
}

/** So many portions without a sign of too many are taken for a support that will do. */
const tried = 5

/** The least support, doubled again and again, with which there are not too many; undefined when all have too many. */
async function enoughSupport(minerOf: (support: number) => Miner, minSupport: number, population: number, signal: AbortSignal): Promise<number | undefined> {
  for (let support = 2 * minSupport; support < population; support *= 2) {
    const miner = minerOf(support)
    try {
      for (let portions = 0; portions < tried && !miner.run(portion); portions++) await pause(signal)
      return support
    } catch (error) {
      if (!(error instanceof TooManyPatterns)) throw error
      await pause(signal)
    }
  }
  return undefined
}

function tooManyFor(population: number, minSupport: number, { estimate }: TooManyPatterns, unit: SequenceQuestion['unit'], enough: number | undefined): AppError {
  const ways = [...(enough === undefined ? [] : [`raise the support to about ${percent(enough / population)}`]), ...(unit === 'user' ? ['look at sessions instead of whole users'] : []), 'limit the number of steps or the time between them', 'choose fewer types']
  const number = estimate < 1e9 ? `about ${estimate.toLocaleString('en')}` : 'more than a billion'
  return new AppError('BAD_REQUEST', `With a support of ${percent(minSupport / population)} there would be ${number} sequences; at most ${mostPatterns.toLocaleString('en')} are kept.`, {
    hint: `To have fewer: ${ways.join(', or ')}.`,
  })
}

function lookAt(data: SequenceData, { users }: EventSequences, items: Int32Array, distance: Distance): Pick<FoundSequence, 'users' | 'median'> {
  const found = new Set<number>()
  const lasting: number[] = []
  for (const { sequence, first, last } of occurrences(data, items, distance)) {
    found.add(users[sequence] as number)
    lasting.push((data.time[last] as number) - (data.time[first] as number))
  }
  lasting.sort((a, b) => a - b)
  return { users: found.size, median: lasting[Math.floor((lasting.length - 1) / 2)] ?? 0 }
}

function notesOn({ maxBetween, maxGap, from, to, collapse, limit, same, unit }: SequenceQuestion, patterns: number): string[] {
  return [
    ...(patterns > limit ? [`${(patterns - limit).toLocaleString('en')} more were found and are less surprising than these.`] : []),
    ...(same === undefined ? [] : [`Each ${unit} counts once for each value of ${same}.`]),
    ...(maxGap === undefined ? [] : ['What is expected takes no notice of the time between steps, so it is rather too high.']),
    ...(maxBetween === undefined ? [] : ['A behavior cannot say how many other events may lie between two steps: saved, these find more.']),
    ...(from === undefined && to === undefined ? [] : ['Saved as behaviors, these look at all events, not only at those of this time.']),
    ...(collapse ? ['Several events of a type in a row count as one.'] : []),
  ]
}

async function pause(signal: AbortSignal): Promise<void> {
  await setImmediate()
  if (signal.aborted) throw new AppError('CANCELLED', 'Cancelled.')
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(2))} %`
}
