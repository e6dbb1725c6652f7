/** Events of whole sequences in order: `starts` says where each begins, and ends with the number of all. Times are microseconds. */
export interface PathEvents {
  readonly starts: Int32Array
  readonly time: Float64Array
  readonly type: Int32Array
}

/** How walks are taken from sequences. Types are codes. */
export interface WalkRules {
  readonly anchor: number
  readonly direction: 'from' | 'to'
  /** Microseconds; undefined where the whole of a user is one walk. */
  readonly sessionGap: number | undefined
  readonly steps: number
  readonly hidden: ReadonlySet<number>
  readonly collapse: boolean
}

/**
 * What every unit did behind the first event of a type, or before the last one, at most so many steps of it. All walks lie
 * in three lists, so that ten million events weigh what their steps do.
 */
export class Walks {
  /** Where the steps of each walk begin in `types` and `gaps`; one more at the end. */
  readonly starts = new Growing(Int32Array)
  /** Whose walk it is: equal for walks of one user, which are neighbors. */
  readonly users = new Growing(Int32Array)
  /** The type of each step. */
  readonly types = new Growing(Int32Array)
  /** How long after (or before) the step before it, in microseconds. */
  readonly gaps = new Growing(Float64Array)
  private readonly rules: WalkRules
  private user = -1

  constructor(rules: WalkRules) {
    this.rules = rules
    this.starts.push(0)
  }

  get count(): number {
    return this.users.length
  }

  /** How many users they are of. */
  get userCount(): number {
    let count = 0
    for (let walk = 0; walk < this.count; walk++) if (walk === 0 || this.users.at(walk) !== this.users.at(walk - 1)) count++
    return count
  }

  /** Adds the walks of more sequences, none of which has been added in part. */
  add({ starts, time, type }: PathEvents): void {
    const { sessionGap } = this.rules
    for (let at = 0; at + 1 < starts.length; at++) {
      this.user++
      const end = starts[at + 1] as number
      let from = starts[at] as number
      for (let next = from + 1; next <= end; next++) {
        // as in the language, sessions are cut by all events, those of hidden types as well
        if (next < end && (sessionGap === undefined || (time[next] as number) - (time[next - 1] as number) <= sessionGap)) continue
        this.addUnit(time, type, from, next)
        from = next
      }
    }
  }

  private addUnit(time: Float64Array, type: Int32Array, from: number, to: number): void {
    const { anchor, direction, steps, hidden, collapse } = this.rules
    const [begin, end, step] = direction === 'from' ? [from, to, 1] : [to - 1, from - 1, -1]
    let at = begin
    while (at !== end && type[at] !== anchor) at += step
    if (at === end) return
    let before = at
    let taken = 0
    for (at += step; at !== end && taken < steps; at += step) {
      const next = type[at] as number
      if (hidden.has(next) || (collapse && next === type[before])) continue
      this.types.push(next)
      this.gaps.push(Math.abs((time[at] as number) - (time[before] as number)))
      before = at
      taken++
    }
    this.users.push(this.user)
    this.starts.push(this.types.length)
  }
}

/** A list of numbers that grows, and weighs no more than its numbers and half as much again. */
export class Growing<A extends Int32Array | Float64Array> {
  length = 0
  private values: A
  private readonly make: new (size: number) => A

  constructor(make: new (size: number) => A) {
    this.make = make
    this.values = new make(1024)
  }

  push(value: number): void {
    if (this.length === this.values.length) {
      const larger = new this.make(Math.ceil(this.length * 1.5))
      larger.set(this.values)
      this.values = larger
    }
    this.values[this.length++] = value
  }

  at(index: number): number {
    return this.values[index] as number
  }
}
