import type { BoundStep } from './bind.ts'

/** What a branch was at some time. */
export interface BranchCopy {
  readonly rows: readonly number[]
  readonly steps: readonly number[]
  readonly last: Int32Array
  readonly first: Int32Array
}

/** The events that the search has taken on its way, in order, and what labels stand for by them. */
export class Branch {
  readonly rows: number[] = []
  readonly steps: number[] = []
  length = 0
  /** By slot of a label: the last event that it names, and the first; -1 for none. */
  readonly last: Int32Array
  readonly first: Int32Array
  /** Which alternative of its step each event was taken for. */
  private readonly parts: number[] = []

  constructor(slots: number) {
    this.last = new Int32Array(slots).fill(-1)
    this.first = new Int32Array(slots).fill(-1)
  }

  clear(): void {
    if (this.length === 0) return
    this.length = 0
    this.last.fill(-1)
    this.first.fill(-1)
  }

  /** All of it, to go back to it later. */
  copy(): BranchCopy {
    return { rows: this.rows.slice(0, this.length), steps: this.steps.slice(0, this.length), last: this.last.slice(), first: this.first.slice() }
  }

  restore({ rows, steps, last, first }: BranchCopy): void {
    this.length = rows.length
    for (let at = 0; at < rows.length; at++) {
      this.rows[at] = rows[at] as number
      this.steps[at] = steps[at] as number
    }
    this.last.set(last)
    this.first.set(first)
  }

  push(step: BoundStep, row: number, part: number): void {
    this.rows[this.length] = row
    this.steps[this.length] = step.index
    this.parts[this.length++] = part
    this.name(step.slot, row)
    const slot = step.innerSlots[part] as number
    if (slot !== -1) this.name(slot, row)
  }

  /** Takes back the last event, which is one of `step`. */
  pop(step: BoundStep): void {
    const part = this.parts[--this.length] as number
    this.rename(step.slot, this.length > 0 && this.steps[this.length - 1] === step.index ? this.length - 1 : -1)
    const slot = step.innerSlots[part] as number
    if (slot !== -1) this.rename(slot, this.find(step, part))
  }

  /** Where the last event lies that was taken for a part of the step which is at hand; -1 for none. */
  find(step: BoundStep, part: number): number {
    let at = this.length - 1
    while (at >= 0 && this.steps[at] === step.index && this.parts[at] !== part) at--
    return at >= 0 && this.steps[at] === step.index ? at : -1
  }

  private name(slot: number, row: number): void {
    this.last[slot] = row
    if (this.first[slot] === -1) this.first[slot] = row
  }

  private rename(slot: number, at: number): void {
    this.last[slot] = at === -1 ? -1 : (this.rows[at] as number)
    if (at === -1) this.first[slot] = -1
  }
}
