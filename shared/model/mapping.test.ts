import { expect, it } from 'vitest'
import { Mapping } from './mapping.ts'

const base = { key: 'user', type: 'type', time: 'at', timeFormat: 'iso' }
const attribute = (name: string): object => ({ name, path: 'x', type: 'text' })

it.each([
  [['item', 'Item'], 'the attributes item and Item differ only in case'],
  [['a', 'b', 'a'], 'there are two attributes named a'],
])('refuses attributes %j, which would be one column', (names, message) => {
  expect(Mapping.safeParse({ ...base, attributes: names.map(attribute) }).error?.issues[0]?.message).toContain(message)
  expect(Mapping.partial().safeParse({ attributes: names.map(attribute) }).success).toBe(false)
})

it('takes attributes with names of their own', () => {
  expect(Mapping.safeParse({ ...base, attributes: ['item', 'items'].map(attribute) }).success).toBe(true)
})
