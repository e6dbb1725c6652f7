/**
 * How often a behavior followed, with and without a fact. A chance that led to the behavior is *matched*; one for which
 * the fact holds is *exposed*.
 */
export interface TwoByTwo {
  readonly exposedMatched: number
  readonly exposedUnmatched: number
  readonly unexposedMatched: number
  readonly unexposedUnmatched: number
}

/** An estimate with its 95 % interval. */
export interface Interval {
  readonly value: number
  readonly low: number
  readonly high: number
}

/** Two-sided 95 % of the normal distribution. */
export const z95 = 1.959963984540054

/** Counts chances by exposure (0 no, 1 yes, anything else unknown: left out) and by outcome. */
export function countTable(exposed: Uint8Array, matched: Uint8Array): TwoByTwo {
  const counts = new Int32Array(4)
  for (let at = 0; at < exposed.length; at++) {
    const exposure = exposed[at] as number
    const cell = exposure * 2 + (matched[at] as number)
    if (exposure < 2) counts[cell] = (counts[cell] as number) + 1
  }
  const [unexposedUnmatched = 0, unexposedMatched = 0, exposedUnmatched = 0, exposedMatched = 0] = counts
  return { exposedMatched, exposedUnmatched, unexposedMatched, unexposedUnmatched }
}

/**
 * The odds ratio with Woolf's interval (1955). With an empty cell one half is added to every cell (Haldane and Anscombe),
 * so that there is a number.
 *
 * @param inflation how many times larger the variance of log odds ratio is than independent chances would give
 */
export function oddsRatio(table: TwoByTwo, inflation = 1): Interval {
  const { a, b, c, d } = cells(table)
  const value = (a * d) / (b * c)
  const spread = z95 * Math.sqrt(woolfVariance(table) * inflation)
  return { value, low: value * Math.exp(-spread), high: value * Math.exp(spread) }
}

/** The variance of the log odds ratio. */
export function woolfVariance(table: TwoByTwo): number {
  const { a, b, c, d } = cells(table)
  return 1 / a + 1 / b + 1 / c + 1 / d
}

/** The cells, each with one half more when one of them is empty. */
function cells({ exposedMatched, exposedUnmatched, unexposedMatched, unexposedUnmatched }: TwoByTwo): { readonly a: number; readonly b: number; readonly c: number; readonly d: number } {
  const more = exposedMatched * exposedUnmatched * unexposedMatched * unexposedUnmatched === 0 ? 0.5 : 0
  return { a: exposedMatched + more, b: exposedUnmatched + more, c: unexposedMatched + more, d: unexposedUnmatched + more }
}

/**
 * The difference of the shares matched, exposed less unexposed, with Newcombe's interval (1998, method 10: Wilson's
 * intervals put together), which stays right near 0 and 1.
 *
 * @param inflation as for {@link oddsRatio}: so many times fewer chances are counted as independent
 */
export function riskDifference({ exposedMatched, exposedUnmatched, unexposedMatched, unexposedUnmatched }: TwoByTwo, inflation = 1): Interval {
  const exposed = wilson(exposedMatched, exposedMatched + exposedUnmatched, inflation)
  const unexposed = wilson(unexposedMatched, unexposedMatched + unexposedUnmatched, inflation)
  const value = exposed.value - unexposed.value
  return {
    value,
    low: value - Math.hypot(exposed.value - exposed.low, unexposed.high - unexposed.value),
    high: value + Math.hypot(exposed.high - exposed.value, unexposed.value - unexposed.low),
  }
}

/** A share with Wilson's interval (1927). Without any chance it can be anything. */
export function wilson(matched: number, all: number, inflation = 1): Interval {
  if (all === 0) return { value: 0, low: 0, high: 1 }
  const n = all / inflation
  const value = matched / all
  const middle = (value + z95 ** 2 / (2 * n)) / (1 + z95 ** 2 / n)
  const spread = (z95 / (1 + z95 ** 2 / n)) * Math.sqrt((value * (1 - value)) / n + z95 ** 2 / (4 * n * n))
  return { value, low: Math.max(0, middle - spread), high: Math.min(1, middle + spread) }
}

/** Twice the log likelihood ratio against independence (G): how much a table says, without the limits of small p values. */
export function evidence({ exposedMatched: a, exposedUnmatched: b, unexposedMatched: c, unexposedUnmatched: d }: TwoByTwo): number {
  const all = a + b + c + d
  const term = (seen: number, row: number, column: number): number => (seen === 0 ? 0 : seen * Math.log((seen * all) / (row * column)))
  return Math.max(0, 2 * (term(a, a + b, a + c) + term(b, a + b, b + d) + term(c, c + d, a + c) + term(d, c + d, b + d)))
}
