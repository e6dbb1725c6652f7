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
