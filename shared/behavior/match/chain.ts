import type { BoundAlternative, BoundSequence, BoundStep } from './bind.ts'
import { Budget, looksPerEvent } from './budget.ts'
import type { EventColumns } from './columns.ts'
import { Matches } from './matches.ts'

/**
 * Whether every step of a pattern is one event that is found by itself, and nothing is forbidden: a start then has one
 * branch only. With so few steps all starts together stay inside of what a search may look at (SEMANTICS.md rule 15).
 */
export function isChain({ steps, absences, untils }: BoundSequence): boolean {
  const isSimple = ({ max, optional, anyOrder, contiguity, alternatives, isAlone }: BoundStep): boolean => max === 1 && !optional && !anyOrder && contiguity === 'skip till next' && alternatives.length === 1 && isAlone
  return steps.length > 0 && steps.length <= looksPerEvent && steps.every(isSimple) && absences.length === 0 && untils.length === 0
}

/**
 * Finds the matches of a chain, the commonest pattern: the same as a search, several times faster. A later start never
 * takes an earlier event for any step, so there are neither tables nor branches: a row for each step, which only moves on.
 */
export class Chain {
  readonly matches = new Matches()
  private readonly columns: EventColumns
  private readonly plan: BoundSequence
  private readonly watermark: number
  private readonly budget: Budget
  private readonly alternatives: readonly BoundAlternative[]
  /** By step: no event before this row can be taken by the start at hand, or one behind it. */
  private readonly rows: Int32Array
  /** The steps of every match. */
  private readonly steps: readonly number[]

  constructor(plan: BoundSequence, columns: EventColumns, watermark: number) {
    this.columns = columns
    this.plan = plan
    this.watermark = watermark
    this.budget = new Budget(plan.steps, columns.length)
    this.alternatives = plan.steps.flatMap(({ alternatives }) => alternatives)
    this.rows = new Int32Array(plan.steps.length)
    this.steps = [...plan.steps.keys()]
  }

  /** Adds the matches of the session that rows [from, to) are; sessions come in order. Gives how many starts are open. @throws TooExpensive */
  searchSession(from: number, to: number, sequence: number): number {
    const { rows, watermark } = this
    const { time } = this.columns
    const { steps, overlap, session, span, within } = this.plan
    const newest = time[to - 1] as number
    /** Whether any start here can be open. */
    const isAwaited = watermark !== Number.POSITIVE_INFINITY && watermark <= newest + Math.min(session, span)
    let open = 0
    let earliest = Number.NEGATIVE_INFINITY
    for (let start = this.find(0, from, to, earliest); start < to; ) {
      const first = time[start] as number
      let row = (rows[0] = start)
      let at = first
      let least = first
      let limit = first
      let tied = false
      let taken = 1
      for (; taken < steps.length; taken++) {
        const step = steps[taken] as BoundStep
        least = at + step.after
        limit = Math.min(at + step.within, first + within)
        row = rows[taken] = this.find(taken, Math.max(row + 1, rows[taken] as number), to, least)
        if (row === to || (time[row] as number) > limit) break
        tied ||= time[row] === at
        at = time[row] as number
      }
      let next = start + 1
      if (taken === steps.length) {
        this.keep(sequence, tied)
        if (!overlap) next = row + 1
      } else {
        limit = Math.min(limit, newest + session)
        if (isAwaited && watermark <= limit && least <= limit) open++
        if (!isAwaited && row === to) break
        // a later start does not come to its step sooner: before this it neither matches nor is open
        earliest = Math.min(row === to ? Number.POSITIVE_INFINITY : (time[row] as number), watermark) - span
      }
      start = this.find(0, next, to, earliest)
    }
    return open
  }

  /** The first row at or behind `row` that is not earlier than `least` and fits a step; `to` when there is none. What holds of an event alone asks for no other row. */
  private find(step: number, row: number, to: number, least: number): number {
    const { time, type } = this.columns
    const { types, alone } = this.alternatives[step] as BoundAlternative
    let at = row
    while (at < to && !((time[at] as number) >= least && types[type[at] as number] === 1 && (alone === undefined || alone(at, this.rows) === true))) at++
    return at
  }

  private keep(sequence: number, tied: boolean): void {
    const { matches, plan, rows } = this
    this.budget.keep(matches.events + rows.length)
    matches.add(sequence, rows, this.steps, rows.length, tied)
    if (plan.returns.length > 0) matches.setReturns(plan.returns.map(({ value }) => value(rows[rows.length - 1] as number, rows)))
  }
}
