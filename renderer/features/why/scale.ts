/** Where odds ratios stand on a chart: on a scale of their logarithms, with 1 in the picture. */
export interface RatioScale {
  /** 0 (left) to 1 (right) of a ratio; what lies outside is at the edge. */
  readonly at: (ratio: number) => number
  /** Ratios to mark. */
  readonly ticks: readonly number[]
  readonly low: number
  readonly high: number
}

const round = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100] as const

const mostTicks = 8

/** A scale that holds the intervals, out to a hundred times more or less at most. */
export function ratioScale(intervals: readonly { readonly low: number; readonly high: number }[]): RatioScale {
  const within = (ratio: number): number => Math.min(100, Math.max(0.01, ratio))
  const least = within(Math.min(0.5, ...intervals.map(({ low }) => low)))
  const most = within(Math.max(2, ...intervals.map(({ high }) => high)))
  const low = round.findLast((ratio) => ratio <= least) ?? 0.01
  const high = round.find((ratio) => ratio >= most) ?? 100
  const at = (ratio: number): number => Math.min(1, Math.max(0, Math.log(ratio / low) / Math.log(high / low)))
  const inside = round.filter((ratio) => ratio >= low && ratio <= high)
  // where there are many, the powers of ten and the ends
  const ticks = inside.length <= mostTicks ? inside : inside.filter((ratio) => ratio === low || ratio === high || Number.isInteger(Math.round(Math.log10(ratio) * 1e6) / 1e6))
  return { at, low, high, ticks }
}
