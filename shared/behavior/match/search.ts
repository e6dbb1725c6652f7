import { Absences } from './absences.ts'
import type { BoundSequence, BoundStep } from './bind.ts'
import { Branch, type BranchCopy } from './branch.ts'
import { Budget } from './budget.ts'
import type { EventColumns } from './columns.ts'
import { Matches } from './matches.ts'
import { Nexts } from './nexts.ts'

/** A branch that has bound every step: rows in order, and the step of each. */
export interface Found {
  readonly rows: Int32Array
  readonly steps: Int32Array
}

/** Searches one sequence, or one session of it, for the branches that start at a row (SEMANTICS.md rule 12). */
export class Search {
  readonly matches = new Matches()
  /** Set when the last start might still be completed by events to come. */
  ranOut = false
  private readonly columns: EventColumns
  private readonly plan: BoundSequence
  private readonly watermark: number
  private readonly nexts: Nexts
  private readonly branch: Branch
  private readonly budget: Budget
  private readonly absences: Absences
  /** Steps without any event of which there is no match. */
  private readonly required: readonly number[]
  private sequence = 0
  /** Later than this no event belongs to the session at hand. */
  private sessionEnd = 0
  /** The alternative that the event which was found last fits. */
  private part = 0
  private isDone = false
  /** No match can begin at this start: what is searched for is whether events to come may complete it. */
  private isVain = false
  private longest: { readonly branch: BranchCopy; readonly known: number } | undefined
  /** Matches of this start by a hash of their rows. */
  private readonly seen = new Map<number, number[]>()

  constructor(plan: BoundSequence, columns: EventColumns, watermark: number) {
    this.plan = plan
    this.columns = columns
    this.watermark = watermark
    this.nexts = new Nexts(columns, [...plan.steps, ...plan.absences, ...plan.untils], plan.slots)
    this.branch = new Branch(plan.slots)
    this.budget = new Budget(plan.steps, columns.length)
    this.absences = new Absences(plan, columns, this.nexts, this.branch, this.budget)
    this.required = plan.steps.filter(({ index, optional }) => index > 0 && !optional).map(({ index }) => index)
  }

  /** Adds the matches of the session that rows [from, to) are, trying its starts in order (rules 12 and 14). Gives the number of those that are open. @throws TooExpensive */
  searchSession(from: number, to: number, sequence: number): number {
    if (!this.open(from, to, sequence)) return 0
    const { matches } = this
    let open = 0
    for (let start = this.startAt(from); start !== -1; ) {
      const count = this.search(start)
      let last = start
      if (count === 0) {
        if (this.ranOut) open++
      } else if (!this.plan.overlap) for (let match = matches.length - count; match < matches.length; match++) last = Math.max(last, matches.lastRow(match))
      start = this.startAt(last + 1)
    }
    return open
  }

  /** Takes rows [from, to) as the session. False when no event fits the first step, and there is nothing to search. */
  open(from: number, to: number, sequence = 0): boolean {
    this.sequence = sequence
    this.sessionEnd = (this.columns.time[to - 1] as number) + this.plan.session
    return this.nexts.open(from, to)
  }

  /** The first row at or behind `row` that fits the first step by itself, or -1. */
  startAt(row: number): number {
    return this.nexts.at(0, row)
  }

  /** The branches that the match mode asks for, from a start. @throws TooExpensive */
  run(start: number): readonly Found[] {
    const before = this.matches.length
    const count = this.search(start)
    return Array.from({ length: count }, (_, index) => this.matches.at(before + index))
  }

  /** Adds the matches of a start. Gives their number, none when it does not succeed. @throws TooExpensive */
  search(start: number): number {
    const [first] = this.plan.steps
    const before = this.matches.length
    this.ranOut = false
    this.isDone = false
    this.longest = undefined
    this.branch.clear()
    this.budget.start()
    if (first === undefined || !this.fits(first, start, -1)) return 0
    this.isVain = !this.canComplete(start)
    if (this.isVain && this.isPast((this.columns.time[start] as number) + this.plan.span)) return 0
    this.seen.clear()
    this.take(first, -1, start, this.part)
    this.keepLongest()
    return this.matches.length - before
  }

  private canComplete(start: number): boolean {
    for (const step of this.required) if (this.nexts.at(step, start + 1) === -1) return false
    return true
  }

  /** Takes the steps from `index` on. */
  private next(index: number): void {
    if (this.isDone) return
    const step = this.plan.steps[index]
    if (step === undefined) {
      this.complete()
      return
    }
    const before = this.branch.rows[this.branch.length - 1] as number
    // another event for a step that tries all may always come: no need to try those that are there
    if (this.isVain && step.contiguity === 'any') this.fit(step, before, this.nexts.to - 1)
    for (let row = this.fit(step, before, before); row !== -1; row = step.contiguity === 'any' ? this.fit(step, before, row) : -1) {
      this.take(step, before, row, this.part)
      if (this.isDone) return
    }
    if (step.optional) this.next(index + 1)
  }

  /** Takes a step whose first event is `row`, as often as it can be and then less often. */
  private take(step: BoundStep, before: number, row: number, part: number): void {
    const { branch, budget } = this
    const height = branch.length
    budget.branch(step.index)
    branch.push(step, row, part)
    if (this.isVain) this.tryRuns(step, before)
    else {
      while (branch.length - height < step.max && this.extend(step, before)) budget.look(step.index)
      while (branch.length - height >= step.min) {
        this.next(step.index + 1)
        if (this.isDone) return
        branch.pop(step)
        if (branch.length - height >= step.min) budget.branch(step.index)
      }
    }
    while (branch.length > height) branch.pop(step)
  }

  /** Where nothing can match, short runs tell sooner whether anything may come. */
  private tryRuns(step: BoundStep, before: number): void {
    for (let length = 1; ; length++) {
      if (length >= step.min) this.next(step.index + 1)
      if (this.isDone || length === step.max || !this.extend(step, before)) return
      this.budget.branch(step.index)
    }
  }

  /** Takes one more event for a step, the earliest that fits. */
  private extend(step: BoundStep, before: number): boolean {
    const row = this.fit(step, before, this.branch.rows[this.branch.length - 1] as number)
    if (row !== -1) this.branch.push(step, row, this.part)
    return row !== -1
  }

  /** The first row behind `after` that fits a step, whose step before ends at `before` (-1: none); -1 when there is none. */
  private fit(step: BoundStep, before: number, after: number): number {
    const { time } = this.columns
    const { nexts } = this
    const first = time[this.branch.rows[0] as number] as number
    // a first step has no step before it: its bound begins at its own first event
    const anchor = before === -1 ? first : (time[before] as number)
    const limit = Math.min(anchor + step.within, first + this.plan.within)
    const least = before === -1 ? first : anchor + step.after
    if (step.contiguity === 'next') {
      const row = after + 1
      if (row < nexts.to) return nexts.at(step.index, row) === row && (time[row] as number) <= limit && (time[row] as number) >= least && this.fits(step, row, before) ? row : -1
    } else {
      let row = nexts.at(step.index, after + 1)
      if (row !== -1 && (time[row] as number) < least) row = nexts.at(step.index, nexts.rowAt(least, row + 1))
      for (; row !== -1 && (time[row] as number) <= limit; row = nexts.at(step.index, row + 1)) {
        if (this.fits(step, row, before)) return row
        this.budget.look(step.index)
      }
    }
    if (!this.ranOut && !this.isPast(limit) && least <= Math.min(limit, this.sessionEnd) && !this.absences.isLost(step.index)) {
      this.ranOut = true
      this.isDone = this.isVain
    }
    return -1
  }

  /** Whether an event that fits a step by itself fits what is taken; `part` is then the alternative that it fits. */
  private fits(step: BoundStep, row: number, before: number): boolean {
    if (step.linked !== undefined && before !== -1 && !step.linked(row, before)) return false
    const { alternatives } = step
    const { last } = this.branch
    this.part = 0
    if (alternatives.length === 1) {
      const { together } = alternatives[0] as (typeof alternatives)[number]
      return together === undefined || together(row, last) === true
    }
    const code = this.columns.type[row] as number
    for (; this.part < alternatives.length; this.part++) {
      const { types, alone, together } = alternatives[this.part] as (typeof alternatives)[number]
      if (types[code] !== 1 || (step.anyOrder && this.branch.find(step, this.part) !== -1)) continue
      if ((alone === undefined || alone(row, last) === true) && (together === undefined || together(row, last) === true)) return true
    }
    return false
  }

  /** All steps are taken: are the absences kept? */
  private complete(): void {
    const { branch } = this
    const known = this.absences.decide(branch.rows[0] as number, branch.rows[branch.length - 1] as number)
    if (Number.isNaN(known)) return
    if (this.plan.match === 'first') {
      this.keep(known)
      this.isDone = true
    } else if (this.plan.match === 'every') {
      if (this.isNew()) this.keep(known)
    } else if (branch.length > (this.longest?.branch.rows.length ?? 0)) this.longest = { branch: branch.copy(), known }
  }

  /** Whether no match of this start has the same events; when so, the next one has them. */
  private isNew(): boolean {
    const { rows, length } = this.branch
    let hash = length
    for (let at = 0; at < length; at++) hash = Math.imul(hash ^ (rows[at] as number), 0x01000193)
    const same = this.seen.get(hash)
    if (same === undefined) this.seen.set(hash, [this.matches.length])
    else if (same.some((match) => this.matches.hasRows(match, rows, length))) return false
    else same.push(this.matches.length)
    return true
  }

  private keepLongest(): void {
    if (this.longest === undefined) return
    this.branch.restore(this.longest.branch)
    this.keep(this.longest.known)
  }

  private keep(known: number): void {
    const { branch, matches, plan } = this
    const { time } = this.columns
    const last = branch.rows[branch.length - 1] as number
    let tied = false
    for (let at = 1; at < branch.length && !tied; at++) tied = time[branch.rows[at] as number] === time[branch.rows[at - 1] as number]
    this.budget.keep(matches.events + branch.length)
    matches.add(this.sequence, branch.rows, branch.steps, branch.length, tied || this.absences.hangOnOrder(branch.rows[0] as number, last))
    if (this.watermark <= known) matches.setPendingUntil(known)
    if (plan.returns.length > 0) matches.setReturns(plan.returns.map(({ value }) => value(last, branch.last)))
  }

  /** Whether events of that time can no longer come. */
  private isPast(limit: number): boolean {
    return this.watermark === Number.POSITIVE_INFINITY || this.watermark > Math.min(limit, this.sessionEnd)
  }
}
