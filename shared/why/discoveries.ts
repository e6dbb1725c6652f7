/** The p value of several together: how likely the least of them is when none has anything behind it (Simes 1986). */
export function simes(p: readonly number[]): number {
  const sorted = [...p].sort((left, right) => left - right)
  return sorted.reduce((least, one, at) => Math.min(least, (one * p.length) / (at + 1)), 1)
}

/**
 * The rate of false discoveries of each, so that both hold: among all that were tried, and among families, each of which
 * becomes one finding. Without the second, one family with many true variants would let others slip through.
 */
export function discoveryRates(tried: readonly { readonly family: string; readonly p: number }[]): readonly number[] {
  const families = new Map<string, number[]>()
  for (const { family, p } of tried) families.set(family, [...(families.get(family) ?? []), p])
  const rates = benjaminiHochberg([...families.values()].map(simes))
  const ofFamily = new Map([...families.keys()].map((family, at) => [family, rates[at] as number]))
  const overall = benjaminiHochberg(tried.map(({ p }) => p))
  return tried.map(({ family }, at) => Math.max(overall[at] as number, ofFamily.get(family) as number))
}

/**
 * Benjamini and Hochberg (1995): for each p value the least false discovery rate at which it is a discovery, over all that
 * were tried. In the order of `p`.
 */
export function benjaminiHochberg(p: readonly number[]): readonly number[] {
  const order = p.map((_, at) => at).sort((left, right) => (p[right] as number) - (p[left] as number))
  const q = new Array<number>(p.length)
  let least = 1
  for (const [place, at] of order.entries()) {
    least = Math.min(least, ((p[at] as number) * p.length) / (p.length - place))
    q[at] = least
  }
  return q
}
