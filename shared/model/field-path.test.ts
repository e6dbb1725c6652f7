import fc from 'fast-check'
import { expect, it } from 'vitest'
import { formatFieldPath, parseFieldPath, type FieldPath, type PathStep } from './field-path.ts'

const name = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('', 'a', 'a-b', '-a', '0', 'a.b', '"', '""', '[0]', '$key', "it's", '__proto__', 'prix_élevé'))
const step: fc.Arbitrary<PathStep> = fc.oneof(
  name.map((text) => ({ name: text })),
  fc.nat(999_999_999).map((index) => ({ index })),
  fc.constant({ each: true as const }),
)
const path: fc.Arbitrary<FieldPath> = fc.oneof(
  fc.array(step, { minLength: 1, maxLength: 6 }).map((steps) => ({ from: 'payload' as const, steps })),
  fc.record({ from: fc.constantFrom('key', 'topic', 'partition', 'broker_time') }),
  fc.record({ from: fc.constantFrom('header', 'ce'), name }),
  fc.record({ from: fc.constant('constant' as const), value: name }),
)

it.each<[string, FieldPath]>([
  ['user.id', { from: 'payload', steps: [{ name: 'user' }, { name: 'id' }] }],
  ['items[0].sku', { from: 'payload', steps: [{ name: 'items' }, { index: 0 }, { name: 'sku' }] }],
  ['items[*].id', { from: 'payload', steps: [{ name: 'items' }, { each: true }, { name: 'id' }] }],
  ['"odd name".x', { from: 'payload', steps: [{ name: 'odd name' }, { name: 'x' }] }],
  ['"say ""hi"""', { from: 'payload', steps: [{ name: 'say "hi"' }] }],
  ['"$key"', { from: 'payload', steps: [{ name: '$key' }] }],
  ['user-id', { from: 'payload', steps: [{ name: 'user-id' }] }],
  ['$key', { from: 'key' }],
  ['$topic', { from: 'topic' }],
  ['$partition', { from: 'partition' }],
  ['$broker_time', { from: 'broker_time' }],
  ['$headers.tenant-id', { from: 'header', name: 'tenant-id' }],
  ['$headers."x y"', { from: 'header', name: 'x y' }],
  ['$ce.subject', { from: 'ce', name: 'subject' }],
  ["'page view'", { from: 'constant', value: 'page view' }],
  ["'it''s'", { from: 'constant', value: "it's" }],
  ["''", { from: 'constant', value: '' }],
])('reads %s and writes it as it was', (text, expected) => {
  expect(parseFieldPath(text)).toEqual({ ok: true, value: expected })
  expect(formatFieldPath(expected)).toBe(text)
})

it.each([
  ['', 1, 'a field name'],
  ['user.', 6, 'a field name'],
  ['user..id', 6, 'a field name'],
  ['user id', 5, 'a dot, [index] or the end'],
  ['items[x]', 6, '[*] or an index'],
  ['items[-1]', 6, '[*] or an index'],
  ['items[0', 6, '[*] or an index'],
  ['"open', 6, 'a closing "'],
  ["'open", 6, "a closing '"],
  ["'a' b", 4, 'the end'],
  ['$headers.', 10, 'a field name'],
  ['$headers.a.b', 11, 'the end'],
  ['$offset', 1, '$key, $topic, $partition, $broker_time'],
])('refuses %j and says that column %i should hold %s', (text, column, expected) => {
  const parsed = parseFieldPath(text)
  if (parsed.ok) throw new Error('it was read')
  expect(parsed.error.code).toBe('BAD_MAPPING')
  expect(parsed.error.message).toContain(`column ${column}: expected ${expected}`)
  expect(parsed.error.hint).toBeDefined()
})

it('reads every path back as it was written', () => {
  fc.assert(fc.property(path, (original) => {
    expect(parseFieldPath(formatFieldPath(original))).toEqual({ ok: true, value: original })
  }))
})

it('reads or refuses any text, and writes what it has read so that it means the same', () => {
  const anyText = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: fc.constantFrom('a', '.', '[', ']', '*', '0', '"', "'", '$', 'key') }))
  fc.assert(fc.property(anyText, (text) => {
    const parsed = parseFieldPath(text)
    if (parsed.ok) expect(parseFieldPath(formatFieldPath(parsed.value))).toEqual(parsed)
    else expect(parsed.error.message).toMatch(/^column \d+: expected /)
  }))
})
