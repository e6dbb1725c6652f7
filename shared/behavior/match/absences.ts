import type { BoundAbsence, BoundPattern, BoundSequence } from './bind.ts'
import type { Branch } from './branch.ts'
import type { Budget } from './budget.ts'
import type { EventColumns } from './columns.ts'
import type { Nexts } from './nexts.ts'

/** Looking for no step any more: all are taken. */
const whole = Number.POSITIVE_INFINITY

/** What must not lie between, behind or around the events of a branch (SEMANTICS.md rules 16 to 19). */
export class Absences {
  private readonly plan: BoundSequence
  private readonly columns: EventColumns
  private readonly nexts: Nexts
  private readonly branch: Branch
  private readonly budget: Budget
  /** The range that was looked at last: behind row `after`, before row `end`, not later than `limit`. */
  private after = -1
  private end = -1
  private limit = Number.POSITIVE_INFINITY

  constructor(plan: BoundSequence, columns: EventColumns, nexts: Nexts, branch: Branch, budget: Budget) {
    this.plan = plan
    this.columns = columns
    this.nexts = nexts
    this.branch = branch
    this.budget = budget
  }

  /** The time that the watermark must pass for all to be known, -Infinity when it is; NaN when one is broken. */
  decide(first: number, last: number): number {
    const { absences, untils } = this.plan
    let known = Number.NEGATIVE_INFINITY
    for (let index = 0; index < absences.length; index++) {
      if (!this.range(absences[index] as BoundAbsence, whole)) continue
      if (this.anyFits(this.patternOf(index), absences[index] as BoundAbsence, this.after, this.end, this.limit)) return Number.NaN
      if (this.limit !== Number.POSITIVE_INFINITY) known = Math.max(known, this.limit)
    }
    for (let index = 0; index < untils.length; index++) {
      const until = untils[index] as BoundPattern
      const at = this.patternOf(absences.length + index)
      if (this.anyFits(at, until, first, last, Number.POSITIVE_INFINITY) || this.anyFits(at, until, last, this.nexts.to, known)) return Number.NaN
    }
    return known
  }

  /** Whether, looking for an event of a step, the branch is lost already whatever comes. */
  isLost(step: number): boolean {
    const { absences, untils } = this.plan
    const first = this.branch.rows[0] as number
    return (
      absences.some((absence, index) => this.range(absence, step) && this.anyFits(this.patternOf(index), absence, this.after, this.end, this.limit)) ||
      untils.some((until, index) => this.anyFits(this.patternOf(absences.length + index), until, first, this.nexts.to, Number.POSITIVE_INFINITY))
    )
  }

  /** Whether an event is kept out of a range by nothing but its place among those of the same time (rule 30). */
  hangOnOrder(first: number, last: number): boolean {
    const { absences, untils } = this.plan
    return (
      absences.some((absence, index) => {
        if (!this.range(absence, whole)) return false
        const { after, end } = this
        const pattern = this.patternOf(index)
        return this.fitsBeside(pattern, absence, after) || (end !== this.nexts.to && this.fitsBeside(pattern, absence, end))
      }) || untils.some((until, index) => this.fitsBeside(this.patternOf(absences.length + index), until, first) || this.fitsBeside(this.patternOf(absences.length + index), until, last))
    )
  }

  /** Sets the range in which an absence forbids events; false where it forbids nothing, or that is not known yet. */
  private range({ scope }: BoundAbsence, looking: number): boolean {
    const { last, first } = this.branch
    this.after = scope.from === -1 ? this.lastBefore(scope.before, looking) : (this.plan.stepOfSlot[scope.from] as number) < looking ? (last[scope.from] as number) : -1
    this.end = this.nexts.to
    this.limit = Number.POSITIVE_INFINITY
    // what was left out has nothing behind it that could be forbidden
    if (this.after === -1) return false
    if (scope.kind === 'for') {
      this.limit = (this.columns.time[this.after] as number) + scope.duration
      return true
    }
    const to = scope.kind === 'between' ? (first[scope.to] as number) : this.firstBehind(scope.before)
    if (to !== -1) {
      this.end = to
      return true
    }
    if (looking !== whole) return scope.kind === 'here' || (scope.isRequired && (this.plan.stepOfSlot[scope.to] as number) >= looking)
    if (scope.kind === 'between' || this.plan.within === Number.POSITIVE_INFINITY) return false
    // behind the last step: until the bound of the whole sequence
    this.limit = (this.columns.time[this.branch.rows[0] as number] as number) + this.plan.within
    return true
  }

  /** The last event of the last step taken, of those up to `step`. */
  private lastBefore(step: number, looking: number): number {
    if (step >= looking) return -1
    for (let at = step; at >= 0; at--) if (this.branch.last[at] !== -1) return this.branch.last[at] as number
    return -1
  }

  private firstBehind(step: number): number {
    for (let at = step + 1; at < this.plan.steps.length; at++) if (this.branch.first[at] !== -1) return this.branch.first[at] as number
    return -1
  }

  private patternOf(index: number): number {
    return this.plan.steps.length + index
  }

  /** Whether an event strictly between two rows, and not later than a time, fits. */
  private anyFits(index: number, pattern: BoundPattern, after: number, end: number, limit: number): boolean {
    const { time } = this.columns
    for (let row = this.nexts.at(index, after + 1); row !== -1 && row < end && (time[row] as number) <= limit; row = this.nexts.at(index, row + 1)) if (this.fits(pattern, row)) return true
    return false
  }

  private fitsBeside(index: number, pattern: BoundPattern, edge: number): boolean {
    const { time } = this.columns
    const at = time[edge] as number
    if (!(edge > this.nexts.from && time[edge - 1] === at) && !(edge + 1 < this.nexts.to && time[edge + 1] === at)) return false
    for (let row = this.nexts.at(index, this.nexts.rowAt(at, this.nexts.from)); row !== -1 && time[row] === at; row = this.nexts.at(index, row + 1)) if (row !== edge && this.fits(pattern, row)) return true
    return false
  }

  private fits({ alternatives, isAlone }: BoundPattern, row: number): boolean {
    if (isAlone) return true
    this.budget.look(this.plan.steps.length)
    const [only] = alternatives
    return only?.together === undefined || only.together(row, this.branch.last) === true
  }
}
