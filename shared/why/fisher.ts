import { gammaln } from 'simple-statistics'
import type { TwoByTwo } from './two-by-two.ts'

/** Tables are as likely as the one that was seen up to rounding, as in R's fisher.test. */
const tolerance = 1 + 1e-7

/** Fisher's exact test, two-sided: how likely a table at most as likely as this is, given its margins, if nothing is behind it. */
export function fisherExact({ exposedMatched, exposedUnmatched, unexposedMatched, unexposedUnmatched }: TwoByTwo): number {
  const exposed = exposedMatched + exposedUnmatched
  const matched = exposedMatched + unexposedMatched
  const all = exposed + unexposedMatched + unexposedUnmatched
  const least = Math.max(0, exposed + matched - all)
  const most = Math.min(exposed, matched)
  // log probability but for a constant: each table from the one before by the ratio of their counts
  const ratio = (a: number): number => ((exposed - a) * (matched - a)) / ((a + 1) * (all - exposed - matched + a + 1))
  const limit = logProbability(exposedMatched, exposed, matched, all) + Math.log(tolerance)
  let sum = 0
  let log = logProbability(least, exposed, matched, all)
  for (let a = least; a <= most; a++) {
    if (log <= limit) sum += Math.exp(log)
    log += Math.log(ratio(a))
  }
  return Math.min(1, sum)
}

/** Of the hypergeometric distribution. */
function logProbability(a: number, exposed: number, matched: number, all: number): number {
  return logChoose(exposed, a) + logChoose(all - exposed, matched - a) - logChoose(all, matched)
}

function logChoose(n: number, k: number): number {
  return gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)
}
