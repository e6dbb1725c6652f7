import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { axisLabel, axisTicks } from './axis.ts'

describe('the ticks of the axis', () => {
  it('lie in the range, at even distances, and are not many', () => {
    fc.assert(fc.property(fc.constantFrom('day' as const, 'offset' as const, 'step' as const), fc.integer({ min: -1e9, max: 1e9 }), fc.integer({ min: 1, max: 1e11 }), fc.integer({ min: 2, max: 20 }), (kind, from, length, most) => {
      const range = { from, to: from + length }
      const ticks = axisTicks(kind, range, most)
      expect(ticks.length).toBeLessThanOrEqual(most + 1)
      const gaps = new Set(ticks.slice(1).map(({ at }, index) => at - (ticks[index]?.at ?? 0)))
      expect(gaps.size).toBeLessThanOrEqual(1)
      for (const { at } of ticks) {
        expect(at).toBeGreaterThanOrEqual(range.from)
        expect(at).toBeLessThanOrEqual(range.to)
      }
    }))
  })

  it('are whole steps, however far one zooms in', () => {
    expect(axisTicks('step', { from: -2.5, to: 2.5 }, 20)).toEqual([-2, -1, 0, 1, 2].map((at) => ({ at, label: String(at) })))
  })

  it('are never empty over a range of steps that a screen has', () => {
    expect(axisTicks('step', { from: 0, to: 40 }, 8).map(({ at }) => at)).toEqual([0, 5, 10, 15, 20, 25, 30, 35, 40])
  })

  it('have no end when the range has none', () => {
    expect(axisTicks('offset', { from: 5, to: 5 }, 4)).toEqual([])
  })
})

describe('labels', () => {
  it.each([
    ['offset', 0, '0'], ['offset', 7_500_000, '+2h 5m'], ['offset', -41_000, '−41s'],
    ['day', 0, '00:00'], ['day', 52_200_000, '14:30'], ['day', 86_400_000 + 7_200_000, '+1d 02:00'], ['day', -3_600_000, '−1d 23:00'], ['day', 3_605_000, '01:00:05'],
    ['step', -0, '0'], ['step', 3, '3'],
  ] as const)('of %s %d is %s', (kind, at, label) => {
    expect(axisLabel(kind, at)).toBe(label)
  })
})
