import { patternsOf } from '../check.ts'
import { splitField } from '../check-expression.ts'
import { fieldsOf } from '../expressions.ts'
import { globTest } from '../glob.ts'
import type { EventPattern, Expression, KeyField, SequenceBody, Step, TypeGlob } from '../syntax.ts'
import { fieldValue, type EventColumns } from './columns.ts'
import { compileExpression, type Evaluator, type LabelSlots } from './evaluate.ts'

/** One alternative of a step, ready for columns: which types it takes, and what must hold. */
export interface BoundAlternative {
  /** 1 for each type that the alternative takes. */
  readonly types: Uint8Array
  /** What must hold of the event alone; asked once an event. */
  readonly alone: Evaluator | undefined
  /** What must hold of the event and those bound before it. */
  readonly together: Evaluator | undefined
}

/** Something that events are searched for by: whether one fits by itself, and whether it fits what is bound. */
export interface BoundPattern {
  readonly alternatives: readonly BoundAlternative[]
  /** True when an event that fits by itself always fits. */
  readonly isAlone: boolean
}

/** A step, ready for columns. Times in microseconds. */
export interface BoundStep extends BoundPattern {
  readonly index: number
  readonly name: string
  readonly optional: boolean
  readonly contiguity: Step['contiguity']
  readonly anyOrder: boolean
  readonly min: number
  readonly max: number
  readonly within: number
  readonly after: number
  /** Compare with the last event of the step before; undefined where nothing is compared. */
  readonly linked: ((row: number, before: number) => boolean) | undefined
  /** Where labels find its last event. */
  readonly slot: number
  /** Where labels of its alternatives find theirs; -1 without one. */
  readonly innerSlots: readonly number[]
}

/** An absence, ready for columns. It begins behind the step of slot `from`, or where that is -1 behind the last step taken up to step `before`. */
export interface BoundAbsence extends BoundPattern {
  readonly scope:
    /** `isRequired`: every match has an event of slot `to`. */
    | { readonly kind: 'between'; readonly from: number; readonly before: number; readonly to: number; readonly isRequired: boolean }
    | { readonly kind: 'for'; readonly from: number; readonly before: number; readonly duration: number }
    | { readonly kind: 'here'; readonly from: -1; readonly before: number }
}

/** A sequence pattern, ready for columns. */
export interface BoundSequence {
  readonly steps: readonly BoundStep[]
  readonly absences: readonly BoundAbsence[]
  readonly untils: readonly BoundPattern[]
  readonly slots: number
  /** The step that has a slot, or an alternative of which has. */
  readonly stepOfSlot: Int32Array
  readonly within: number
  /** The longest time from the first event to the last that the bounds of all steps and of the whole leave. */
  readonly span: number
  readonly session: number
  readonly match: SequenceBody['match']
  readonly overlap: boolean
  readonly returns: readonly { readonly name: string; readonly value: Evaluator }[]
}

/** The label of a step, or its number where it has none: what results and messages call it. */
export function stepName(step: Step, index: number): string {
  return step.label ?? `step ${index + 1}`
}

/** Makes a pattern ready for columns: types become masks, expressions become functions on rows. */
export function bindSequence(body: SequenceBody, columns: EventColumns): BoundSequence {
  const steps = body.clauses.filter((clause) => clause.kind === 'step')
  // steps have the first slots, so that absences find steps without a label; labels inside of alternatives follow
  const slots = new Map<string, number>()
  const stepOfSlot = [...steps.keys()]
  for (const [index, step] of steps.entries()) {
    if (step.label !== undefined) slots.set(step.label, index)
    for (const { label } of patternsOf(step)) if (label !== undefined) slots.set(label, stepOfSlot.push(index) - 1)
  }
  const bind = (pattern: EventPattern, more: Expression | undefined, own: readonly (string | undefined)[]): BoundAlternative => bindAlternative(pattern, more, own, slots, columns)
  const bound = steps.map((step, index): BoundStep => {
    const patterns = patternsOf(step)
    const alternatives = patterns.map((pattern) => bind(pattern, step.where, [step.label, pattern.label]))
    const linked = bindLinks(step.same, step.different, columns)
    const anyOrder = step.pattern.kind === 'any order'
    return {
      index,
      name: stepName(step, index),
      optional: step.optional,
      contiguity: step.contiguity,
      anyOrder,
      // each part once
      min: anyOrder ? patterns.length : step.times.min,
      max: anyOrder ? patterns.length : (step.times.max ?? Number.POSITIVE_INFINITY),
      within: step.within?.micros ?? Number.POSITIVE_INFINITY,
      after: step.after?.micros ?? 0,
      linked,
      slot: index,
      innerSlots: patterns.map(({ label }) => (label === undefined ? -1 : (slots.get(label) ?? -1))),
      alternatives,
      isAlone: linked === undefined && alternatives.every(({ together }) => together === undefined),
    }
  })
  const slotOf = (label: string): number => slots.get(label) ?? -1
  const before = (index: number): number => body.clauses.slice(0, index).filter(({ kind }) => kind === 'step').length - 1
  const isRequired = (slot: number): boolean => {
    const step = bound[stepOfSlot[slot] ?? -1]
    return step !== undefined && !step.optional && (slot === step.slot || step.anyOrder)
  }
  const within = body.within?.micros ?? Number.POSITIVE_INFINITY
  const absences = body.clauses.flatMap((clause, index): BoundAbsence[] => {
    if (clause.kind !== 'without') return []
    const alternative = bind(clause.pattern, undefined, [])
    const { scope } = clause
    const at: BoundAbsence['scope'] =
      scope.kind === 'between'
        ? { kind: 'between', from: slotOf(scope.from.label), before: -1, to: slotOf(scope.to.label), isRequired: isRequired(slotOf(scope.to.label)) }
        : scope.kind === 'for'
          ? { kind: 'for', from: scope.after === undefined ? -1 : slotOf(scope.after.label), before: before(index), duration: scope.duration.micros }
          : { kind: 'here', from: -1, before: before(index) }
    return [{ alternatives: [alternative], isAlone: alternative.together === undefined, scope: at }]
  })
  const untils = body.clauses.flatMap((clause): BoundPattern[] => {
    if (clause.kind !== 'until') return []
    const alternative = bind(clause.pattern, undefined, [])
    return [{ alternatives: [alternative], isAlone: alternative.together === undefined }]
  })
  return {
    steps: bound,
    absences,
    untils,
    slots: stepOfSlot.length,
    stepOfSlot: Int32Array.from(stepOfSlot),
    within,
    span: Math.min(within, bound.reduce((sum, step, index) => sum + (index === 0 && step.max === 1 ? 0 : step.within), 0)),
    session: body.session?.micros ?? Number.POSITIVE_INFINITY,
    match: body.match,
    overlap: body.skip === 'overlap',
    returns: body.returns.map(({ expression, name }) => ({ name, value: compileExpression(expression, columns, { slots, own: new Set() }) })),
  }
}

function bindAlternative(pattern: EventPattern, more: Expression | undefined, ownLabels: readonly (string | undefined)[], slots: ReadonlyMap<string, number>, columns: EventColumns): BoundAlternative {
  const own = new Set(ownLabels.filter((label) => label !== undefined))
  const labels: LabelSlots = { slots, own }
  const conjuncts = [...conjunctsOf(pattern.where), ...conjunctsOf(more)]
  const others = [...slots.keys()].filter((label) => !own.has(label))
  const isAlone = (expression: Expression): boolean => fieldsOf(expression).every((path) => splitField(path, others).label === undefined)
  const all = (expressions: readonly Expression[]): Evaluator | undefined => {
    const evaluators = expressions.map((expression) => compileExpression(expression, columns, labels))
    const [first] = evaluators
    return first === undefined ? undefined : evaluators.length === 1 ? first : (row, bound) => evaluators.every((evaluate) => evaluate(row, bound) === true)
  }
  return { types: typeMask(pattern.types, columns.types), alone: all(conjuncts.filter(isAlone)), together: all(conjuncts.filter((expression) => !isAlone(expression))) }
}

/** The parts of an expression that must all hold. */
function conjunctsOf(expression: Expression | undefined): readonly Expression[] {
  if (expression === undefined) return []
  return expression.kind === 'binary' && expression.operator === 'and' ? [...conjunctsOf(expression.left), ...conjunctsOf(expression.right)] : [expression]
}

function typeMask(globs: readonly TypeGlob[], types: readonly string[]): Uint8Array {
  const tests = globs.map(({ text, quoted }) => (quoted ? (type: string) => type === text : globTest(text)))
  return Uint8Array.from(types, (type) => (tests.some((test) => test(type)) ? 1 : 0))
}

function bindLinks(same: readonly KeyField[], different: readonly KeyField[], columns: EventColumns): BoundStep['linked'] {
  if (same.length === 0 && different.length === 0) return undefined
  const compare = ({ path }: KeyField): ((row: number, before: number) => boolean | null) => {
    const read = path === 'type' ? (row: number) => columns.types[columns.type[row] ?? -1] ?? null : path === 'time' ? (row: number) => columns.time[row] ?? null : (row: number) => fieldValue(columns.fields.get(path), row)
    return (row, before) => {
      const left = read(row)
      const right = read(before)
      return left === null || right === null ? null : left === right
    }
  }
  const equals = same.map(compare)
  const differs = different.map(compare)
  return (row, before) => equals.every((equal) => equal(row, before) === true) && differs.every((equal) => equal(row, before) === false)
}
