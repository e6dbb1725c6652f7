/** About so many ranges between the least and the most of most values. */
const wanted = 6

/**
 * Round numbers that cut what lies between two values into a few ranges. They tell of no single value, as the least and the
 * most would.
 */
export function roundBounds(low: number, high: number): readonly number[] {
  if (!(high > low)) return [low]
  const rough = (high - low) / wanted
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= rough * 0.8) ?? 10) * power
  const first = Math.floor(low / step) + 1
  const last = Math.max(first, Math.ceil(high / step) - 1)
  // 3 * 0.1 is not 0.3; neighbors of huge numbers are the same
  return [...new Set(Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12))))]
}

/** `under 2`, `2 to under 5`, `5 and more`: the range of the values that have reached so many of the bounds. */
export function rangeName(bounds: readonly number[], reached: number): string {
  const [from, to] = [bounds[reached - 1], bounds[reached]]
  if (from === undefined) return to === undefined ? 'any' : `under ${to}`
  return to === undefined ? `${from} and more` : `${from} to under ${to}`
}
