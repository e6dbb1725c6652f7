import { countClusters, varianceInflation } from './clusters.ts'
import { againstConfounders, areSame, mutual, type Checked } from './confounders.ts'
import { discoveryRates } from './discoveries.ts'
import type { Candidate, Cohort, FactGroup } from './facts.ts'
import { fisherExact } from './fisher.ts'
import { logRank } from './log-rank.ts'
import { twoSided } from './normal.ts'
import { countTable, evidence, oddsRatio, riskDifference, woolfVariance, type Interval, type TwoByTwo } from './two-by-two.ts'

/** Which candidates are tried, and which are found. */
export interface Limits {
  /** A fact must hold for so many chances, and not hold for so many. */
  readonly leastExposed: number
  /** And for so many clusters: what only a few users share, such as the number of a session, is no fact about users. */
  readonly leastClusters: number
  /** The false discovery rate below which something is a finding. */
  readonly rate: number
}

export const defaultLimits: Limits = { leastExposed: 20, leastClusters: 10, rate: 0.05 }

/** A candidate that was tried. */
export interface Tried {
  readonly candidate: Candidate
  readonly table: TwoByTwo
  readonly p: number
  /** Benjamini and Hochberg over all that were tried, and over families. */
  readonly q: number
  /** How much wider intervals are since users have several chances; 1 where that makes no difference. */
  readonly inflation: number
  /** How much the table says, by which findings are ranked. */
  readonly evidence: number
}

/** A fact that goes with the behavior, with what becomes of it when the strongest confounders are held constant. */
export interface Found extends Tried {
  readonly oddsRatio: Interval
  readonly difference: Interval
  readonly checked: Checked
  /**
   * True for what comes behind the start and makes the behavior rarer: mostly what was done instead. Whoever waits longer
   * also has more time for it, so that its odds ratio looks stronger than it is; the log-rank test is not deceived.
   */
  readonly isInstead: boolean
  /** True for what comes behind the start and before nearly all that matched: a step on the way to it, which says how and not why. */
  readonly isWay: boolean
  /** Facts of other families that hold for the very same chances, so that nothing can tell which of them matters. */
  readonly twins: readonly Candidate[]
  /** How many variants of it were found as well: other windows, thresholds or values of the same field. */
  readonly variants: number
}

/** What was found, the strongest first; then steps on the way and what was done instead, and last what others explain. */
export interface Explanation {
  readonly findings: readonly Found[]
  /** The nearest of what may be chance, a few: to look at, not to act upon. */
  readonly near: readonly Found[]
  readonly tried: number
  readonly tooRare: number
}

/**
 * Tries every candidate on a cohort: Fisher's exact test, no smaller than what the dependence of a user's chances allows,
 * and for what comes while one waits no smaller than the log-rank test allows; discoveries by Benjamini and Hochberg over
 * all and over families; the best variant of each family, checked against the strongest confounders. Yields how many candidates are done,
 * so that the caller may show it, wait, or stop.
 */
export function* explain(cohort: Cohort, candidates: readonly Candidate[], limits: Limits = defaultLimits): Generator<number, Explanation> {
  const tested: Omit<Tried, 'q'>[] = []
  let tooRare = 0
  for (const [index, candidate] of candidates.entries()) {
    const one = tryOne(cohort, candidate, limits)
    if (one === undefined) tooRare++
    else tested.push(one)
    yield index + 1
  }
  const q = discoveryRates(tested.map(({ candidate, p }) => ({ family: candidate.family, p })))
  const all = tested.map((one, at): Tried => ({ ...one, q: q[at] as number }))
  const discoveries = all.filter((one) => one.q < limits.rate).sort(byEvidence)
  const best = new Map<string, Tried[]>()
  for (const one of discoveries) best.set(one.candidate.family, [...(best.get(one.candidate.family) ?? []), one])
  const place = new Map(all.map((one, at) => [one, at]))
  const leaders = withoutTwins([...best.values()].map((variants) => simplest(variants, place)).sort(byEvidence))
  const findings: Found[] = []
  // steps on the way belong to going on, and what was done instead follows from not going on: they explain nothing
  const rivals = leaders.flatMap(({ tried }) => (isInstead(tried) || isWay(tried) ? [] : [tried]))
  for (const { tried: one, twins } of leaders) {
    findings.push({
      ...estimated(one),
      twins,
      checked: againstConfounders(cohort, one, rivals),
      variants: (best.get(one.candidate.family)?.length ?? 1) - 1,
    })
    yield candidates.length
  }
  const rank = (one: Found): number => (one.checked.verdict === 'explained' ? 2 : one.isInstead || one.isWay ? 1 : 0)
  const sorted = mutual(findings).sort((left, right) => rank(left) - rank(right) || right.evidence - left.evidence)
  return { findings: sorted, near: nearest(all, limits.rate), tried: tested.length, tooRare }
}

const fewNear = 5

function nearest(all: readonly Tried[], rate: number): readonly Found[] {
  const found = new Set(all.filter((one) => one.q < rate).map(({ candidate }) => candidate.family))
  const best = new Map<string, Tried>()
  for (const one of [...all].sort((left, right) => left.p - right.p)) if (!found.has(one.candidate.family) && !best.has(one.candidate.family)) best.set(one.candidate.family, one)
  return [...best.values()]
    .slice(0, fewNear)
    .map((one) => ({ ...estimated(one), checked: { verdict: 'unchecked', adjusted: undefined, confounders: [] }, twins: [], variants: 0 }))
}

function estimated(one: Tried): Tried & Pick<Found, 'oddsRatio' | 'difference' | 'isInstead' | 'isWay'> {
  return { ...one, oddsRatio: oddsRatio(one.table, one.inflation), difference: riskDifference(one.table, one.inflation), isInstead: isInstead(one), isWay: isWay(one) }
}

/** Of twins, the one that tells more stands for both: what the user has brought first, an attribute before an event, an event before a time. */
const telling: readonly FactGroup[] = ['context', 'attributes', 'calendar', 'earlier events', 'after the start', 'timing']

/** Puts facts together that hold for the same chances. @param leaders the strongest first */
function withoutTwins(leaders: readonly Tried[]): readonly { readonly tried: Tried; readonly twins: readonly Candidate[] }[] {
  const kept: { tried: Tried; readonly exposed: Uint8Array; readonly twins: Candidate[] }[] = []
  for (const one of leaders) {
    const exposed = one.candidate.expose()
    const twin = kept.find((other) => areSame(other.exposed, exposed))
    if (twin === undefined) {
      kept.push({ tried: one, exposed, twins: [] })
      continue
    }
    const saysMore = telling.indexOf(one.candidate.group) < telling.indexOf(twin.tried.candidate.group)
    twin.twins.push(saysMore ? twin.tried.candidate : one.candidate)
    if (saysMore) twin.tried = one
  }
  return kept
}

/** So much more evidence (the 1 % of chi squared with one degree of freedom) makes a narrower variant the better one. */
const margin = 6.63

/**
 * The variant that stands for a family: the first that was tried, from broad to narrow, of those that say about as much as
 * the one that says most. Always taking the strongest would overstate it, and its interval would hold the truth too seldom.
 */
function simplest(variants: readonly Tried[], place: ReadonlyMap<Tried, number>): Tried {
  const most = Math.max(...variants.map((one) => one.evidence))
  const near = variants.filter((one) => one.evidence >= most - margin)
  const [first] = near.sort((left, right) => Number(isRarer(left)) - Number(isRarer(right)) || (place.get(left) as number) - (place.get(right) as number))
  return first as Tried
}

function isRarer({ table }: Tried): boolean {
  return oddsRatio(table).value < 1
}

/** The strongest first; of a fact and its contrary, the one that goes with the behavior. */
function byEvidence(left: Tried, right: Tried): number {
  const rounded = ({ evidence: amount }: Tried): number => Math.round(amount * 1e6)
  return rounded(right) - rounded(left) || oddsRatio(right.table).value - oddsRatio(left.table).value
}

function isInstead({ candidate, table }: Tried): boolean {
  return candidate.group === 'after the start' && oddsRatio(table).value < 1
}

/** Nearly all that matched came by what is a step on the way. */
const nearlyAll = 0.95

function isWay({ candidate, table }: Tried): boolean {
  return candidate.group === 'after the start' && oddsRatio(table).value > 1 && table.exposedMatched >= nearlyAll * (table.exposedMatched + table.unexposedMatched)
}

/** Undefined when the candidate holds for too few or for too many; that hangs on the fact alone, never on the outcome. */
function tryOne(cohort: Cohort, candidate: Candidate, { leastExposed, leastClusters }: Limits): Omit<Tried, 'q'> | undefined {
  const exposed = candidate.expose()
  const table = countTable(exposed, cohort.matched)
  if (table.exposedMatched + table.exposedUnmatched < leastExposed || table.unexposedMatched + table.unexposedUnmatched < leastExposed) return undefined
  if (Math.min(countClusters(exposed, cohort.cluster, 1), countClusters(exposed, cohort.cluster, 0)) < leastClusters) return undefined
  const inflation = varianceInflation(exposed, cohort.matched, cohort.cluster, table)
  const byUsers = inflation > 1.001 ? twoSided(Math.log(oddsRatio(table).value) / Math.sqrt(woolfVariance(table) * inflation)) : 0
  const waited = candidate.group === 'after the start' && candidate.when !== undefined ? logRank(candidate.when(), cohort.until, cohort.decided) : 0
  return { candidate, table, p: Math.max(fisherExact(table), byUsers, waited), inflation, evidence: evidence(table) / inflation }
}
