import type { BoundStep } from './bind.ts'
import { TooExpensive } from './too-expensive.ts'

/** How many branches one start may examine (SEMANTICS.md rule 15). */
const mostBranches = 1_000_000
/** How many events all matches may have together: what memory bears. */
const mostEvents = 50_000_000
/** How many events a search may look at for each event that it searches, so that its cost stays linear. */
export const looksPerEvent = 100

/** Bounds the work of a search, so that no pattern hangs, and names the step that makes it much. */
export class Budget {
  private readonly steps: readonly BoundStep[]
  /** What each step has cost; the last one is for absences. */
  private readonly costs: Float64Array
  private work = 0
  private branches = 0
  private readonly mostWork: number

  constructor(steps: readonly BoundStep[], events: number) {
    this.steps = steps
    this.costs = new Float64Array(steps.length + 1)
    // room for the few starts that need more
    this.mostWork = 10_000_000 + looksPerEvent * events
  }

  start(): void {
    this.branches = 0
  }

  /** An event that a step looks at. @throws TooExpensive */
  look(step: number): void {
    this.costs[step] = (this.costs[step] as number) + 1
    if (++this.work > this.mostWork) throw this.tooMuch(this.work)
  }

  /** One more way to take a step. @throws TooExpensive */
  branch(step: number): void {
    this.look(step)
    if (++this.branches > mostBranches) throw this.tooMuch(this.branches)
  }

  /** Events that all matches have together. @throws TooExpensive */
  keep(events: number): void {
    if (events > mostEvents) throw TooExpensive.events(this.worst().name, mostEvents)
  }

  private tooMuch(count: number): TooExpensive {
    const worst = this.worst()
    const ofAbsences = this.costs[this.steps.length] as number
    return ofAbsences > (this.costs[worst.index] as number) ? TooExpensive.absences(ofAbsences) : TooExpensive.tries(worst.name, count)
  }

  /** Of the steps that can be taken in several ways the one that cost most; of others none multiplies anything. */
  private worst(): BoundStep {
    const cost = (step: BoundStep): number => (this.costs[step.index] as number) * (step.max > 1 || step.contiguity === 'any' || step.optional ? 1 : 1e-9)
    return this.steps.reduce((most, step) => (cost(step) > cost(most) ? step : most))
  }
}
