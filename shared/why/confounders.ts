import type { Candidate, Cohort } from './facts.ts'
import { countStrata, mantelHaenszel } from './stratified.ts'
import { oddsRatio, type Interval, type TwoByTwo } from './two-by-two.ts'

/** Facts that agree this much (phi) are the same fact, told twice: neither can explain the other. */
const alike = 0.9

interface Tested {
  readonly candidate: Candidate
  readonly table: TwoByTwo
  readonly inflation: number
  readonly evidence: number
}

/** What becomes of an odds ratio when others are held constant. */
export interface Checked {
  /** `explained`: nothing much is left. `weaker`: less than half is left, or it can no longer be told from nothing. `unchecked`: there is no other finding. */
  readonly verdict: 'holds' | 'weaker' | 'explained' | 'unchecked'
  /** The odds ratio over the strata of the confounders together. */
  readonly adjusted: Interval | undefined
  /** At most two, the strongest first. */
  readonly confounders: readonly Candidate[]
  /** What came behind the fact and leaves little of it when held constant: the way it acts, or what it merely goes along with. */
  readonly through?: { readonly candidate: Candidate; readonly adjusted: Interval }
}

/**
 * Checks a finding against the two other findings that change its odds ratio most: the stronger alone, then that which
 * changes it most in the strata of the first (Mantel and Haenszel). What comes behind the fact may follow from it, and is
 * no confounder; yet where it leaves nothing of the fact, that is told, and the fact is weaker.
 */
export function againstConfounders(cohort: Cohort, finding: Tested, others: readonly Tested[]): Checked {
  const exposed = finding.candidate.expose()
  const all = others
    .filter(({ candidate }) => candidate.family !== finding.candidate.family)
    .map(({ candidate }) => ({ candidate, exposed: candidate.expose() }))
    .filter((rival) => Math.abs(phi(exposed, rival.exposed)) < alike)
  const isLater = (rival: (typeof all)[number]): boolean => follows(finding.candidate, exposed, rival.candidate, rival.exposed)
  const rivals = all.filter((rival) => !isLater(rival))
  const adjust = (held: readonly Uint8Array[]): Interval | undefined =>
    mantelHaenszel(countStrata(exposed, cohort.matched, (at) => held.reduce((code, one) => ((one[at] as number) > 1 ? Number.NaN : code * 2 + (one[at] as number)), 0), 2 ** held.length), finding.inflation)
  const crude = Math.log(oddsRatio(finding.table).value)
  const chosen: (typeof rivals)[number][] = []
  let adjusted: Interval | undefined
  for (let place = 0; place < 2; place++) {
    const before = adjusted === undefined ? crude : Math.log(adjusted.value)
    let most = 0
    let next: { readonly rival: (typeof rivals)[number]; readonly interval: Interval } | undefined
    for (const rival of rivals) {
      if (chosen.includes(rival)) continue
      const interval = adjust([...chosen, rival].map((one) => one.exposed))
      if (interval === undefined) continue
      const shift = Math.abs(Math.log(interval.value) - before)
      if (shift > most) [most, next] = [shift, { rival, interval }]
    }
    if (next === undefined) break
    chosen.push(next.rival)
    adjusted = next.interval
  }
  const checked: Checked = { verdict: judge(crude, adjusted), adjusted, confounders: chosen.map(({ candidate }) => candidate) }
  if (checked.verdict === 'explained') return checked
  const through = all
    .filter(isLater)
    .flatMap((rival) => {
      const interval = adjust([rival.exposed])
      return interval !== undefined && judge(crude, interval) === 'explained' ? [{ candidate: rival.candidate, adjusted: interval }] : []
    })
    .sort((left, right) => Math.abs(Math.log(left.adjusted.value)) - Math.abs(Math.log(right.adjusted.value)))[0]
  return through === undefined ? checked : { ...checked, verdict: 'weaker', through }
}

/** Whether two facts hold for the same chances, or one for just those for which the other does not. */
export function areSame(left: Uint8Array, right: Uint8Array): boolean {
  return Math.abs(phi(left, right)) > 1 - 1e-9
}

function judge(crude: number, adjusted: Interval | undefined): Checked['verdict'] {
  if (adjusted === undefined) return 'unchecked'
  const isLess = Math.log(adjusted.value) * Math.sign(crude) < Math.abs(crude) / 2
  const mayBeNothing = adjusted.low <= 1 && adjusted.high >= 1
  const isTurned = (adjusted.value > 1) !== crude > 0
  if ((isLess && mayBeNothing) || isTurned) return 'explained'
  return isLess || mayBeNothing ? 'weaker' : 'holds'
}

/** Of two findings that explain each other, the one with more evidence is not explained: it can only not be told apart. */
export function mutual<F extends Tested & { readonly checked: Checked }>(findings: readonly F[]): F[] {
  const explains = (one: F, other: F): boolean => other.checked.verdict === 'explained' && other.checked.confounders.includes(one.candidate)
  return findings.map((finding) => {
    const rivals = findings.filter((other) => explains(other, finding))
    const isStrongest = rivals.length > 0 && rivals.every((other) => explains(finding, other) && finding.evidence >= other.evidence)
    return isStrongest ? { ...finding, checked: { ...finding.checked, verdict: 'weaker' as const } } : finding
  })
}

/** The correlation of two exposures, over the chances for which both are known. */
function phi(left: Uint8Array, right: Uint8Array): number {
  let [n, l, r, both] = [0, 0, 0, 0]
  for (let at = 0; at < left.length; at++) {
    const [one, other] = [left[at] as number, right[at] as number]
    if (one > 1 || other > 1) continue
    n++
    l += one
    r += other
    both += one & other
  }
  const spread = Math.sqrt(l * (n - l) * r * (n - r))
  return spread === 0 ? 0 : (n * both - l * r) / spread
}

/** Whether a rival mostly comes behind the fact where both are there. What has no moment was there at the start. */
function follows(fact: Candidate, exposed: Uint8Array, rival: Candidate, rivalExposed: Uint8Array): boolean {
  if (rival.when === undefined) return false
  if (fact.when === undefined) return rival.group === 'after the start'
  const factTimes = fact.when()
  const rivalTimes = rival.when()
  let [behind, together] = [0, 0]
  for (let at = 0; at < exposed.length; at++) {
    if (exposed[at] !== 1 || rivalExposed[at] !== 1) continue
    together++
    if ((rivalTimes[at] as number) > (factTimes[at] as number)) behind++
  }
  return behind * 2 > together
}
