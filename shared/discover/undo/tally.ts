import { TimeSample } from './time-sample.ts'

/** Events of whole sequences, each of one user and one value, in order; `user` tells sequences of one user by an equal number. */
export interface UndoEvents {
  readonly starts: Int32Array
  readonly user: Int32Array
  readonly time: Float64Array
  /** Places in the list of types that take part; -1 for others. */
  readonly type: Int32Array
}

/**
 * Counts, for every two types and every three, what the criterion asks of sequences: each sequence, which is a pair of user
 * and value, counts once. Its memory hangs on the number of types alone.
 */
export class UndoTally {
  readonly size: number
  sequences = 0
  /** Sequences with a type. */
  readonly having: Float64Array
  /** [a, b]: with both; of these where a's first comes before b's; the sum of its chance and of the variance if any order were as likely. */
  readonly both: Float64Array
  readonly earlier: Float64Array
  readonly chance: Float64Array
  readonly variance: Float64Array
  /** [a, b]: sequences in which b comes behind the first a; of these, those in which a comes again behind that b; their users. */
  readonly undone: Float64Array
  readonly returned: Float64Array
  readonly users: Float64Array
  /** [a, b]: sequences with both in which a comes again before any b behind the first a. */
  readonly repeated: Float64Array
  /** Sequences in which a type comes more than once, and [a, b]: those of them that have b. */
  readonly several: Float64Array
  readonly severalWith: Float64Array
  /** [a, b]: from the first a to the first b behind it, in microseconds. */
  readonly times: (TimeSample | undefined)[] = []
  /** [a, b, d]: b and d come behind the first a. */
  readonly together: Float64Array
  /** [a, b, d]: b comes behind the first a, a does not come again, and d comes behind b. */
  readonly behind: Float64Array
  private readonly lastUser: Int32Array

  constructor(size: number) {
    this.size = size
    const square = (): Float64Array => new Float64Array(size * size)
    this.having = new Float64Array(size)
    this.several = new Float64Array(size)
    ;[this.both, this.earlier, this.chance, this.variance] = [square(), square(), square(), square()]
    ;[this.undone, this.returned, this.users, this.repeated, this.severalWith] = [square(), square(), square(), square(), square()]
    ;[this.together, this.behind] = [new Float64Array(size ** 3), new Float64Array(size ** 3)]
    this.lastUser = new Int32Array(size * size).fill(-1)
  }

  /** Counts more sequences. Users that come in two calls must not have one number in both. */
  add({ starts, user, time, type }: UndoEvents): void {
    const [first, last, count, next] = [new Int32Array(this.size), new Int32Array(this.size), new Int32Array(this.size), new Int32Array(this.size)]
    for (let sequence = 0; sequence + 1 < starts.length; sequence++) {
      const [from, to] = [starts[sequence] as number, starts[sequence + 1] as number]
      const present: number[] = []
      for (let at = from; at < to; at++) {
        const one = type[at] as number
        if (one < 0) continue
        if (count[one] === 0) {
          first[one] = at
          present.push(one)
        }
        last[one] = at
        count[one] = (count[one] as number) + 1
      }
      this.sequences++
      for (const a of present) {
        this.having[a] = (this.having[a] as number) + 1
        if ((count[a] as number) > 1) increase(this.several, a)
        if (present.length > 1) this.addFirst(a, { present, first, last, count, next }, { user: user[sequence] as number, time, type, to })
      }
      for (const one of present) count[one] = 0
    }
  }

  /** All that begins with the first event of type a. */
  private addFirst(a: number, { present, first, last, count, next }: Places, { user, time, type, to }: Rest): void {
    const start = first[a] as number
    for (const b of present) next[b] = -1
    let missing = present.length - 1
    for (let at = start + 1; at < to && missing > 0; at++) {
      const b = type[at] as number
      if (b < 0 || b === a || next[b] !== -1) continue
      next[b] = at
      missing--
    }
    let again = start + 1
    while (again < to && type[again] !== a) again++
    for (const b of present) {
      if (b === a) continue
      const pair = a * this.size + b
      increase(this.both, pair)
      const share = (count[a] as number) / ((count[a] as number) + (count[b] as number))
      increase(this.chance, pair, share)
      increase(this.variance, pair, share * (1 - share))
      if (start < (first[b] as number)) increase(this.earlier, pair)
      const behind = next[b] as number
      if (again < (behind === -1 ? to : behind)) increase(this.repeated, pair)
      if (again < to) increase(this.severalWith, pair)
      if (behind === -1) continue
      increase(this.undone, pair)
      if (this.lastUser[pair] !== user) {
        this.lastUser[pair] = user
        increase(this.users, pair)
      }
      ;(this.times[pair] ??= new TimeSample()).add((time[behind] as number) - (time[start] as number))
      const hasReturned = (last[a] as number) > behind
      if (hasReturned) increase(this.returned, pair)
      for (const d of present) {
        if (d === a || d === b || next[d] === -1) continue
        increase(this.together, pair * this.size + d)
        if (!hasReturned && (last[d] as number) > behind) increase(this.behind, pair * this.size + d)
      }
    }
  }
}

interface Places {
  readonly present: readonly number[]
  readonly first: Int32Array
  readonly last: Int32Array
  readonly count: Int32Array
  readonly next: Int32Array
}

interface Rest {
  readonly user: number
  readonly time: Float64Array
  readonly type: Int32Array
  readonly to: number
}

function increase(counts: Float64Array, at: number, by = 1): void {
  counts[at] = (counts[at] as number) + by
}
