import fc from 'fast-check'
import { expect, it } from 'vitest'
import { formatFieldPath, parseFieldPath } from '../../../shared/model/field-path.ts'
import { mainKind, profileFields, type FieldProfile, type GuessRecord } from './flatten.ts'

const record = (data: unknown, more: Partial<GuessRecord> = {}): GuessRecord => ({ key: null, headers: [], brokerTime: 0, context: null, data, ...more })
const profile = (...payloads: unknown[]): Map<string, FieldProfile> => byPath(profileFields(payloads.map((data) => record(data))))
const byPath = (fields: readonly FieldProfile[]): Map<string, FieldProfile> => new Map(fields.map((field) => [formatFieldPath(field.path), field]))

it('counts records, kinds and distinct values of every field', () => {
  const fields = profile({ user: { id: 7 }, tags: ['a'], ok: true }, { user: { id: 7 }, ok: null }, { user: null, price: 1.5 })
  expect([...fields.keys()]).toEqual(['user', 'user.id', 'tags', 'ok', 'price'])
  expect(Object.fromEntries(fields.get('user')?.kinds ?? [])).toEqual({ object: 2, null: 1 })
  expect(fields.get('user.id')).toMatchObject({ values: [{ record: 0, text: '7' }, { record: 1, text: '7' }], distinct: new Map([['7', 2]]) })
  expect(Object.fromEntries(fields.get('ok')?.kinds ?? [])).toEqual({ boolean: 1, null: 1 })
  expect(Object.fromEntries(fields.get('tags')?.kinds ?? [])).toEqual({ array: 1 })
  expect(fields.get('tags')?.values).toEqual([])
})

it('profiles the record itself: its key, its headers (the first of a name) and its CloudEvents attributes', () => {
  const headers = [{ name: 'h', value: 'first' }, { name: 'h', value: 'second' }, { name: 'n', value: null }]
  const fields = byPath(profileFields([record(null, { key: 'k', headers, context: { subject: 's' } }), record(null, { key: '' })]))
  expect([...fields].map(([path, { values }]) => [path, values.map(({ text }) => text)])).toEqual([['$key', ['k']], ['$headers.n', []], ['$headers.h', ['first']], ['$ce.subject', ['s']]])
})

it.each<[string, unknown[], ReturnType<typeof mainKind>]>([
  ['numbers among integers are numbers', [1, 2.5], 'number'],
  ['integers beyond 64 bits are numbers', [2 ** 64], 'number'],
  ['integers beyond 2^53 are integers', [2 ** 60], 'integer'],
  ['numbers and texts are mixed', [1, 'a'], undefined],
  ['five odd ones in a hundred are let pass', [...Array.from({ length: 95 }, () => 'a'), 1, 2, 3, 4, 5], 'string'],
  ['six are not', [...Array.from({ length: 94 }, () => 'a'), 1, 2, 3, 4, 5, 6], undefined],
  ['nulls do not count', [null, null, true], 'boolean'],
  ['only nulls have no kind', [null], undefined],
  ['containers have none', [{ a: 1 }], undefined],
])('knows the main kind: %s', (_, values, kind) => {
  const field = profile(...values.map((x) => ({ x }))).get('x')
  if (field === undefined) throw new Error('no field x')
  expect(mainKind(field)).toBe(kind)
})

it('stays small on hostile records', () => {
  const nested = `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`
  const wide = Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`f${index}`, index]))
  const proto = JSON.parse('{"__proto__": {"polluted": 1}, "constructor": {"prototype": 2}}') as unknown
  const fields = profile(proto, { long: 'x'.repeat(1_000_000) }, JSON.parse(nested), { ['n'.repeat(600)]: 1, '*': 1, '': 1 }, wide)
  expect(fields.size).toBe(500)
  expect(fields.get('__proto__.polluted')?.values).toEqual([{ record: 0, text: '1' }])
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  expect(fields.get('long')?.values[0]?.text).toHaveLength(200)
  expect([...fields.keys()].filter((path) => path.startsWith('a')).map((path) => path.length).toSorted((a, b) => b - a)[0]).toBe('a.a.a.a.a.a.a.a'.length)
  expect([...fields.keys()].filter((path) => path.length > 512 || path.includes('*') || path === '""')).toEqual([])
})

it('takes any JSON; every path is one that can be read again, and stands for as many values as it says', () => {
  fc.assert(fc.property(fc.array(fc.jsonValue()), (payloads) => {
    for (const [path, { values, distinct, kinds }] of profile(...payloads)) {
      expect(parseFieldPath(path).ok, path).toBe(true)
      expect([...distinct.values()].reduce((sum, n) => sum + n, 0)).toBe(values.length)
      expect([...kinds.values()].reduce((sum, n) => sum + n, 0)).toBeLessThanOrEqual(payloads.length)
    }
  }))
})
