import type { BoundPattern } from './bind.ts'
import type { EventColumns } from './columns.ts'

/**
 * For every pattern and each row of a session: the next event that fits the pattern by itself. So a step without
 * conditions on other events is found in one look, and a sequence costs time in proportion to its events.
 */
export class Nexts {
  /** The rows [from, to) of the session at hand. */
  from = 0
  to = 0
  private readonly columns: EventColumns
  private readonly patterns: readonly BoundPattern[]
  /** By pattern, by row − from: the next fitting row at or behind it, or -1. */
  private readonly tables: Int32Array[]
  private readonly nothing: Int32Array

  constructor(columns: EventColumns, patterns: readonly BoundPattern[], slots: number) {
    this.columns = columns
    this.patterns = patterns
    this.tables = patterns.map(() => new Int32Array(0))
    this.nothing = new Int32Array(slots).fill(-1)
  }

  /** Takes rows [from, to) as the session. False when no event fits the first pattern, and there is nothing to search. */
  open(from: number, to: number): boolean {
    this.from = from
    this.to = to
    for (let index = 0; index < this.patterns.length; index++) {
      if ((this.tables[index] as Int32Array).length <= to - from) this.tables[index] = new Int32Array(Math.max(64, Math.ceil((to - from) * 1.25)))
      const first = this.fill(this.tables[index] as Int32Array, this.patterns[index] as BoundPattern)
      if (index === 0 && first === -1) return false
    }
    return true
  }

  /** The first row at or behind `row` that fits pattern `index` by itself; -1 for none. `row` may be the session's end. */
  at(index: number, row: number): number {
    return (this.tables[index] as Int32Array)[row - this.from] as number
  }

  /** The first row at or behind `row` whose time is at least `time`; `to` when there is none. Times ascend in a session. */
  rowAt(least: number, row: number): number {
    const { time } = this.columns
    let low = row
    let high = this.to
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((time[middle] as number) < least) low = middle + 1
      else high = middle
    }
    return low
  }

  /** Last row first. Gives the first fitting row, or -1. */
  private fill(next: Int32Array, { alternatives }: BoundPattern): number {
    const { type } = this.columns
    const { from, to, nothing } = this
    const [only] = alternatives
    let last = -1
    next[to - from] = -1
    if (alternatives.length === 1 && only !== undefined && only.alone === undefined) {
      const mask = only.types
      for (let row = to - 1; row >= from; row--) {
        if (mask[type[row] as number] === 1) last = row
        next[row - from] = last
      }
      return last
    }
    for (let row = to - 1; row >= from; row--) {
      const code = type[row] as number
      for (const { types, alone } of alternatives) {
        if (types[code] === 1 && (alone === undefined || alone(row, nothing) === true)) {
          last = row
          break
        }
      }
      next[row - from] = last
    }
    return last
  }
}
