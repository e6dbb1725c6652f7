import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { originsOf, positionsOf, type Alignment } from './align.ts'
import { simplified } from './sequences.ts'
import { sequencesOf, typeLists } from './sequences.test-helper.ts'

const nothing = new Set<number>()

describe('the zero of each user', () => {
  it('is the first or the last event of a type, and is missing without one', () => {
    fc.assert(fc.property(typeLists, fc.nat(4), fc.boolean(), (lists, type, last) => {
      const { event, time } = originsOf(sequencesOf(lists), { kind: 'type', type, last })
      let start = 0
      for (const [user, list] of lists.entries()) {
        const at = last ? list.lastIndexOf(type) : list.indexOf(type)
        expect(event[user]).toBe(at === -1 ? -1 : start + at)
        expect(time[user]).toBe(at === -1 ? Number.NaN : 60_000 * user + 1000 * at)
        start += list.length
      }
    }))
  })

  it('of the day is the midnight of the user before the first event', () => {
    const noon = new Date(2026, 10, 23, 12, 30).getTime()
    const { time } = originsOf({ starts: Int32Array.of(0, 2), type: Int32Array.of(0, 0), time: Float64Array.of(noon, noon + 86_400_000) }, { kind: 'day' })
    expect(new Date(time[0] ?? 0)).toEqual(new Date(2026, 10, 23))
  })
})

describe('positions', () => {
  const alignment: fc.Arbitrary<Alignment> = fc.oneof(fc.constantFrom<Alignment>({ kind: 'first' }, { kind: 'day' }, { kind: 'clock' }), fc.record({ kind: fc.constant('type' as const), type: fc.nat(4), last: fc.boolean() }))

  it('ascend inside each user, and are missing where the zero is', () => {
    fc.assert(fc.property(typeLists, alignment, fc.uniqueArray(fc.nat(4)), fc.boolean(), fc.constantFrom('time', 'step'), (lists, aligned, hidden, collapse, scale) => {
      const whole = sequencesOf(lists)
      const origins = originsOf(whole, aligned)
      const shown = simplified(whole, new Set(hidden), collapse)
      const positions = positionsOf(whole, shown, origins, scale)
      for (const [user] of lists.entries()) {
        const own = [...positions.subarray(shown.starts[user], shown.starts[user + 1])]
        if (origins.event[user] === -1) expect(own.every(Number.isNaN)).toBe(true)
        else if (scale === 'step') expect(own).toEqual(own.map((_, index) => (own[0] ?? 0) + index))
        else expect(own).toEqual([...own].sort((a, b) => a - b))
      }
    }))
  })

  it('in steps put the aligned event at 0', () => {
    fc.assert(fc.property(typeLists, fc.nat(4), fc.boolean(), fc.boolean(), (lists, type, last, collapse) => {
      const whole = sequencesOf(lists)
      const shown = simplified(whole, nothing, collapse)
      const positions = positionsOf(whole, shown, originsOf(whole, { kind: 'type', type, last }), 'step')
      for (const [user, list] of lists.entries()) {
        if (!list.includes(type)) continue
        const zero = positions.subarray(shown.starts[user], shown.starts[user + 1]).indexOf(0)
        expect(shown.type[(shown.starts[user] as number) + zero]).toBe(type)
      }
    }))
  })

  it('in steps begin behind the aligned event when its type is hidden', () => {
    const whole = sequencesOf([[0, 0, 1, 2, 0], [1, 2], [2, 1]])
    const positions = positionsOf(whole, simplified(whole, new Set([1]), true), originsOf(whole, { kind: 'type', type: 1, last: false }), 'step')
    expect([...positions]).toEqual([-1, 0, 1, 0, -1])
  })
})
