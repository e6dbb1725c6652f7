import fc from 'fast-check'
import { formatDuration, parseDuration } from './duration.ts'
import type { Absence, Behavior, BehaviorFile, Clause, Duration, EventPattern, Expression, KeyField, LabelRef, Pattern, Reaction, Step, TypeGlob } from './syntax.ts'

/** Random trees, for properties of printing, checking and matching. Spans mean nothing in them. */
const span = { start: 0, end: 0 }
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined, freq: 2 })

const name = fc.oneof(fc.constantFrom('a', 'user', 'item', 'price', 'then', 'where', 'order', 'über', '_x1', 'every', 'last'), fc.string({ minLength: 1, maxLength: 5 }).filter((text) => !/[.[\]\n\r]/.test(text)))
const plainName = fc.constantFrom('a', 'b', 'start', 'added', 'first', 'order', 'x1')
const path = fc.tuple(name, fc.array(fc.oneof(name.map((part) => `.${part}`), fc.nat(9).map((index) => `[${index}]`)), { maxLength: 2 })).map(([head, rest]) => head + rest.join(''))
const text = fc.string({ unit: 'grapheme', maxLength: 8 }).map((value) => value.replaceAll('\r', ''))
const duration: fc.Arbitrary<Duration> = fc.integer({ min: 1, max: 10 ** 9 }).map((micros) => {
  const written = parseDuration(formatDuration(micros * 1000))
  if (written === undefined) throw new Error('a duration that cannot be read')
  return written
})
const keyField: fc.Arbitrary<KeyField> = path.map((field) => ({ path: field, span }))
const labelRef: fc.Arbitrary<LabelRef> = name.map((label) => ({ label, span }))

const type: fc.Arbitrary<TypeGlob> = fc.oneof(
  fc.constantFrom('cart.add', 'cart.*', '*', 'page-view', 'a/b.c', 'order', '14', '*.error').map((value) => ({ text: value, quoted: false, span })),
  text.filter((value) => value !== '').map((value) => ({ text: value, quoted: true, span })),
)

const leaf: fc.Arbitrary<Expression> = fc.oneof(
  fc.oneof(fc.nat(1000), fc.double({ min: 0, max: 1e6, noNaN: true })).map((value) => ({ kind: 'number' as const, value: Number(String(value)), text: String(value), span })),
  text.map((value) => ({ kind: 'string' as const, value, span })),
  fc.boolean().map((value) => ({ kind: 'boolean' as const, value, span })),
  fc.constant({ kind: 'null' as const, span }),
  duration.map((value) => ({ kind: 'duration' as const, value, span })),
  path.map((value) => ({ kind: 'field' as const, path: value, span })),
)

const { expression } = fc.letrec<{ expression: Expression }>((tie) => ({
  expression: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.record({ kind: fc.constant('not' as const), operand: tie('expression'), span: fc.constant(span) }),
    fc.record({ kind: fc.constant('negative' as const), operand: tie('expression'), span: fc.constant(span) }),
    fc.record({ kind: fc.constant('binary' as const), operator: fc.constantFrom('and', 'or', '==', '!=', '<', '<=', '>', '>=', '+', '-', '*', '/'), left: tie('expression'), right: tie('expression'), span: fc.constant(span) }),
    fc.record({ kind: fc.constant('like' as const), operand: tie('expression'), pattern: text, negated: fc.boolean(), span: fc.constant(span) }),
    fc.record({ kind: fc.constant('in' as const), operand: tie('expression'), values: fc.array(tie('expression'), { minLength: 1, maxLength: 3 }), negated: fc.boolean(), span: fc.constant(span) }),
  ),
}))

function eventPattern(labels: fc.Arbitrary<string | undefined>, where: fc.Arbitrary<Expression | undefined>): fc.Arbitrary<EventPattern> {
  return fc.record({ kind: fc.constant('event'), label: labels, labelSpan: fc.constant(undefined), types: fc.array(type, { minLength: 1, maxLength: 2 }), where, span: fc.constant(span) })
}

const labeled = eventPattern(maybe(name), maybe(expression))
const pattern: fc.Arbitrary<Pattern> = fc.oneof(
  { weight: 4, arbitrary: eventPattern(fc.constant(undefined), fc.constant(undefined)) },
  { weight: 1, arbitrary: fc.array(labeled, { minLength: 2, maxLength: 3 }).map((alternatives) => ({ kind: 'either' as const, alternatives, span })) },
  { weight: 1, arbitrary: fc.array(labeled, { minLength: 1, maxLength: 3 }).map((parts) => ({ kind: 'any order' as const, parts, span })) },
)

const times = fc.oneof(fc.constant({ min: 1, max: 1 }), fc.record({ min: fc.integer({ min: 2, max: 9 }), max: fc.constant(undefined) }), fc.tuple(fc.integer({ min: 2, max: 9 }), fc.nat(5)).map(([min, more]) => ({ min, max: min + more })))

function step(isFirst: boolean): fc.Arbitrary<Step> {
  const none = fc.constant(undefined)
  const fields = isFirst ? fc.constant([]) : fc.array(keyField, { maxLength: 2 })
  return fc.record({
    kind: fc.constant('step'),
    comments: fc.constant([]),
    label: maybe(name),
    labelSpan: none,
    optional: isFirst ? fc.constant(false) : fc.boolean(),
    contiguity: isFirst ? fc.constant('skip till next') : fc.constantFrom('skip till next', 'next', 'any'),
    pattern,
    where: maybe(expression),
    times,
    within: maybe(duration),
    after: isFirst ? none : maybe(duration),
    same: fields,
    different: fields,
    span: fc.constant(span),
  })
}

const absence: fc.Arbitrary<Absence> = fc.record({
  kind: fc.constant('without'),
  comments: fc.constant([]),
  pattern: eventPattern(fc.constant(undefined), maybe(expression)),
  scope: fc.oneof<fc.Arbitrary<Absence['scope']>[]>(
    fc.record({ kind: fc.constant('between' as const), from: labelRef, to: labelRef }),
    fc.record({ kind: fc.constant('for' as const), duration, after: maybe(labelRef) }),
    fc.constant({ kind: 'here' as const }),
  ),
  span: fc.constant(span),
})

const clause: fc.Arbitrary<Clause> = fc.oneof({ weight: 3, arbitrary: step(false) }, { weight: 1, arbitrary: absence }, { weight: 1, arbitrary: fc.record({ kind: fc.constant('until' as const), comments: fc.constant([]), pattern: eventPattern(fc.constant(undefined), maybe(expression)), span: fc.constant(span) }) })

const reaction: fc.Arbitrary<Reaction> = fc.oneof(fc.constant({ kind: 'notify' as const, span }), fc.constantFrom('alerts', 'https://a.test/b').map((target) => ({ kind: 'webhook' as const, name: target, span })), plainName.map((topic) => ({ kind: 'publish' as const, topic, span })))

const behavior: fc.Arbitrary<Behavior> = fc.record({
  name: text,
  comments: fc.array(fc.string({ maxLength: 10 }).map((line) => line.replaceAll(/[\n\r]/g, '').trim()), { maxLength: 2 }),
  body: fc.oneof(
    fc.record({ kind: fc.constant('population' as const), base: text, baseSpan: fc.constant(span), atLeast: fc.nat(100), of: keyField, within: duration }),
    fc.record({
      kind: fc.constant('sequence' as const),
      by: fc.array(keyField, { minLength: 1, maxLength: 2 }),
      within: maybe(duration),
      session: maybe(duration),
      clauses: fc.tuple(step(true), fc.array(clause, { maxLength: 4 })).map(([first, rest]) => [first, ...rest]),
      match: fc.constantFrom('first', 'every', 'longest'),
      skip: fc.constantFrom('past last', 'overlap'),
      every: maybe(fc.record({ period: duration, tolerance: duration, atLeast: fc.integer({ min: 2, max: 9 }), span: fc.constant(span) })),
      returns: fc.array(fc.record({ expression, name, span: fc.constant(span) }), { maxLength: 2 }),
    }),
  ),
  endComments: fc.constant([]),
  react: fc.array(reaction, { maxLength: 2 }),
  span: fc.constant(span),
  nameSpan: fc.constant(span),
})

export const behaviorFile: fc.Arbitrary<BehaviorFile> = fc.record({ behaviors: fc.array(behavior, { minLength: 1, maxLength: 2 }), comments: fc.constant([]) })
