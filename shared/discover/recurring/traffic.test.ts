import fc from 'fast-check'
import { expect, it } from 'vitest'
import { findRecurrence } from './recur.ts'
import { exposureOf } from './traffic.ts'

const hour = 3_600_000_000
const day = 24 * hour

it('no share of traffic is more than all of it, whatever is lost in rounding', () => {
  fc.assert(fc.property(fc.array(fc.double({ min: 1e-3, max: 1e3, noNaN: true }), { minLength: 60, maxLength: 60 }), (weights) => {
    // an hour in buckets of five minutes at the middle of each of five days, and nothing else
    const counts = new Float64Array((5 * day) / (hour / 12))
    weights.forEach((weight, at) => {
      counts[Math.floor(at / 12) * 288 + 138 + (at % 12)] = weight
    })
    const { share, slots } = exposureOf({ from: 0, width: hour / 12, counts }, { center: day / 2, period: day, half: hour, slots: 5 })
    expect(share).toBe(1)
    for (const slot of slots) expect(slot).toBeLessThanOrEqual(1)
  }))
})

it('what comes whenever anything comes is no finding', () => {
  const width = 60_000_000
  const starts = [0, 31, 61, 92, 123].map((days) => days * day)
  const counts = new Float64Array((124 * day) / width)
  const times = starts.flatMap((start) => Array.from({ length: 60 }, (_, minute) => start + minute * width + 1))
  for (const [at, time] of times.entries()) counts[Math.floor(time / width)] = 7 + (at % 11)
  expect(findRecurrence(Float64Array.from(times), { from: 0, width, counts }, 5)).toBeUndefined()
})
