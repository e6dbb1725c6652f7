import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { originsOf, positionsOf } from './align.ts'
import { eachMark, eventsInside, fittingRange, gridOf, markAt, type Grid, type Mark, type Strips } from './marks.ts'
import { packColor, paintRows, type Palette } from './paint.ts'
import { simplified } from './sequences.ts'
import { sequencesOf, typeLists } from './sequences.test-helper.ts'

const stripsOf = (lists: readonly (readonly number[])[], scale: 'time' | 'step', collapse = false): Strips => {
  const whole = sequencesOf(lists)
  const sequences = simplified(whole, new Set(), collapse)
  return { sequences, positions: positionsOf(whole, sequences, originsOf(whole, { kind: 'first' }), scale), rows: Int32Array.from(lists.keys()), types: 5, scale }
}
const marksOf = (strips: Strips, user: number, grid: Grid): Mark[] => {
  const marks: Mark[] = []
  eachMark(strips, user, grid, new Int32Array(5), (mark) => marks.push({ ...mark }))
  return marks
}
const strips = fc.tuple(typeLists, fc.constantFrom('time' as const, 'step' as const), fc.boolean()).map(([lists, scale, collapse]) => stripsOf(lists, scale, collapse))
/** A range in the units of the scale, for events a second or a step apart. */
const range = (scale: 'time' | 'step') => fc.tuple(fc.double({ min: -4, max: 8, noNaN: true }), fc.double({ min: 0.1, max: 20, noNaN: true })).map(([from, length]) => ({ from: from * (scale === 'time' ? 1000 : 1), to: (from + length) * (scale === 'time' ? 1000 : 1) }))
const drawn = strips.chain((one) => fc.tuple(fc.constant(one), range(one.scale), fc.integer({ min: 1, max: 900 }), fc.integer({ min: 1, max: 24 })))

describe('the marks of a row', () => {
  it('lose no event in sight and have none twice', () => {
    fc.assert(fc.property(drawn, ([one, { from, to }, width, rowHeight]) => {
      for (const user of one.rows) {
        const events = marksOf(one, user, gridOf({ from, to }, width, rowHeight, one.scale)).flatMap(({ first, last }) => Array.from({ length: last - first + 1 }, (_, index) => first + index))
        expect(new Set(events).size).toBe(events.length)
        for (let event = one.sequences.starts[user] as number; event < (one.sequences.starts[user + 1] as number); event++) {
          const position = one.positions[event] as number
          if (position >= from && position < to) expect(events).toContain(event)
        }
      }
    }))
  })

  it('have the type that most of their events have', () => {
    fc.assert(fc.property(drawn, ([one, seen, width, rowHeight]) => {
      for (const user of one.rows) {
        for (const { first, last, type, second } of marksOf(one, user, gridOf(seen, width, rowHeight, one.scale))) {
          const counts = [0, 0, 0, 0, 0]
          for (let event = first; event <= last; event++) counts[one.sequences.type[event] as number] = (counts[one.sequences.type[event] as number] ?? 0) + (one.sequences.count[event] as number)
          expect(counts[type]).toBe(Math.max(...counts))
          const others = counts.filter((_, other) => other !== type)
          expect(second === -1 ? 0 : counts[second]).toBe(Math.max(...others))
        }
      }
    }))
  })

  it('are found where they are drawn', () => {
    fc.assert(fc.property(drawn, ([one, seen, width, rowHeight]) => {
      const grid = gridOf(seen, width, rowHeight, one.scale)
      for (const user of one.rows) {
        for (const mark of marksOf(one, user, grid)) {
          const middle = (mark.x + mark.end) / 2
          expect(markAt(one, user, grid, middle, 4)).toMatchObject({ first: mark.first, last: mark.last })
        }
      }
    }))
  })

  it('do not change when one pans', () => {
    const one = stripsOf([[0, 1, 2, 3, 4, 0, 1, 2, 3, 4]], 'time')
    const groups = (from: number): string[] => marksOf(one, 0, gridOf({ from, to: from + 40_000 }, 20, 1, 'time')).map(({ first, last }) => `${first}-${last}`)
    expect(groups(-777)).toEqual(groups(-1))
  })
})

describe('the fitting range', () => {
  it('has every event of as many rows as are asked for', () => {
    fc.assert(fc.property(strips, (one) => {
      const { inside, all } = eventsInside(one, fittingRange(one, 1))
      expect(inside).toBe(all)
    }))
  })

  it('leaves out the few that reach farthest', () => {
    const one = stripsOf([...Array.from({ length: 99 }, () => [0, 1]), Array.from({ length: 300 }, () => 2)], 'step')
    expect(fittingRange(one, 0.95)).toEqual({ from: 0, to: 2 })
    expect(fittingRange(one, 1)).toEqual({ from: 0, to: 300 })
  })
})

describe('painted rows', () => {
  const palette: Palette = { types: Uint32Array.of(11, 12, 13, 14, 15), thread: 1, line: 2, zero: 3 }
  const paint = (one: Strips, rowHeight: number, scroll: number, width = 4, height = 6): number[][] => {
    const pixels = new Uint32Array(width * height)
    paintRows({ pixels, width, height }, one, gridOf({ from: 0, to: width / 2 }, width, rowHeight, 'step'), { scroll, rowHeight, palette, lines: [], zero: -1 })
    return Array.from({ length: height }, (_, y) => [...pixels.subarray(y * width, (y + 1) * width)])
  }

  it('are in their place, also when scrolled by half a row', () => {
    const one = stripsOf([[0, 1], [2], [3, 4]], 'step')
    expect(paint(one, 2, 0)).toEqual([[11, 11, 12, 12], [11, 11, 12, 12], [13, 13, 0, 0], [13, 13, 0, 0], [14, 14, 15, 15], [14, 14, 15, 15]])
    expect(paint(one, 2, 3)).toEqual([[13, 13, 0, 0], [14, 14, 15, 15], [14, 14, 15, 15], [0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]])
  })

  it('leave nothing of what was painted before', () => {
    const pixels = new Uint32Array(12).fill(99)
    paintRows({ pixels, width: 4, height: 3 }, stripsOf([[0]], 'step'), gridOf({ from: 0, to: 2 }, 4, 1, 'step'), { scroll: 0, rowHeight: 1, palette, lines: [3], zero: -1 })
    expect([...pixels]).toEqual([11, 11, 0, 2, 0, 0, 0, 2, 0, 0, 0, 2])
  })

  it('take a color as the canvas keeps it', () => {
    expect([...new Uint8Array(Uint32Array.of(packColor('#0a72b2')).buffer)]).toEqual([0x0a, 0x72, 0xb2, 0xff])
  })
})
