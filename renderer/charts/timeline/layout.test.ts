import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fitAll, laneIndex, layoutMarks, markAt, zoomed, type TimelineEvents } from './layout.ts'

const timeline: fc.Arbitrary<TimelineEvents> = fc.array(fc.record({ time: fc.integer({ min: 0, max: 100_000 }), lane: fc.nat(3), type: fc.nat(4) }), { maxLength: 300 }).map((events) => {
  const sorted = [...events].sort((a, b) => a.time - b.time)
  return { time: Float64Array.from(sorted, ({ time }) => time), lane: Int32Array.from(sorted, ({ lane }) => lane), type: Int32Array.from(sorted, ({ type }) => type), lanes: 4 }
})

describe('the marks of a timeline', () => {
  it('lose no event, at whatever zoom', () => {
    fc.assert(fc.property(timeline, fc.integer({ min: -1000, max: 100_000 }), fc.integer({ min: 1, max: 200_000 }), fc.integer({ min: 20, max: 2000 }), (events, from, length, width) => {
      const to = from + length
      const marks = layoutMarks(events, laneIndex(events), { from, to, width })
      const visible = [...events.time].filter((time) => time >= from && time <= to).length
      expect(marks.reduce((sum, { count }) => sum + count, 0)).toBe(visible)
    }))
  })

  it('are found where they are drawn, and lie in sight', () => {
    fc.assert(fc.property(timeline, (events) => {
      fc.pre(events.time.length > 0)
      const viewport = { ...fitAll(events.time), width: 800 }
      const marks = layoutMarks(events, laneIndex(events), viewport)
      for (const mark of marks) {
        expect(mark.x).toBeGreaterThanOrEqual(0)
        expect(mark.x).toBeLessThanOrEqual(800)
        expect(markAt(marks, mark.lane, mark.x)?.x).toBe(mark.x)
      }
    }))
  })

  it('know a type only when all their events have it', () => {
    const events = { time: Float64Array.of(0, 1, 2), lane: Int32Array.of(0, 0, 0), type: Int32Array.of(1, 1, 2), lanes: 1 }
    expect(layoutMarks(events, laneIndex(events), { from: 0, to: 1e6, width: 100 })).toMatchObject([{ count: 3, type: -1, first: 0, last: 2 }])
    expect(layoutMarks(events, laneIndex(events), { from: 0, to: 2, width: 1000 })).toMatchObject([{ type: 1 }, { type: 1 }, { type: 2 }])
  })
})

describe('zooming', () => {
  it('keeps the time under the pointer where it is', () => {
    fc.assert(fc.property(fc.double({ min: 0.01, max: 0.99, noNaN: true }), fc.double({ min: 0.1, max: 10, noNaN: true }), (share, factor) => {
      const before = { from: 1000, to: 101_000 }
      const around = before.from + share * 100_000
      const after = zoomed(before, factor, around)
      expect((around - after.from) / (after.to - after.from)).toBeCloseTo(share, 6)
    }))
  })
})
