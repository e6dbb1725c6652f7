import { expect, test } from 'vitest'
import { CauseTable } from './cause-table.ts'
import { Tally } from './tally.ts'

test('a match is pending up to and with its bound, and confirmed once the watermark has passed it', () => {
  const tally = new Tally()
  tally.hold('ada', { until: 100 })
  expect(tally.count(100)).toMatchObject({ occurrences: 1, users: 1, confirmed: { occurrences: 0, users: 0 }, pending: { occurrences: 1, users: 1 } })
  expect(tally.count(101)).toMatchObject({ occurrences: 1, users: 1, confirmed: { occurrences: 1, users: 1 }, pending: { occurrences: 0, users: 0 } })
})

test('a refuted match is neither', () => {
  const tally = new Tally()
  const match = { until: 100 }
  tally.hold('ada', match)
  tally.refute(match)
  expect(tally.count(101)).toEqual({ occurrences: 0, users: 0, confirmed: { occurrences: 0, users: 0 }, pending: { occurrences: 0, users: 0 }, refuted: 1 })
})

test('a user with a confirmed and a pending match is one user', () => {
  const tally = new Tally()
  tally.confirm('ada')
  tally.hold('ada', { until: 100 })
  tally.hold('bob', { until: 100 })
  expect(tally.count(50)).toMatchObject({ occurrences: 3, users: 2, confirmed: { occurrences: 1, users: 1 }, pending: { occurrences: 2, users: 2 } })
})

test('settling changes no count from its watermark on', () => {
  const settled = new Tally()
  const kept = new Tally()
  for (const tally of [settled, kept]) for (const until of [10, 20, 30]) tally.hold(`user ${until}`, { until })
  settled.settle(20)
  for (const watermark of [20, 21, 31]) expect(settled.count(watermark)).toEqual(kept.count(watermark))
})

test('a chance is counted once the watermark has passed its bound, with what is known of it then', () => {
  const table = new CauseTable()
  const chance = { until: 100, exposed: false, matched: false }
  table.enter(chance)
  chance.exposed = true
  const nothing = { exposedMatched: 0, exposedUnmatched: 0, unexposedMatched: 0, unexposedUnmatched: 0 }
  expect(table.count(100)).toEqual(nothing)
  expect(table.count(101)).toEqual({ ...nothing, exposedUnmatched: 1 })
  chance.matched = true
  table.settle(101)
  expect(table.count(101)).toEqual({ ...nothing, exposedMatched: 1 })
})
