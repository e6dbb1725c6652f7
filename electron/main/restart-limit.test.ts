import fc from 'fast-check'
import { expect, it } from 'vitest'
import { RestartLimit } from './restart-limit.ts'

it('allows the first start and so many more, and then none until the oldest is long enough ago', () => {
  const limit = new RestartLimit(3, 60_000)
  expect([0, 1000, 2000, 3000, 4000, 59_999].map((at) => limit.allows(at))).toEqual([true, true, true, true, false, false])
  // a refused start does not count: what has given up is free again when its starts are old
  expect([60_000, 60_001].map((at) => limit.allows(at))).toEqual([true, false])
})

it('never allows more than one start and its repetitions within any window of time', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(500), { maxLength: 200 }), fc.integer({ min: 0, max: 5 }), fc.integer({ min: 1, max: 2000 }), (pauses, most, withinMs) => {
      const limit = new RestartLimit(most, withinMs)
      let now = 0
      const allowed = pauses.flatMap((pause) => (limit.allows((now += pause)) ? [now] : []))
      for (const from of allowed) expect(allowed.filter((at) => at >= from && at < from + withinMs).length).toBeLessThanOrEqual(most + 1)
      if (pauses.length > 0) expect(allowed.length).toBeGreaterThan(0)
    }),
  )
})
