import fc from 'fast-check'
import { expect, it } from 'vitest'
import { rangeName, roundBounds } from './ranges.ts'

it('cuts at round numbers', () => {
  expect(roundBounds(0.6, 15.2)).toEqual([2, 4, 6, 8, 10, 12, 14])
  expect(roundBounds(0.03, 0.71)).toEqual([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7])
  expect(roundBounds(-30, 30)).toEqual([-20, -10, 0, 10, 20])
  expect(roundBounds(7, 7)).toEqual([7])
  expect(rangeName([2, 5], 0)).toBe('under 2')
  expect(rangeName([2, 5], 1)).toBe('2 to under 5')
  expect(rangeName([2, 5], 2)).toBe('5 and more')
  expect(rangeName([], 0)).toBe('any')
})

it('has a few different bounds in order, whatever the values', () => {
  fc.assert(fc.property(fc.double({ noNaN: true, min: -1e12, max: 1e12 }), fc.double({ noNaN: true, min: 1e-6, max: 1e12 }), (low, width) => {
    const bounds = roundBounds(low, low + width)
    expect(bounds.length).toBeGreaterThan(0)
    expect(bounds.length).toBeLessThanOrEqual(9)
    expect(bounds).toEqual([...bounds].sort((a, b) => a - b))
    expect(new Set(bounds.map((_, index) => rangeName(bounds, index))).size).toBe(bounds.length)
  }))
})
