import type { BoundAbsence, BoundPattern, BoundSequence, BoundStep } from './bind.ts'
import type { EventColumns } from './columns.ts'
import { TooExpensive } from './too-expensive.ts'

/** A branch that has bound every step. */
export interface Found {
  /** Rows in the order in which they were bound, and the step of each. */
  readonly rows: Int32Array
  readonly steps: Int32Array
  /** What labels stand for when it was found. */
  readonly bound: Int32Array
  /** The watermark must be greater than this for its absences to be known; -Infinity without any. */
  readonly known: number
}

/** How many branches one start may examine (SEMANTICS.md rule 15). */
const mostBranches = 1_000_000

/**
 * Searches one sequence, or one session of it, for the branches that start at a row. For every pattern it knows, from
 * each row on, the next event that fits by itself, so that a step without conditions on other events is found in one
 * look, and a sequence costs time in proportion to its events.
 */
export class Search {
  /** Set when the last start might still be completed by events to come. */
  ranOut = false
  private readonly columns: EventColumns
  private readonly plan: BoundSequence
  /** For each step, absence and until, by row − from: the next row behind it that fits by itself, or -1. */
  private readonly nexts: Int32Array[]
  private readonly patterns: readonly BoundPattern[]
  private from = 0
  private to = 0
  private readonly bound: Int32Array
  private readonly firstRow: Int32Array
  private rows: number[] = []
  private steps: number[] = []
  private branches = 0
  private branchesInAll = 0
  private found: Found[] = []
  private readonly foundRows = new Set<string>()
  private readonly watermark: number

  constructor(plan: BoundSequence, columns: EventColumns, watermark: number) {
    this.plan = plan
    this.columns = columns
    this.watermark = watermark
    this.patterns = [...plan.steps, ...plan.absences, ...plan.untils]
    this.nexts = this.patterns.map(() => new Int32Array(0))
    this.bound = new Int32Array(plan.slots).fill(-1)
    this.firstRow = new Int32Array(plan.steps.length).fill(-1)
  }

  /** Takes rows [from, to) as the sequence. False when no event fits the first step, and there is nothing to search. */
  open(from: number, to: number): boolean {
    this.from = from
    this.to = to
    const length = to - from + 1
    for (const [index, pattern] of this.patterns.entries()) {
      if ((this.nexts[index]?.length ?? 0) < length) this.nexts[index] = new Int32Array(Math.max(64, length * 2))
      const first = this.fill(this.nexts[index] as Int32Array, pattern)
      if (index === 0 && first === -1) return false
    }
    return true
  }

  /** The first row at or behind `row` that fits the first step, or -1. */
  startAt(row: number): number {
    return row >= this.to ? -1 : (this.nexts[0]?.[row - this.from] ?? -1)
  }

  /** Every branch that the match mode asks for, from a start; none when the start does not succeed. */
  run(start: number): readonly Found[] {
    this.ranOut = false
    this.branchesInAll += this.branches
    // linear in events in all, with room for the few starts that need more
    if (this.branchesInAll > 10_000_000 + 100 * this.columns.length) throw new TooExpensive(this.plan.steps[0]?.name ?? '', this.branchesInAll)
    this.branches = 0
    this.found = []
    this.foundRows.clear()
    this.rows.length = 0
    this.steps.length = 0
    this.bound.fill(-1)
    this.firstRow.fill(-1)
    const [first] = this.plan.steps
    if (first === undefined || !this.canComplete(start)) return this.found
    if (first.anyOrder) this.anyOrder(first, -1, start)
    else this.repeat(first, -1, start)
    return this.found
  }

  /** Fills the table of a pattern, last row first. Entry i: the next fitting row at or behind row from + i. Gives entry 0. */
  private fill(next: Int32Array, { alternatives }: BoundPattern): number {
    const { type } = this.columns
    const [only] = alternatives
    const { from, to, bound } = this
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
        if (types[code] === 1 && (alone === undefined || alone(row, bound) === true)) {
          last = row
          break
        }
      }
      next[row - from] = last
    }
    return last
  }

  /** A required step that no event behind the start fits makes every branch of it vain. */
  private canComplete(start: number): boolean {
    for (const step of this.plan.steps) {
      if (step.optional || step.index === 0 || step.anyOrder) continue
      if (this.nexts[step.index]?.[start + 1 - this.from] !== -1) continue
      // it may still come, unless the bound of the whole has passed, or what ends it has come
      this.ranOut = !this.isPast((this.columns.time[start] as number) + this.plan.within) && !this.endedBy(start, this.to)
      return false
    }
    return true
  }

  /** Binds the steps from `index` on, behind `before`. True when the search may end. */
  private step(index: number, before: number): boolean {
    const step = this.plan.steps[index]
    if (step === undefined) return this.complete(before)
    if (step.anyOrder) {
      if (this.anyOrder(step, before, -1)) return true
    } else if (step.contiguity === 'any') {
      for (let row = this.fit(step, before, before); row !== -1; row = this.fit(step, before, row)) if (this.repeat(step, before, row)) return true
    } else {
      const row = this.fit(step, before, before)
      if (row !== -1 && this.repeat(step, before, row)) return true
    }
    return step.optional && this.step(index + 1, before)
  }

  /** Binds a step whose first event is `row`, as often as it can be and then less often. True when the search may end. */
  private repeat(step: BoundStep, before: number, row: number): boolean {
    this.count(step)
    if (step.max === 1) {
      this.bind(step, row)
      if (this.step(step.index + 1, row)) return true
      this.unbind(step, 1)
      return false
    }
    const height = this.rows.length
    this.bind(step, row)
    let length = 1
    while (length < step.max) {
      const more = this.fit(step, before, this.rows[this.rows.length - 1] as number)
      if (more === -1) break
      this.count(step)
      this.bind(step, more)
      length++
    }
    for (; length >= step.min; length--) {
      const last = this.rows[height + length - 1] as number
      this.bound[step.slot] = last
      if (this.step(step.index + 1, last)) return true
      this.rows.length = height + length - 1
      this.steps.length = height + length - 1
    }
    this.rows.length = height
    this.steps.length = height
    this.clear(step)
    return false
  }

  /** Binds each part of a step once, whichever comes first. True when the search may end. */
  private anyOrder(step: BoundStep, before: number, start: number): boolean {
    const height = this.rows.length
    const left = new Set(step.alternatives.keys())
    let row = start === -1 ? this.fit(step, before, before, left) : start
    while (row !== -1) {
      this.count(step)
      const part = this.alternative(step, row, before, left)
      if (part === -1) break
      left.delete(part)
      this.bind(step, row, part)
      if (left.size === 0) {
        if (this.step(step.index + 1, row)) return true
        break
      }
      row = this.fit(step, before, row, left)
    }
    this.rows.length = height
    this.steps.length = height
    this.clear(step)
    return false
  }

  /** The first row behind `after` that fits a step, whose step before ends at `before` (-1: none); -1 when there is none. */
  private fit(step: BoundStep, before: number, after: number, left?: ReadonlySet<number>): number {
    const { time } = this.columns
    const firstTime = time[this.rows[0] ?? after] as number
    // a first step has no step before it: its bound begins at its own first event
    const anchor = before === -1 ? firstTime : (time[before] as number)
    const limit = Math.min(anchor + step.within, firstTime + this.plan.within)
    const least = before === -1 ? Number.NEGATIVE_INFINITY : anchor + step.after
    const table = this.nexts[step.index] as Int32Array
    if (step.contiguity === 'next') {
      const row = after + 1
      if (row >= this.to) {
        if (!this.isPast(limit)) this.ranOut = true
        return -1
      }
      return table[row - this.from] === row && (time[row] as number) <= limit && (time[row] as number) >= least && this.alternative(step, row, before, left) !== -1 ? row : -1
    }
    let row = table[after + 1 - this.from] as number
    if (row !== -1 && (time[row] as number) < least) row = table[this.firstAtOrAfter(least, row + 1) - this.from] as number
    for (; row !== -1; row = table[row + 1 - this.from] as number) {
      if ((time[row] as number) > limit) return -1
      if (this.alternative(step, row, before, left) !== -1) return row
      this.count(step)
    }
    if (!this.isPast(limit)) this.ranOut = true
    return -1
  }

  /** Which alternative of a step an event fits, given what is bound; -1 for none. */
  private alternative(step: BoundStep, row: number, before: number, left?: ReadonlySet<number>): number {
    if (step.linked !== undefined && before !== -1 && !step.linked(row, before)) return -1
    if (step.isAlone && step.alternatives.length === 1) return 0
    const code = this.columns.type[row] as number
    for (const [index, { types, alone, together }] of step.alternatives.entries()) {
      if (left?.has(index) === false || types[code] !== 1) continue
      if ((alone === undefined || alone(row, this.bound) === true) && (together === undefined || together(row, this.bound) === true)) return index
    }
    return -1
  }

  private bind(step: BoundStep, row: number, part?: number): void {
    if (this.firstRow[step.index] === -1) this.firstRow[step.index] = row
    this.rows.push(row)
    this.steps.push(step.index)
    this.bound[step.slot] = row
    if (step.alternatives.length === 1 && step.alternatives[0]?.slot === -1) return
    const taken = part ?? this.alternative(step, row, -1)
    const slot = step.alternatives[taken]?.slot ?? -1
    if (slot !== -1) this.bound[slot] = row
  }

  private unbind(step: BoundStep, count: number): void {
    this.rows.length -= count
    this.steps.length -= count
    this.clear(step)
  }

  private clear(step: BoundStep): void {
    this.firstRow[step.index] = -1
    this.bound[step.slot] = -1
    for (const { slot } of step.alternatives) if (slot !== -1) this.bound[slot] = -1
  }

  /** All steps are bound, the last at `last`: are the absences kept? True when the search may end. */
  private complete(last: number): boolean {
    const first = this.rows[0] as number
    let known = Number.NEGATIVE_INFINITY
    for (const [index, absence] of this.plan.absences.entries()) {
      const limit = this.absent(absence, this.nexts[this.plan.steps.length + index] as Int32Array, first, last)
      if (limit === undefined) return false
      known = Math.max(known, limit)
    }
    if (this.endedBy(first, last, known)) return false
    const candidate: Found = { rows: Int32Array.from(this.rows), steps: Int32Array.from(this.steps), bound: this.bound.slice(), known }
    if (this.plan.match === 'first') {
      this.found.push(candidate)
      return true
    }
    if (this.plan.match === 'every') {
      // each set of events once
      const events = candidate.rows.join()
      if (!this.foundRows.has(events)) this.found.push(candidate)
      this.foundRows.add(events)
      return false
    }
    if (candidate.rows.length > (this.found[0]?.rows.length ?? 0)) this.found = [candidate]
    return false
  }

  /** The time until which an absence must be watched, -Infinity when it is known already; undefined when it is broken. */
  private absent(absence: BoundAbsence, table: Int32Array, first: number, last: number): number | undefined {
    const { time } = this.columns
    const { scope } = absence
    if (scope.kind === 'for') {
      const after = this.bound[scope.after] ?? -1
      // a step that was left out promises nothing
      if (after === -1) return Number.NEGATIVE_INFINITY
      const limit = (time[after] as number) + scope.duration
      return this.anyFits(absence, table, after, this.to, limit) ? undefined : limit
    }
    let from = scope.kind === 'between' ? (this.bound[scope.from] ?? -1) : -1
    let to = scope.kind === 'between' ? this.firstOf(scope.to) : -1
    if (scope.kind === 'here') {
      for (let step = scope.before; step >= 0 && from === -1; step--) from = this.bound[step] ?? -1
      for (let step = scope.behind; step < this.plan.steps.length && to === -1; step++) to = this.firstRow[step] ?? -1
      if (from === -1) from = first
      if (to === -1) {
        // behind the last step: until the bound of the whole sequence
        const limit = (time[first] as number) + this.plan.within
        if (limit === Number.POSITIVE_INFINITY) return this.anyFits(absence, table, from, last, limit) ? undefined : Number.NEGATIVE_INFINITY
        return this.anyFits(absence, table, from, this.to, limit) ? undefined : limit
      }
    }
    if (from === -1 || to === -1) return Number.NEGATIVE_INFINITY
    return this.anyFits(absence, table, from, to, Number.POSITIVE_INFINITY) ? undefined : Number.NEGATIVE_INFINITY
  }

  /** The first event of the step or the alternative that has the slot. */
  private firstOf(slot: number): number {
    return slot < this.plan.steps.length ? (this.firstRow[slot] ?? -1) : (this.bound[slot] ?? -1)
  }

  /** Whether an `until` came behind the first event: before `last`, or by the time at which the absences are known. */
  private endedBy(first: number, last: number, known = Number.NEGATIVE_INFINITY): boolean {
    return this.plan.untils.some((until, index) => {
      const table = this.nexts[this.plan.steps.length + this.plan.absences.length + index] as Int32Array
      return this.anyFits(until, table, first, last, Number.POSITIVE_INFINITY) || this.anyFits(until, table, Math.max(first, last - 1), this.to, known)
    })
  }

  /** Whether an event strictly between two rows, and not later than a time, fits. */
  private anyFits(pattern: BoundPattern, table: Int32Array, after: number, end: number, limit: number): boolean {
    const { time, type } = this.columns
    for (let row = table[after + 1 - this.from] as number; row !== -1 && row < end && (time[row] as number) <= limit; row = table[row + 1 - this.from] as number) {
      if (pattern.isAlone) return true
      if (this.branches++ > mostBranches) throw new TooExpensive('without', this.branches)
      const code = type[row] as number
      if (pattern.alternatives.some(({ types, alone, together }) => types[code] === 1 && (alone === undefined || alone(row, this.bound) === true) && (together === undefined || together(row, this.bound) === true))) return true
    }
    return false
  }

  /** Whether events of that time can no longer come. */
  private isPast(limit: number): boolean {
    const lastTime = this.columns.time[this.to - 1] as number
    return this.watermark === Number.POSITIVE_INFINITY || this.watermark > Math.min(limit, lastTime + this.plan.session)
  }

  /** The first row at or behind `row` whose time is at least `time`; `to` when there is none. Times ascend in a sequence. */
  private firstAtOrAfter(least: number, row: number): number {
    let low = row
    let high = this.to
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.columns.time[middle] as number) < least) low = middle + 1
      else high = middle
    }
    return low
  }

  private count(step: BoundStep): void {
    if (this.branches++ > mostBranches) throw new TooExpensive(step.name, this.branches)
  }
}
