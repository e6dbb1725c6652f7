import { patternsOf } from '../check.ts'
import { fieldsOf } from '../expressions.ts'
import type { Absence, EventPattern, LabelRef, SequenceBody, Span, Step, TypeGlob } from '../syntax.ts'
import type { Fields } from './fields.ts'
import type { Refuse } from './refuse.ts'

/** One event of a match. Repeated steps and `any order` have several. */
export interface Slot {
  readonly step: Step
  /** The first slot of the same step. */
  readonly first: number
  /** The last slot of the step before; undefined in the first step. */
  readonly before: number | undefined
}

/** Where no event of a pattern may lie: behind slot `from`, before slot `to` or up to `micros` behind the time of slot `anchor`. */
export interface Region {
  readonly pattern: EventPattern
  readonly from: number
  readonly to: number | undefined
  readonly bound: { readonly anchor: number; readonly micros: number } | undefined
}

/** A last step that takes as many events as it can, up to a time that is known: at most `micros` behind slot `anchor`. */
export interface OpenRun {
  readonly bounds: readonly { readonly anchor: number; readonly micros: number }[]
}

/** A step is unrolled into so many events at most. */
const mostSlots = 50
/** `any order` grows with the ways in which its parts can follow each other. */
const mostParts = 3

/**
 * A sequence as a row of slots in which every event that follows is either taken by the next slot or passed over: from one
 * start there is one way. That is what engines can say that know neither preference nor going back; what has several ways is refused.
 */
export class Plan {
  readonly body: SequenceBody
  readonly fields: Fields
  readonly slots: readonly Slot[]
  readonly regions: readonly Region[]
  readonly untils: readonly EventPattern[]
  readonly openRun: OpenRun | undefined
  /** Whose events a label means: those of a step, or of one of its parts. */
  readonly labels: ReadonlyMap<string, { readonly step: Step; readonly part: EventPattern | undefined }>
  /** Microseconds from the first event to the last that the bounds leave; undefined for no bound. */
  readonly span: number | undefined
  private readonly refuse: Refuse

  /** @throws AppError BAD_REQUEST naming the clause that has several ways */
  constructor(body: SequenceBody, span: Span, fields: Fields, refuse: Refuse) {
    this.body = body
    this.fields = fields
    this.refuse = refuse
    const steps = body.clauses.filter((clause) => clause.kind === 'step')
    for (const step of steps) this.checkStep(step, step === steps.at(-1))
    if (body.every !== undefined) throw refuse(body.every.span, 'cannot say that matches recur: their chains overlap each other.')
    this.slots = unroll(steps)
    if (this.slots.length > mostSlots) throw refuse(span, `would need ${this.slots.length} pattern variables; this compiler writes at most ${mostSlots}.`)
    this.labels = labelsOf(steps)
    this.span = spanOf(body, steps)
    this.regions = body.clauses.flatMap((clause, index) => (clause.kind === 'without' ? this.regionOf(clause, index) : []))
    this.untils = body.clauses.flatMap((clause) => (clause.kind === 'until' ? [clause.pattern] : []))
    const last = steps.at(-1)
    this.openRun = last !== undefined && isOpen(last) ? this.runOf(last) : undefined
    for (const pattern of this.untils) this.checkReferences(pattern, 0)
    for (const { pattern, from } of this.regions) this.checkReferences(pattern, from)
  }

  /** The slot of a step's last event. */
  lastSlotOf(step: Step): number {
    return this.slots.findLastIndex((slot) => slot.step === step)
  }

  /** All types that the pattern speaks of; undefined where the neighbors of an event matter, whatever their types. */
  types(): readonly TypeGlob[] | undefined {
    const { body } = this
    if (body.session !== undefined || this.slots.some(({ step }) => step.contiguity === 'next')) return undefined
    return body.clauses.flatMap((clause) => (clause.kind === 'step' ? patternsOf(clause) : [clause.pattern])).flatMap(({ types }) => types)
  }

  /** Whether a start can be stuck for good while a later one is completed: then an engine that emits in order of starts waits. */
  dependsOnLabels(): Span | undefined {
    for (const clause of this.body.clauses) {
      if (clause.kind === 'step' && clause.same.length + clause.different.length > 0) return clause.span
      const own = clause.kind === 'step' ? [clause.label, ...patternsOf(clause).map(({ label }) => label)] : []
      const wheres = clause.kind === 'step' ? [clause.where, ...patternsOf(clause).map(({ where }) => where)] : [clause.pattern.where]
      const named = wheres.flatMap((where) => (where === undefined ? [] : fieldsOf(where))).map((path) => path.split('.', 1)[0] ?? '')
      if (named.some((label) => this.labels.has(label) && !own.includes(label))) return clause.span
    }
    return undefined
  }

  private checkStep(step: Step, isLast: boolean): void {
    const { contiguity, optional, pattern, span } = step
    if (contiguity === 'any') throw this.refuse(span, 'takes the first event that fits and cannot try the others.', 'Leave `any` out to take the earliest event that fits.')
    if (optional) throw this.refuse(span, 'cannot go back and leave a step out that it has taken.', 'Write two behaviors, one with the step and one without.')
    if (pattern.kind === 'any order' && pattern.parts.length > mostParts) throw this.refuse(span, `is asked for at most ${mostParts} parts in any order; these are ${pattern.parts.length}.`)
    if (isOpen(step) && !isLast) throw this.refuse(span, 'cannot give an event back that a repeated step has taken: only the last step may take as many as it can.', 'Say how many: `3 times`.')
  }

  /** A run is over when its time is: no absence may hang on where it ends. */
  private runOf(step: Step): OpenRun {
    const { body } = this
    const first = this.slots.findIndex((slot) => slot.step === step)
    const anchor = first === 0 ? 0 : first - 1
    const bounds = [...(step.within === undefined ? [] : [{ anchor, micros: step.within.micros }]), ...(body.within === undefined ? [] : [{ anchor: 0, micros: body.within.micros }])]
    if (bounds.length === 0) throw this.refuse(step.span, 'would wait for ever: this step takes as many events as it can.', 'Bound it with `within`, or say how many: `3 times`.')
    const other = body.clauses.find((clause) => clause.kind !== 'step')
    if (other !== undefined) throw this.refuse(other.span, 'cannot say this together with a step that takes as many events as it can.', 'Say how many times the step is taken: `3 times`.')
    const named = step.pattern.kind === 'event' ? (step.where === undefined ? [] : fieldsOf(step.where)) : ['']
    if (step.after !== undefined || step.same.length + step.different.length > 0 || named.some((path) => path === '' || (path.includes('.') && this.labels.has(path.split('.', 1)[0] ?? '')))) throw this.refuse(step.span, 'can only count the events of such a run by their own types and fields.', 'Say how many: `3 times`.')
    if (step.times.max !== undefined) throw this.refuse(step.span, 'cannot tell which events of a run are the first ones.', 'Say how many: `3 times`, or `at least`.')
    const late = body.returns.find(({ expression }) => fieldsOf(expression).some((path) => this.readsRun(path, step)))
    if (late !== undefined) throw this.refuse(late.span, 'cannot return fields of the last event of a run.', 'Name another step, or say how many times the last one is taken.')
    if (step.contiguity === 'next') throw this.refuse(step.span, 'cannot take as many neighbors as there are.', 'Say how many: `3 times`.')
    if (body.session !== undefined) throw this.refuse(step.span, 'cannot end this run where a session ends.', 'Leave `session` out; the run has its own bound.')
    if (body.skip !== 'overlap' && first !== 0) throw this.refuse(step.span, 'cannot go on directly behind a run whose end is known only later.', 'Write `overlap`, or say how many: `3 times`.')
    return { bounds }
  }

  /** Whether a field is that of the last event of all, which a step of open end has (rules 11 and 25). */
  private readsRun(path: string, step: Step): boolean {
    const found = path.includes('.') ? this.labels.get(path.split('.', 1)[0] ?? '') : undefined
    return found === undefined || found.step === step
  }

  private regionOf({ pattern, scope, span }: Absence, index: number): readonly Region[] {
    const { body } = this
    if (scope.kind === 'between') return [{ pattern, from: this.lastSlotOf(this.stepOf(scope.from)), to: this.firstSlotOf(this.stepOf(scope.to)), bound: undefined }]
    const before = body.clauses.slice(0, index).findLast((clause) => clause.kind === 'step')
    const step = scope.kind === 'for' && scope.after !== undefined ? this.stepOf(scope.after) : before
    // nothing is written before it: nothing is forbidden
    if (step === undefined) return []
    const from = this.lastSlotOf(step)
    if (scope.kind === 'here' && from < this.slots.length - 1) return [{ pattern, from, to: from + 1, bound: undefined }]
    const bound = scope.kind === 'for' ? { anchor: from, micros: scope.duration.micros } : { anchor: 0, micros: body.within?.micros ?? 0 }
    if (body.session !== undefined) throw this.refuse(span, 'cannot end this absence where a session ends.', 'Leave `session` out, or say between which steps it holds.')
    return [{ pattern, from, to: undefined, bound }]
  }

  private firstSlotOf(step: Step): number {
    return this.slots.findIndex((slot) => slot.step === step)
  }

  private stepOf({ label, span }: LabelRef): Step {
    const found = this.labels.get(label)
    if (found === undefined) throw this.refuse(span, 'knows no such step.')
    if (found.part !== undefined) throw this.refuse(span, 'cannot bound an absence by an event that may be missing: this labels an alternative.', 'Label the whole step.')
    return found.step
  }

  /** An event is judged when it comes: what it is compared with must be there by then. */
  private checkReferences({ where, span }: EventPattern, from: number): void {
    if (where === undefined) return
    for (const path of fieldsOf(where)) {
      const found = path.includes('.') ? this.labels.get(path.split('.', 1)[0] ?? '') : undefined
      if (found !== undefined && this.lastSlotOf(found.step) > from) throw this.refuse(span, `judges an event when it comes, and \`${path}\` is known only later.`)
    }
  }
}

function isOpen({ pattern, times }: Step): boolean {
  return pattern.kind !== 'any order' && times.max !== times.min
}

function unroll(steps: readonly Step[]): Slot[] {
  const slots: Slot[] = []
  for (const step of steps) {
    const first = slots.length
    const count = step.pattern.kind === 'any order' ? step.pattern.parts.length : step.times.min
    for (let at = 0; at < Math.min(count, mostSlots + 1); at++) slots.push({ step, first, before: first === 0 ? undefined : first - 1 })
  }
  return slots
}

function labelsOf(steps: readonly Step[]): Plan['labels'] {
  return new Map(steps.flatMap((step) => [{ label: step.label, step, part: undefined }, ...patternsOf(step).map((part) => ({ label: part.label, step, part: step.pattern.kind === 'event' ? undefined : part }))]).flatMap(({ label, step, part }) => (label === undefined ? [] : [[label, { step, part }] as const])))
}

function spanOf(body: SequenceBody, steps: readonly Step[]): number | undefined {
  const sum = steps.reduce((total, step, index) => total + (index === 0 && step.times.max === 1 && step.pattern.kind !== 'any order' ? 0 : (step.within?.micros ?? Number.POSITIVE_INFINITY)), 0)
  const span = Math.min(sum, body.within?.micros ?? Number.POSITIVE_INFINITY)
  return Number.isFinite(span) ? span : undefined
}
