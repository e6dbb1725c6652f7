import type { Sequences } from './sequences.ts'
import { compareSequences, type Variants } from './variants.ts'

/** Pairs of types beyond so many share a column with others. */
const mostColumns = 1024
/** Parts this small are only sorted; deeper than this, what is left is. */
const smallest = 3
const deepest = 40
const mostRounds = 6

/**
 * Users in an order in which alike sequences lie together: the same sequences always side by side. Each sequence becomes
 * its profile of single types and pairs in a row (n-grams; Ukkonen 1992), of length 1. The profiles are split at their
 * mean along the direction in which they differ most, and the halves again (principal direction divisive partitioning;
 * Boley, "Principal Direction Divisive Partitioning", Data Mining and Knowledge Discovery 2, 1998); of two halves the one
 * comes first that is nearer to what lies before it, so that neighbors across a cut are alike too. Work grows as
 * n log n; the same events give the same order, in whatever order the users came. Users without a variant come last.
 */
export function similarityOrder(sequences: Pick<Sequences, 'starts' | 'type'>, { ranked, of }: Variants): Int32Array {
  const variants = ranked.map((_, variant) => variant).sort((a, b) => compareSequences(sequences, (ranked[a] as { readonly user: number }).user, (ranked[b] as { readonly user: number }).user))
  const profiles = new Profiles(sequences, variants.map((variant) => (ranked[variant] as { readonly user: number }).user))
  const places = new Int32Array(ranked.length)
  for (const [place, item] of profiles.seriated().entries()) places[variants[item] as number] = place
  const place = (user: number): number => (of[user] === -1 ? ranked.length : (places[of[user] as number] as number))
  return Int32Array.from(of.keys()).sort((a, b) => place(a) - place(b) || a - b)
}

/** Sparse rows of n-gram counts, each of length 1, and their seriation. */
class Profiles {
  private readonly starts: Int32Array
  private readonly columns: Int32Array
  private readonly values: Float64Array
  private readonly width: number
  /** Items in their order so far. */
  private readonly order: Int32Array
  private readonly scores: Float64Array

  constructor({ starts, type }: Pick<Sequences, 'starts' | 'type'>, users: readonly number[]) {
    const grams = new Map<number, number>()
    const most = 1 + type.reduce((largest, one) => Math.max(largest, one), 0)
    const columns: number[] = []
    const values: number[] = []
    this.starts = new Int32Array(users.length + 1)
    for (const [item, user] of users.entries()) {
      const counts = new Map<number, number>()
      const add = (gram: number): void => {
        const column = grams.get(gram) ?? grams.size % mostColumns
        grams.set(gram, column)
        counts.set(column, (counts.get(column) ?? 0) + 1)
      }
      const first = starts[user] as number
      for (let event = first; event < (starts[user + 1] as number); event++) {
        add(type[event] as number)
        // the pair with nothing before says how a sequence begins
        add(most * (1 + (event === first ? most : (type[event - 1] as number))) + (type[event] as number))
      }
      const length = Math.hypot(...counts.values())
      for (const [column, count] of counts) {
        columns.push(column)
        values.push(count / length)
      }
      this.starts[item + 1] = columns.length
    }
    this.columns = Int32Array.from(columns)
    this.values = Float64Array.from(values)
    this.width = Math.min(mostColumns, grams.size)
    this.order = Int32Array.from(users.keys())
    this.scores = new Float64Array(users.length)
  }

  /** The items in an order in which neighbors are alike. */
  seriated(): Int32Array {
    this.arrange(0, this.order.length, undefined, 0)
    return this.order
  }

  /** Arranges the items at [from, to) so that those come first that are like `before`, the mean of what lies before them. */
  private arrange(from: number, to: number, before: Float64Array | undefined, depth: number): void {
    if (to - from < 2) return
    const mean = this.mean(from, to)
    const direction = this.principalDirection(from, to, mean)
    // all the same
    if (direction === undefined) return
    const middle = dot(mean, direction)
    const sign = before !== undefined && dot(before, direction) > middle ? -1 : 1
    for (let at = from; at < to; at++) this.scores[this.order[at] as number] = sign * (this.project(this.order[at] as number, direction) - middle)
    this.order.subarray(from, to).sort((a, b) => (this.scores[a] as number) - (this.scores[b] as number) || a - b)
    if (to - from <= smallest || depth >= deepest) return
    let cut = from + 1
    while (cut < to - 1 && (this.scores[this.order[cut] as number] as number) < 0) cut++
    this.arrange(from, cut, before, depth + 1)
    this.arrange(cut, to, this.mean(from, cut), depth + 1)
  }

  private mean(from: number, to: number): Float64Array {
    const mean = new Float64Array(this.width)
    for (let at = from; at < to; at++) this.addTo(mean, this.order[at] as number, 1 / (to - from))
    return mean
  }

  /** The direction of the largest variance, by power iteration; undefined when there is none. */
  private principalDirection(from: number, to: number, mean: Float64Array): Float64Array | undefined {
    // what is farthest from the mean is no right angle away from the direction looked for
    let direction: Float64Array = new Float64Array(this.width)
    let farthest = -1
    for (let at = from; at < to; at++) {
      const item = this.order[at] as number
      const away = -this.project(item, mean)
      if (farthest !== -1 && away <= -this.project(farthest, mean) + 1e-12) continue
      farthest = item
    }
    this.addTo(direction, farthest, 1)
    for (let column = 0; column < this.width; column++) direction[column] = (direction[column] as number) - (mean[column] as number)
    for (let round = 0; round < mostRounds; round++) {
      if (!normalize(direction)) return undefined
      const next = new Float64Array(this.width)
      const middle = dot(mean, direction)
      // scores have the mean 0, so the mean of the rows falls out of the sum
      for (let at = from; at < to; at++) this.addTo(next, this.order[at] as number, this.project(this.order[at] as number, direction) - middle)
      const settled = Math.abs(dot(next, direction)) / Math.max(1e-300, Math.sqrt(dot(next, next)))
      direction = next
      if (settled > 0.9999) break
    }
    return normalize(direction) ? direction : undefined
  }

  private project(item: number, direction: Float64Array): number {
    let sum = 0
    for (let at = this.starts[item] as number; at < (this.starts[item + 1] as number); at++) sum += (this.values[at] as number) * (direction[this.columns[at] as number] as number)
    return sum
  }

  private addTo(sum: Float64Array, item: number, weight: number): void {
    for (let at = this.starts[item] as number; at < (this.starts[item + 1] as number); at++) {
      const column = this.columns[at] as number
      sum[column] = (sum[column] as number) + weight * (this.values[at] as number)
    }
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let at = 0; at < a.length; at++) sum += (a[at] as number) * (b[at] as number)
  return sum
}

/** Makes a direction of length 1; false when it has none, up to rounding. */
function normalize(direction: Float64Array): boolean {
  const length = Math.sqrt(dot(direction, direction))
  if (length < 1e-9) return false
  for (let at = 0; at < direction.length; at++) direction[at] = (direction[at] as number) / length
  return true
}
