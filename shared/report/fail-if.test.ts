import { expect, it } from 'vitest'
import { formatCondition, isMet, parseCondition } from './fail-if.ts'

const counts = { occurrences: 120, users: 50, confirmed: 118, pending: 2, tied: 0, late: 0, open: 7, events: 1000, population: 90 }

it.each([
  ['users > 50', false], ['users >= 50', true], ['users>49', true], ['Occurrences == 120', true], ['pending != 2', false], ['late < 1', true], ['tied <= 0', true], ['open > 6.5', true],
])('reads %j', (text, met) => {
  const condition = parseCondition(text)
  if (condition === undefined) throw new Error(`${text} is not read`)
  expect(isMet(condition, counts)).toBe(met)
  expect(parseCondition(formatCondition(condition))).toEqual(condition)
})

it.each(['', 'users', 'users > ', 'users > many', 'people > 1', 'users > 1 or late > 2', 'users => 1', 'users > -1'])('refuses %j', (text) => {
  expect(parseCondition(text)).toBeUndefined()
})
