import { z95, type Interval, type TwoByTwo } from './two-by-two.ts'

/** Tables of one exposure, a stratum each: as many as there are values of `stratum`, from 0 on. Unknown values are left out. */
export function countStrata(exposed: Uint8Array, matched: Uint8Array, stratum: (at: number) => number, strata: number): readonly TwoByTwo[] {
  const counts = Array.from({ length: strata }, () => ({ exposedMatched: 0, exposedUnmatched: 0, unexposedMatched: 0, unexposedUnmatched: 0 }))
  for (let at = 0; at < exposed.length; at++) {
    const exposure = exposed[at] as number
    const table = counts[stratum(at)]
    if (exposure > 1 || table === undefined) continue
    if (exposure === 1) table[matched[at] === 1 ? 'exposedMatched' : 'exposedUnmatched']++
    else table[matched[at] === 1 ? 'unexposedMatched' : 'unexposedUnmatched']++
  }
  return counts
}

/**
 * The odds ratio of Mantel and Haenszel (1959) over strata, with the interval of Robins, Breslow and Greenland (1986).
 * Undefined when the strata say nothing, such as when exposure and stratum are the same.
 */
export function mantelHaenszel(strata: readonly TwoByTwo[], inflation = 1): Interval | undefined {
  let [r, s, pr, psqr, qs] = [0, 0, 0, 0, 0]
  for (const { exposedMatched: a, exposedUnmatched: b, unexposedMatched: c, unexposedUnmatched: d } of strata) {
    const n = a + b + c + d
    if (n === 0) continue
    const [p, q, ri, si] = [(a + d) / n, (b + c) / n, (a * d) / n, (b * c) / n]
    r += ri
    s += si
    pr += p * ri
    psqr += p * si + q * ri
    qs += q * si
  }
  if (r === 0 || s === 0) return undefined
  const value = r / s
  const variance = pr / (2 * r * r) + psqr / (2 * r * s) + qs / (2 * s * s)
  const spread = z95 * Math.sqrt(variance * inflation)
  return { value, low: value * Math.exp(-spread), high: value * Math.exp(spread) }
}
