import { binomialTail } from './binomial.ts'
import { bestFolds, hitSlots, slotCount, type Fold } from './fold.ts'
import { beginnings, densest, exposureOf, without, type Traffic } from './traffic.ts'
import { tryPeriods } from './trial-periods.ts'

/** Events that come back. All times in microseconds. */
export interface Recurrence {
  readonly period: number
  /** The middle of the first slot. */
  readonly phase: number
  /** How far hits lie from the middle of their slot: the standard deviation, told from the median. */
  readonly jitter: number
  /** Half of the window in which an event counts as a hit. */
  readonly tolerance: number
  /** When the hits of the slots came, by the number of the slot. */
  readonly hits: ReadonlyMap<number, number>
  /** From the first slot to the last with an event. */
  readonly slots: number
  /** Bursts of events count as one. */
  readonly episodes: number
  /** The share of episodes in the windows. */
  readonly concentration: number
  /** The largest p of the three tests, corrected for everything that was tried on this series. */
  readonly p: number
}

const minute = 60_000_000
const hour = 60 * minute
/** Events closer than this are one episode. */
export const episodeGap = 15 * minute
const shortestPeriod = 60 * minute
const leastSlots = 5
const leastCoverage = 0.45
const level = 0.001
/** The widths of windows that may hold the hits, as shares of the period. */
const widths = [0.01, 0.02, 0.05, 0.1, 0.2, 0.3] as const
const multiples = [1, 1 / 2, 2, 3] as const
const mostPeaks = 8
const mostJudged = 12
/** Periods at which clocks and people repeat things: half of the chance of an error is spent on these few alone. */
const usual = [1, 2, 3, 4, 6, 8, 12, 24, 48, 168].map((hours) => hours * hour)

/** The first of each burst: events that follow within less than {@link episodeGap} belong to the one before. */
export function toEpisodes(times: Float64Array): Float64Array {
  return times.filter((time, at) => at === 0 || time - (times[at - 1] as number) >= episodeGap)
}

/**
 * {@link recurs} for events as they came.
 *
 * @param times ascending, microseconds
 * @param traffic of all events, those of the series among them
 * @param tried how many series are looked at in all
 */
export function findRecurrence(times: Float64Array, traffic: Traffic, tried: number): Recurrence | undefined {
  const buckets = new Set(Array.from(times, (time) => Math.floor((time - traffic.from) / traffic.width))).size
  return recurs(toEpisodes(times), without(traffic, times), buckets, tried)
}

/**
 * Whether events recur, and how: bursts collapsed, H-test over trial periods, fold to the fundamental, then two tests that
 * what is found is not merely traffic, nor one burst: the share of episodes in the window against the share of all other
 * traffic in the same phase, and the slots hit against the slots that as many events would hit by following the traffic.
 *
 * @param episodes the first events of bursts, ascending, microseconds
 * @param traffic of all events that are not of the series
 * @param buckets in how many buckets of the traffic the series has events
 * @param tried how many series are looked at in all; p is corrected for them
 */
export function recurs(episodes: Float64Array, traffic: Traffic, buckets: number, tried: number): Recurrence | undefined {
  if (episodes.length < leastSlots) return undefined
  const span = (episodes[episodes.length - 1] as number) - (episodes[0] as number)
  const occupied = (buckets * traffic.width) / (span + traffic.width)
  if (occupied > densest) return undefined
  // a period at which fewer than the least share of slots could be hit is no candidate
  const shortest = Math.max(shortestPeriod, (leastCoverage * span) / episodes.length)
  const longest = span / (leastSlots - 1) + minute
  if (longest <= shortest) return undefined
  const peaks = [...usual, ...tryPeriods(episodes, { shortest, longest, most: mostPeaks }).flatMap((period) => multiples.map((multiple) => period * multiple))]
  const folds = bestFolds(episodes, peaks.filter((period) => period >= shortest && period <= longest), widths, 0.75 / span, mostJudged)
  const others = beginnings(traffic, occupied, Math.ceil(episodeGap / traffic.width))
  const frequencies = span * (1 / shortest - 1 / longest) + 1
  let best: (Recurrence & { readonly strength: number }) | undefined
  for (const found of folds) {
    const judged = judge(episodes, found, others, frequencies)
    if (judged !== undefined && (best === undefined || judged.strength > best.strength)) best = judged
  }
  if (best === undefined || best.p * tried >= level) return undefined
  const { strength: _, ...recurrence } = best
  return { ...recurrence, p: recurrence.p * tried }
}

/** How sure a fold is: p is corrected for all periods, phases and widths; strength tells folds of the same events apart. */
function judge(episodes: Float64Array, { period, center, width }: Fold, others: Traffic, frequencies: number): (Recurrence & { readonly strength: number }) | undefined {
  const slots = slotCount(episodes, center, period)
  const half = (width * period) / 2
  const hits = hitSlots(episodes, { center, period, half })
  if (hits.size < leastSlots || hits.size < leastCoverage * slots) return undefined
  const inside = episodes.filter((time) => Math.abs(time - center - Math.round((time - center) / period) * period) <= half + 1).length
  const { share, slots: shares } = exposureOf(others, { center, period, half, slots })
  const expected = shares.reduce((sum, one) => sum + 1 - (1 - one) ** episodes.length, 0) / slots
  const single = Math.max(binomialTail(inside, episodes.length, share), binomialTail(hits.size, slots, expected))
  // a window is as wide as frequencies and phases must be apart for it to hold others
  const isUsual = usual.some((one) => Math.abs(1 / one - 1 / period) * slots * period <= 1)
  const periods = isUsual ? usual.length / width : frequencies / width
  const p = Math.min(1, (2 * single * periods * widths.length) / width)
  return { ...timing(hits, period, center), tolerance: half, hits, slots, episodes: episodes.length, concentration: inside / episodes.length, p, strength: -Math.log(Math.max(single, 1e-300)) }
}

/** Period and phase by least squares over the hits, and how far these lie from it. */
function timing(hits: ReadonlyMap<number, number>, period: number, center: number): Pick<Recurrence, 'period' | 'phase' | 'jitter'> {
  const offsets = [...hits].map(([slot, time]) => [slot, time - center - slot * period] as const)
  const meanSlot = offsets.reduce((sum, [slot]) => sum + slot, 0) / offsets.length
  const meanOffset = offsets.reduce((sum, [, offset]) => sum + offset, 0) / offsets.length
  const spread = offsets.reduce((sum, [slot]) => sum + (slot - meanSlot) ** 2, 0)
  const slope = offsets.reduce((sum, [slot, offset]) => sum + (slot - meanSlot) * (offset - meanOffset), 0) / spread
  const phase = center + meanOffset - slope * meanSlot
  const errors = [...hits].map(([slot, time]) => Math.abs(time - phase - slot * (period + slope))).sort((a, b) => a - b)
  return { period: period + slope, phase, jitter: 1.4826 * (errors[errors.length >> 1] as number) }
}
