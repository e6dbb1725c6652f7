import { woolfVariance, type TwoByTwo } from './two-by-two.ts'

/**
 * How many times larger the variance of the log odds ratio is than Woolf's, since chances of one user resemble each other
 * (the sandwich estimate with one sum a cluster; Liang and Zeger 1986). At least 1; 1 when every cluster has one chance.
 *
 * @param cluster of each chance; the chances of one stand side by side
 */
export function varianceInflation(exposed: Uint8Array, matched: Uint8Array, cluster: Int32Array, table: TwoByTwo): number {
  const withFact = weights(table.exposedMatched, table.exposedUnmatched)
  const without = weights(table.unexposedMatched, table.unexposedUnmatched)
  let variance = 0
  let sum = 0
  for (let at = 0; at < exposed.length; at++) {
    if (at > 0 && cluster[at] !== cluster[at - 1]) {
      variance += sum * sum
      sum = 0
    }
    const exposure = exposed[at] as number
    if (exposure === 1) sum += ((matched[at] as number) - withFact.share) * withFact.weight
    else if (exposure === 0) sum -= ((matched[at] as number) - without.share) * without.weight
  }
  return Math.max(1, (variance + sum * sum) / woolfVariance(table))
}

/** How many clusters have a chance with this exposure. The chances of one stand side by side. */
export function countClusters(exposed: Uint8Array, cluster: Int32Array, exposure: number): number {
  let count = 0
  let last = -1
  for (let at = 0; at < exposed.length; at++) {
    if (exposed[at] !== exposure || (count > 0 && cluster[at] === last)) continue
    count++
    last = cluster[at] as number
  }
  return count
}

/** The share matched, drawn a little to the middle so that an empty cell has a variance, and what one chance weighs. */
function weights(matched: number, unmatched: number): { readonly share: number; readonly weight: number } {
  const more = matched === 0 || unmatched === 0 ? 0.5 : 0
  const share = (matched + more) / (matched + unmatched + 2 * more)
  return { share, weight: 1 / ((matched + unmatched + 2 * more) * share * (1 - share)) }
}
