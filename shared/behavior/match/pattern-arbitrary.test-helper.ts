import fc from 'fast-check'
import type { Absence, BinaryOperator, Clause, Duration, EventPattern, Expression, KeyField, LabelRef, Pattern, SequenceBody, Step, TypeGlob, Until } from '../syntax.ts'

/**
 * Random patterns that mean something: few types and fields, small bounds, labels that exist where they are used.
 * Choices are numbers first and become references when all labels are known, so that a failing case shrinks.
 */
const span = { start: 0, end: 0 }
const oneIn = <T>(freq: number, value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.integer({ min: 1, max: freq }).chain((roll): fc.Arbitrary<T | undefined> => (roll === freq && freq > 1 ? value : fc.constant(undefined)))

const toDuration = (micros: number): Duration => ({ micros, text: `${micros}us` })
const duration = fc.integer({ min: 0, max: 6 }).map(toDuration)
const bound = fc.integer({ min: 1, max: 9 }).map(toDuration)
const type: fc.Arbitrary<TypeGlob> = fc.oneof({ weight: 12, arbitrary: fc.constantFrom('a', 'b', 'c') }, { weight: 1, arbitrary: fc.constantFrom('*', 'd*', 'd.x', '*x') }).map((text) => ({ text, quoted: false, span }))
const types = fc.oneof({ weight: 5, arbitrary: type.map((one) => [one]) }, { weight: 1, arbitrary: fc.tuple(type, type) })

const fieldNames = ['n', 'm', 's', 'f'] as const
const keyField: fc.Arbitrary<KeyField> = fc.constantFrom(...fieldNames).map((path) => ({ path, span }))

/** An expression once the labels that it may use are known. */
type Unbound<T> = (labels: readonly string[]) => T

const number: fc.Arbitrary<Expression> = fc.integer({ min: 0, max: 2 }).map((value) => ({ kind: 'number', value, text: String(value), span }))
const pick = <T>(choices: readonly T[], at: number): T => choices[at % choices.length] as T

/** `n`, or `label.n` of a step that is bound. */
const field: fc.Arbitrary<(name: string) => Unbound<Expression>> = fc.nat(5).map((at) => (name) => (labels) => {
  const head = pick(['', '', ...labels.map((label) => `${label}.`)], at)
  return { kind: 'field', path: head + name, span }
})
const comparison = fc.constantFrom<BinaryOperator>('==', '!=', '<', '<=', '>', '>=')
const binary = (operator: BinaryOperator, left: Expression, right: Expression): Expression => ({ kind: 'binary', operator, left, right, span })

const leafCondition: fc.Arbitrary<Unbound<Expression>> = fc.oneof(
  fc.tuple(comparison, field, number).map(([operator, left, right]) => (labels: readonly string[]) => binary(operator, left('n')(labels), right)),
  fc.tuple(comparison, field, field).map(([operator, left, right]) => (labels: readonly string[]) => binary(operator, left('n')(labels), right('m')(labels))),
  fc.tuple(comparison, field, field, fc.constantFrom<BinaryOperator>('+', '-', '*', '/'), number).map(([operator, left, right, by, amount]) => (labels: readonly string[]) => binary(operator, left('n')(labels), binary(by, right('n')(labels), amount))),
  fc.tuple(comparison, field, field, duration).map(([operator, left, right, value]) => (labels: readonly string[]) => binary(operator, binary('-', left('time')(labels), right('time')(labels)), { kind: 'duration', value, span })),
  fc.tuple(fc.constantFrom<BinaryOperator>('==', '!='), field, fc.constantFrom(...fieldNames)).map(([operator, left, name]) => (labels: readonly string[]) => binary(operator, left(name)(labels), { kind: 'null', span })),
  fc.tuple(comparison, field, field).map(([operator, left, right]) => (labels: readonly string[]) => binary(operator, left('s')(labels), right('s')(labels))),
  fc.tuple(field, fc.constantFrom('x', 'x*', '*y', '*'), fc.boolean()).map(([operand, pattern, negated]) => (labels: readonly string[]): Expression => ({ kind: 'like', operand: operand('s')(labels), pattern, negated, span })),
  fc.tuple(field, fc.array(fc.oneof({ weight: 4, arbitrary: number }, { weight: 1, arbitrary: fc.constant<Expression>({ kind: 'null', span }) }), { minLength: 1, maxLength: 2 }), fc.boolean()).map(([operand, values, negated]) => (labels: readonly string[]): Expression => ({ kind: 'in', operand: operand('n')(labels), values, negated, span })),
  field.map((one) => one('f')),
  fc.tuple(field, fc.constantFrom('a', 'b')).map(([operand, value]) => (labels: readonly string[]) => binary('==', operand('type')(labels), { kind: 'string', value, span })),
)

const condition: fc.Arbitrary<Unbound<Expression>> = fc.oneof(
  { weight: 4, arbitrary: leafCondition },
  { weight: 1, arbitrary: leafCondition.map((inner) => (labels: readonly string[]): Expression => ({ kind: 'not', operand: inner(labels), span })) },
  { weight: 1, arbitrary: fc.tuple(fc.constantFrom<BinaryOperator>('and', 'or'), leafCondition, leafCondition).map(([operator, left, right]) => (labels: readonly string[]) => binary(operator, left(labels), right(labels))) },
)

const stepParts = fc.record({
  kind: fc.oneof({ weight: 5, arbitrary: fc.constant('event') }, { weight: 1, arbitrary: fc.constantFrom('either', 'any order') }),
  parts: fc.array(fc.record({ types, where: oneIn(4, condition) }), { minLength: 2, maxLength: 3 }),
  where: oneIn(4, condition),
  labeled: fc.boolean(),
  optional: fc.integer({ min: 0, max: 4 }).map((roll) => roll === 4),
  contiguity: fc.oneof({ weight: 4, arbitrary: fc.constant<Step['contiguity']>('skip till next') }, { weight: 1, arbitrary: fc.constant<Step['contiguity']>('any') }, { weight: 1, arbitrary: fc.constant<Step['contiguity']>('next') }),
  times: fc.oneof({ weight: 4, arbitrary: fc.constant({ min: 1, max: 1 }) }, { weight: 1, arbitrary: fc.constantFrom({ min: 1, max: 2 }, { min: 2, max: 2 }, { min: 2, max: 3 }, { min: 1, max: undefined }, { min: 2, max: undefined }) }),
  within: oneIn(4, bound),
  after: oneIn(6, duration),
  same: oneIn(8, keyField),
  different: oneIn(8, keyField),
})
type StepParts = typeof stepParts extends fc.Arbitrary<infer T> ? T : never

const absenceParts = fc.record({
  until: fc.integer({ min: 0, max: 4 }).map((roll) => roll === 4),
  types,
  where: oneIn(3, condition),
  /** Between which clauses it is written. */
  place: fc.nat(9),
  scope: fc.constantFrom('here', 'between', 'for', 'for before'),
  from: fc.nat(9),
  to: fc.nat(9),
  duration,
})
type AbsenceParts = typeof absenceParts extends fc.Arbitrary<infer T> ? T : never

/** Bodies of sequences over events of `plainEvents`; keys are not looked at by the matcher. */
function bodiesOf(step: fc.Arbitrary<StepParts>, someAbsences: fc.Arbitrary<readonly AbsenceParts[] | undefined>): fc.Arbitrary<SequenceBody> {
  return fc
    .record({
      steps: fc.array(step, { minLength: 1, maxLength: 4 }),
      absences: someAbsences,
      within: oneIn(4, bound),
      session: oneIn(6, bound),
      match: fc.constantFrom<SequenceBody['match']>('first', 'first', 'every', 'longest'),
      skip: fc.constantFrom<SequenceBody['skip']>('past last', 'past last', 'overlap'),
      returns: fc.array(condition, { maxLength: 2 }),
    })
    .map(({ steps: parts, absences, returns, ...rest }): SequenceBody => {
      const steps: Step[] = []
      const labels: string[] = []
      for (const [index, one] of parts.entries()) steps.push(toStep(one, index, labels))
      const clauses: Clause[] = [...steps]
      for (const one of absences ?? []) {
        const clause = toAbsence(one, labels)
        const place = (one.place % clauses.length) + 1
        clauses.splice(place, 0, clause)
      }
      return { kind: 'sequence', by: [{ path: 'user', span }], ...rest, clauses, every: undefined, returns: returns.map((expression, at) => ({ expression: expression(labels), name: `r${at}`, span })) }
    })
}

export const meaningfulBody = bodiesOf(stepParts, oneIn(2, fc.array(absenceParts, { minLength: 1, maxLength: 2 })))

/** Those whose every step is one event that is found by itself: rare among the others, and the commonest where people write them. */
export const chainBody = bodiesOf(
  stepParts.map(({ where, ...one }): StepParts => ({ ...one, kind: 'event', where: where && (() => where([])), optional: false, contiguity: 'skip till next', times: { min: 1, max: 1 }, same: undefined, different: undefined })),
  fc.constant(undefined),
)

/** A step; its labels are added to those that are bound. */
function toStep({ kind, parts, where, labeled, times, same, different, ...one }: StepParts, index: number, labels: string[]): Step {
  const label = labeled ? `s${index}` : undefined
  if (label !== undefined) labels.push(label)
  if (kind !== 'event' && labeled) labels.push(...parts.map((_, at) => `s${index}p${at}`))
  const scope = [...labels]
  const toPart = (at: number): EventPattern => ({ kind: 'event', label: labeled ? `s${index}p${at}` : undefined, labelSpan: undefined, types: parts[at]?.types ?? [], where: parts[at]?.where?.(scope), span })
  const pattern: Pattern =
    kind === 'event' ? { ...toPart(0), label: undefined, where: undefined } : kind === 'either' ? { kind: 'either', alternatives: parts.map((_, at) => toPart(at)), span } : { kind: 'any order', parts: parts.map((_, at) => toPart(at)), span }
  const isFirst = index === 0
  return {
    kind: 'step',
    comments: [],
    label,
    labelSpan: undefined,
    optional: !isFirst && one.optional,
    contiguity: isFirst ? 'skip till next' : one.contiguity,
    pattern,
    where: where?.(scope),
    times: kind === 'any order' ? { min: 1, max: 1 } : times,
    within: one.within,
    after: isFirst ? undefined : one.after,
    same: isFirst || same === undefined ? [] : [same],
    different: isFirst || different === undefined ? [] : [different],
    span,
  }
}

function toAbsence({ until, types: of, where, scope, from, to, duration: micros }: AbsenceParts, labels: readonly string[]): Absence | Until {
  const pattern: EventPattern = { kind: 'event', label: undefined, labelSpan: undefined, types: of, where: where?.(labels), span }
  if (until) return { kind: 'until', comments: [], pattern, span }
  const ref = (at: number): LabelRef => ({ label: labels[at] ?? '', span })
  const first = from % Math.max(labels.length - 1, 1)
  const written: Absence['scope'] =
    scope === 'between' && labels.length > 1
      ? { kind: 'between', from: ref(first), to: ref(first + 1 + (to % (labels.length - 1 - first))) }
      : scope === 'for' && labels.length > 0
        ? { kind: 'for', duration: micros, after: ref(from % labels.length) }
        : scope === 'here'
          ? { kind: 'here' }
          : { kind: 'for', duration: micros, after: undefined }
  return { kind: 'without', comments: [], pattern, scope: written, span }
}
