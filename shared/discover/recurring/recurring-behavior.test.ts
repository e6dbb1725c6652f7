import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseBehaviors } from '../../behavior/parse.ts'
import { recurringBehavior } from './recurring-behavior.ts'

const [minute, day] = [60_000_000, 86_400_000_000]

test('the names of types, attributes and values are text to the behavior, whatever they hold', () => {
  const names = fc.oneof(fc.string({ minLength: 1, maxLength: 20, unit: 'binary' }), fc.constantFrom('"', '\\', '" every 1m', "'; DROP TABLE events; --", 'then', '`a`', 'a.b', 'a\nb', '#', '*', '<b>'))
  fc.assert(fc.property(names, names, names, (type, attribute, value) => {
    const { file, problems } = parseBehaviors(recurringBehavior({ type, attribute, value }, { period: day, tolerance: minute, hits: new Map([[0, 0], [1, day]]) }))
    const body = file.behaviors[0]?.body
    expect(problems).toEqual([])
    expect(file.behaviors.length).toBe(1)
    expect(body).toMatchObject({ by: [{ path: attribute }], clauses: [{ pattern: { types: [{ text: type, quoted: true }] }, where: { left: { path: attribute }, right: { value } } }] })
  }))
})
