import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chooseResolution, roundTop, toVolume, wholeBuckets } from './resolution.ts'

describe('the resolution of a histogram', () => {
  it('never gives more buckets than fit, and never needlessly few', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 10 ** 13 }), fc.integer({ min: 10, max: 500 }), (range, most) => {
      const step = chooseResolution(range, most)
      expect(range / step).toBeLessThanOrEqual(most)
      // steps are at most six apart
      if (step > 1000) expect(range / (step / 6)).toBeGreaterThan(most / 3)
    }))
  })

  it('shows the first and the last bucket whole, however little of them there is', () => {
    expect(wholeBuckets(1005, 9001, 1000)).toEqual({ from: 1000, to: 10_000 })
    expect(wholeBuckets(1000, 1000, 1000)).toEqual({ from: 1000, to: 2000 })
    expect(wholeBuckets(1000, 2999, 1000)).toEqual({ from: 1000, to: 3000 })
  })
})

describe('rows as series', () => {
  it('lose no event', () => {
    const row = fc.record({ bucket: fc.integer({ min: 0, max: 20 }), type: fc.constantFrom('a', 'b', 'c'), events: fc.nat(100) })
    fc.assert(fc.property(fc.array(row), (rows) => {
      const { buckets, counts, totals } = toVolume(rows)
      const sum = (values: Iterable<number>): number => [...values].reduce((total, value) => total + value, 0)
      expect(sum(totals)).toBe(sum(rows.map(({ events }) => events)))
      expect(sum(counts.map(sum))).toBe(sum(totals))
      expect([...buckets]).toEqual([...buckets].sort((a, b) => a - b))
    }))
  })
})

describe('the top of the axis', () => {
  it.each([[0, 2], [1, 2], [3, 4], [7, 8], [9, 10], [999, 1000], [2900, 3000], [1_000_001, 1_200_000]])('over %d is %d', (most, top) => expect(roundTop(most)).toBe(top))

  it('holds every count, has a whole half, and wastes little', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 10 ** 12 }), (most) => {
      const top = roundTop(most)
      expect([top >= most, Number.isInteger(top / 2)]).toEqual([true, true])
      if (most > 10) expect(top).toBeLessThanOrEqual(most * 1.35)
    }))
  })
})
