import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { movedRow, rangePanned, rangeZoomed, scrollShowing } from './navigate.ts'

describe('zooming', () => {
  it('keeps the place under the pointer where it is', () => {
    fc.assert(fc.property(fc.double({ min: 0.01, max: 0.99, noNaN: true }), fc.double({ min: 0.1, max: 10, noNaN: true }), (share, factor) => {
      const after = rangeZoomed({ from: -50, to: 150 }, factor, -50 + share * 200)
      expect(after.to - after.from).toBeCloseTo(200 * factor, 6)
      expect((-50 + share * 200 - after.from) / (after.to - after.from)).toBeCloseTo(share, 6)
    }))
  })

  it('ends before there is nothing left', () => {
    let range = { from: 0, to: 1 }
    for (let turn = 0; turn < 100; turn++) range = rangeZoomed(range, 0.5, 0.5)
    expect(range.to).toBeGreaterThan(range.from)
  })
})

describe('panning', () => {
  it('keeps the length', () => {
    expect(rangePanned({ from: 1, to: 4 }, -2)).toEqual({ from: -1, to: 2 })
  })
})

describe('keys', () => {
  it.each([
    ['ArrowDown', -1, 0], ['ArrowDown', 4, 5], ['ArrowDown', 9, 9], ['ArrowUp', 0, 0], ['ArrowUp', 5, 4], ['PageDown', 2, 6], ['PageDown', 8, 9], ['PageUp', 2, 0], ['Home', 7, 0], ['End', -1, 9], ['x', 3, undefined],
  ] as const)('%s leads from row %d to %s of ten', (key, from, to) => {
    expect(movedRow(key, from, 10, 4)).toBe(to)
  })

  it('lead nowhere when there are no rows', () => {
    expect(movedRow('End', -1, 0, 4)).toBeUndefined()
  })
})

describe('scrolling to a row', () => {
  it('shows it whole where there is room, and does not move when it is in sight', () => {
    fc.assert(fc.property(fc.nat(1000), fc.integer({ min: 1, max: 24 }), fc.nat(24_000), fc.integer({ min: 24, max: 900 }), (row, rowHeight, before, height) => {
      const after = scrollShowing(row, rowHeight, before, height)
      const top = row * rowHeight
      expect(top >= after && top + rowHeight <= after + height).toBe(true)
      if (top >= before && top + rowHeight <= before + height) expect(after).toBe(before)
    }))
  })
})
