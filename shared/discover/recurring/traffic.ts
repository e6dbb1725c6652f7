/** How many events of whatever kind there were, in buckets of equal width; microseconds. */
export interface Traffic {
  /** The start of the first bucket. */
  readonly from: number
  readonly width: number
  readonly counts: Float64Array
}

/** What share of the traffic between two times falls into a window of phase, in all and for each slot. */
export interface Exposure {
  readonly share: number
  readonly slots: Float64Array
}

/**
 * The share of traffic in the windows of slots: slot k is centered on `center + k * period`.
 *
 * @param half half of the window's width, microseconds
 */
export function exposureOf({ from, width, counts }: Traffic, { center, period, half, slots }: { readonly center: number; readonly period: number; readonly half: number; readonly slots: number }): Exposure {
  const inside = new Float64Array(slots)
  const [begin, end] = [center - period / 2, center + (slots - 0.5) * period]
  let total = 0
  const first = Math.max(0, Math.floor((begin - from) / width))
  const last = Math.min(counts.length - 1, Math.floor((end - from) / width))
  for (let bucket = first; bucket <= last; bucket++) {
    const count = counts[bucket] as number
    if (count === 0) continue
    total += count
    const left = from + bucket * width
    const slot = Math.round((left + width / 2 - center) / period)
    if (slot < 0 || slot >= slots) continue
    const middle = center + slot * period
    const overlap = Math.min(left + width, middle + half) - Math.max(left, middle - half)
    if (overlap > 0) inside[slot] = (inside[slot] as number) + (count * overlap) / width
  }
  if (total === 0) return { share: (2 * half) / period, slots: inside.fill((2 * half) / (period * slots)) }
  // what is known of little traffic is known badly: its share may be larger by chance
  const share = Math.min(1, inside.reduce((sum, one) => sum + one, 0) / total)
  const most = Math.min(1, share + 2 * Math.sqrt((share * (1 - share)) / total) + 1 / total)
  return { share: most, slots: inside.map((one) => (share === 0 ? most / slots : Math.min(1, (one / total) * (most / share)))) }
}

/** A series with events in more of its buckets than this has no episodes that could come back. */
export const densest = 0.3

/**
 * Traffic weighted by how likely an event of a series that follows it begins an episode: where there is much traffic, one is
 * likely to have come shortly before, so that episodes begin less often than there are events.
 *
 * @param occupied the share of buckets in which the series has events
 * @param gap buckets without an event in front of an episode
 */
export function beginnings(traffic: Traffic, occupied: number, gap: number): Traffic {
  const { counts } = traffic
  const total = counts.reduce((sum, one) => sum + one, 0)
  if (total === 0) return traffic
  const rate = (-Math.log1p(-Math.min(occupied, 0.99)) * counts.length) / total
  return { ...traffic, counts: counts.map((count, at) => {
    let before = 0
    for (let back = 1; back <= gap; back++) before += counts[at - back] ?? 0
    return count * Math.exp(-rate * before)
  }) }
}

/** Traffic without the events of a series: what comes back alone must not explain itself. */
export function without(traffic: Traffic, times: Float64Array): Traffic {
  const counts = traffic.counts.slice()
  for (const time of times) {
    const bucket = Math.floor((time - traffic.from) / traffic.width)
    if (bucket >= 0 && bucket < counts.length) counts[bucket] = Math.max(0, (counts[bucket] as number) - 1)
  }
  return { ...traffic, counts }
}
