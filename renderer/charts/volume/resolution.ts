const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

/** Buckets that people think in, in milliseconds. */
const steps = [second, 2 * second, 5 * second, 10 * second, 30 * second, minute, 2 * minute, 5 * minute, 10 * minute, 30 * minute, hour, 2 * hour, 6 * hour, 12 * hour, day, 2 * day, 7 * day, 30 * day, 90 * day, 365 * day]

/** The smallest bucket with which a range has at most so many, in milliseconds. */
export function chooseResolution(range: number, mostBuckets: number): number {
  return steps.find((step) => range / step <= mostBuckets) ?? Math.ceil(range / mostBuckets / (365 * day)) * 365 * day
}

/** From the beginning of the first bucket to the end of the last: of half a bucket one sees half of what is in it, or nothing. */
export function wholeBuckets(first: number, last: number, resolution: number): { readonly from: number; readonly to: number } {
  return { from: Math.floor(first / resolution) * resolution, to: (Math.floor(last / resolution) + 1) * resolution }
}

const roundParts = [1, 1.2, 1.6, 2, 2.4, 3, 4, 5, 6, 8, 10]

/** The top of an axis of counts: the smallest round number that holds them all, and whose half is whole as well. */
export function roundTop(most: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(2, most)))
  return roundParts.map((part) => Math.round(part * power)).find((top) => top >= Math.max(2, most) && top % 2 === 0) ?? 2 * power * 10
}

/** How many events fell into each bucket, by type. Buckets ascend; those without events are left out. */
export interface Volume {
  /** Begin of each bucket, epoch milliseconds. */
  readonly buckets: Float64Array
  readonly types: readonly string[]
  /** `counts[type][bucket]` */
  readonly counts: readonly Float64Array[]
  readonly totals: Float64Array
}

/** Turns rows of (bucket, type, events) into series. */
export function toVolume(rows: readonly { readonly bucket: number; readonly type: string; readonly events: number }[]): Volume {
  const buckets = Float64Array.from([...new Set(rows.map(({ bucket }) => bucket))].sort((a, b) => a - b))
  const place = new Map([...buckets].map((bucket, index) => [bucket, index]))
  const sums = new Map<string, number>()
  for (const { type, events } of rows) sums.set(type, (sums.get(type) ?? 0) + events)
  const types = [...sums].sort((a, b) => b[1] - a[1]).map(([type]) => type)
  const counts = types.map(() => new Float64Array(buckets.length))
  const totals = new Float64Array(buckets.length)
  const index = new Map(types.map((type, at) => [type, at]))
  for (const { bucket, type, events } of rows) {
    const at = place.get(bucket) ?? 0
    const series = counts[index.get(type) ?? 0]
    if (series !== undefined) series[at] = (series[at] ?? 0) + events
    totals[at] = (totals[at] ?? 0) + events
  }
  return { buckets, types, counts, totals }
}
