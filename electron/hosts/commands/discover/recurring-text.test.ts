import { expect, test } from 'vitest'
import { recurringLines } from './recurring-text.ts'

const [minute, hour, day] = [60_000_000, 3_600_000_000, 86_400_000_000]
const start = Date.UTC(2026, 0, 4, 3, 10) * 1000
const found = { type: 'error', period: day, phase: start, jitter: 4 * minute, tolerance: 8 * minute, slots: 3, hits: [start], missed: [], events: 3, episodes: 3, users: 1, concentration: 1, p: 1e-9, next: start + 3 * day, overdue: 0, behavior: '' }

test('a period of about a day is told by the time of day, whether it is a little more or less', () => {
  // the fit of 14 nights may be minutes off, in both directions
  for (const off of [-2, 0, 2]) expect(recurringLines({ ...found, period: day + off * minute })[0]).toMatch(/^error comes back every 2[34] h( \d+ min)? at 03:10 UTC ± 4 min: 1 of 3 expected, p < 0\.001; next 2026-01-07 03:10 UTC$/)
})

test('other periods are told by their first moment, whole days in days', () => {
  expect(recurringLines({ ...found, period: 7 * day - 3 * minute })[0]).toContain('every 7 d from 2026-01-04 03:10 UTC on,')
  expect(recurringLines({ ...found, period: 17 * hour + 30 * minute })[0]).toContain('every 17 h 30 min from 2026-01-04 03:10 UTC on,')
  expect(recurringLines({ ...found, period: 6 * hour })[0]).toContain('every 6 h from')
})

test('what is overdue has a line of its own', () => {
  expect(recurringLines({ ...found, overdue: 1, missed: [start + day] })[1]).toBe('  OVERDUE: one that was expected has not come, the last at 2026-01-05 03:10 UTC')
  expect(recurringLines({ ...found, overdue: 2, missed: [start + day, start + 2 * day] })[1]).toBe('  OVERDUE: 2 in a row that were expected have not come, the last at 2026-01-06 03:10 UTC')
  expect(recurringLines(found)).toHaveLength(1)
})

test('hostile names cannot turn a line around', () => {
  expect(recurringLines({ ...found, type: 'a\u202eb', attribute: 'host', value: '\u001b[31m' })[0]).not.toMatch(/[\u202e\u001b]/u)
})
