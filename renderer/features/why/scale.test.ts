import { describe, expect, it } from 'vitest'
import { ratioScale } from './scale.ts'

describe('the scale of odds ratios', () => {
  it('holds the intervals between round ratios, with 1 in the picture', () => {
    const { at, low, high, ticks } = ratioScale([{ low: 3, high: 9.5 }])
    expect([low, high]).toEqual([0.5, 10])
    expect(ticks).toEqual([0.5, 1, 2, 5, 10])
    expect(at(0.5)).toBe(0)
    expect(at(10)).toBe(1)
    expect(at(2) - at(1)).toBeCloseTo(at(1) - at(0.5), 12)
  })

  it('puts what lies far out at the edge', () => {
    const { at, low, high } = ratioScale([{ low: 0.00001, high: 1e9 }])
    expect([low, high]).toEqual([0.01, 100])
    expect(ratioScale([{ low: 0.00001, high: 1e9 }]).ticks).toEqual([0.01, 0.1, 1, 10, 100])
    expect([at(1e-9), at(1e12)]).toEqual([0, 1])
  })

  it('has a scale without any interval', () => {
    expect(ratioScale([]).ticks).toEqual([0.5, 1, 2])
  })
})
