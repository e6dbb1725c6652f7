/** Events folded at a period, in the window of phase that holds surprisingly many. All times in microseconds. */
export interface Fold {
  readonly period: number
  /** The middle of the window in the first slot in which there may be an event. */
  readonly center: number
  /** The width of the window as a share of the period. */
  readonly width: number
  /** How surprising it is that so many are in the window, in nats: the log likelihood against evenly spread events. */
  readonly surprise: number
}

/**
 * Folds events at a period and finds, for each width, the window of phase that holds most of them.
 *
 * @param times ascending, microseconds
 * @param widths shares of the period
 */
export function fold(times: Float64Array, period: number, widths: readonly number[]): readonly Fold[] {
  const origin = times[0] as number
  const count = times.length
  // twice around, so that a window may reach across the end of the period
  const phases = new Float64Array(2 * count)
  for (let at = 0; at < count; at++) {
    const since = (times[at] as number) - origin
    phases[at] = since - Math.floor(since / period) * period
  }
  phases.subarray(0, count).sort()
  for (let at = 0; at < count; at++) phases[count + at] = (phases[at] as number) + period
  return widths.map((width) => {
    const window = width * period
    let [best, from] = [0, 0]
    for (let first = 0, last = 0; first < count; first++) {
      const end = (phases[first] as number) + window
      while (last < first + count && (phases[last] as number) <= end) last++
      if (last - first > best) {
        best = last - first
        from = first
      }
    }
    // the middle of those in the window, rather than of the window itself, which begins with the first of them
    const middle = ((phases[from] as number) + (phases[from + best - 1] as number)) / 2
    const center = origin + middle - (middle > period / 2 ? period : 0)
    return { period, center, width, surprise: divergence(best / count, width) * count }
  })
}

/** Phases are counted in so many bins, to see roughly which folds are worth an exact look. */
const bins = 200
const tries = 10

/**
 * The most surprising folds near some periods, which are known only as well as the Fourier transform tells frequencies
 * apart: of each period and width the best of several frequencies.
 *
 * @param step frequencies are tried so far up and down
 * @param most so many folds, the most surprising first
 */
export function bestFolds(times: Float64Array, periods: readonly number[], widths: readonly number[], step: number, most: number): readonly Fold[] {
  const rough: { readonly period: number; readonly width: number; readonly surprise: number }[] = []
  const counts = new Float64Array(bins)
  for (const middle of periods) {
    const best = widths.map((width) => ({ period: middle, width, surprise: 0 }))
    for (let at = -tries; at <= tries; at++) {
      const frequency = 1 / middle + (at / tries) * step
      if (frequency <= 0) continue
      countPhases(times, frequency, counts)
      for (const [index, width] of widths.entries()) {
        // one bin more than the window is wide, as it need not begin where a bin does
        const surprise = divergence(mostIn(counts, Math.round(width * bins) + 1) / times.length, width) * times.length
        if (surprise > (best[index] as { surprise: number }).surprise) best[index] = { period: 1 / frequency, width, surprise }
      }
    }
    rough.push(...best)
  }
  const promising = rough.sort((a, b) => b.surprise - a.surprise).slice(0, 2 * most)
  return promising.flatMap(({ period, width }) => fold(times, period, [width])).sort((a, b) => b.surprise - a.surprise).slice(0, most)
}

function countPhases(times: Float64Array, frequency: number, counts: Float64Array): void {
  counts.fill(0)
  const origin = times[0] as number
  for (let at = 0; at < times.length; at++) {
    const turns = ((times[at] as number) - origin) * frequency
    const bin = Math.floor((turns - Math.floor(turns)) * bins)
    counts[bin] = (counts[bin] as number) + 1
  }
}

/** The largest sum of so many bins in a row, around the end as well. */
function mostIn(counts: Float64Array, window: number): number {
  let sum = 0
  for (let at = 0; at < window; at++) sum += counts[at] as number
  let best = sum
  for (let at = 0; at < bins; at++) {
    sum += (counts[(at + window) % bins] as number) - (counts[at] as number)
    if (sum > best) best = sum
  }
  return best
}

/** The slots from the first to the last event. */
export function slotCount(times: Float64Array, center: number, period: number): number {
  return Math.max(1, Math.round(((times[times.length - 1] as number) - center) / period) + 1)
}

/** For each slot with an event in its window, the event that is nearest to its middle; slots count from 0. */
export function hitSlots(times: Float64Array, { center, period, half }: { readonly center: number; readonly period: number; readonly half: number }): Map<number, number> {
  const hits = new Map<number, number>()
  for (const time of times) {
    const slot = Math.round((time - center) / period)
    const middle = center + slot * period
    if (slot < 0 || Math.abs(time - middle) > half + 1) continue
    const before = hits.get(slot)
    if (before === undefined || Math.abs(time - middle) < Math.abs(before - middle)) hits.set(slot, time)
  }
  return hits
}

/** Kullback and Leibler's divergence of a share from the one expected; 0 where it is no larger. */
function divergence(share: number, expected: number): number {
  if (share <= expected) return 0
  return share * Math.log(share / expected) + (share < 1 ? (1 - share) * Math.log((1 - share) / (1 - expected)) : 0)
}
