import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { originsOf } from './align.ts'
import { simplified } from './sequences.ts'
import { sequencesOf, typeLists } from './sequences.test-helper.ts'
import { rowSorts, sortRows } from './sort-rows.ts'

const everyone = (): boolean => true

describe('rows', () => {
  it('are every user that is aligned, shown and wanted; the others are counted', () => {
    fc.assert(fc.property(typeLists, fc.nat(4), fc.uniqueArray(fc.nat(4)), fc.constantFrom(...rowSorts), fc.boolean(), (lists, type, hidden, sort, descending) => {
      const whole = sequencesOf(lists)
      const shown = simplified(whole, new Set(hidden), false)
      const similar = Int32Array.from(lists.keys()).reverse()
      const { rows, unaligned, hidden: unseen } = sortRows(shown, originsOf(whole, { kind: 'type', type, last: false }), { sort, descending, similar, isWanted: (user) => user % 2 === 0 })
      const aligned = [...lists.entries()].filter(([, list]) => list.includes(type))
      const seen = aligned.filter(([, list]) => list.some((one) => !hidden.includes(one)))
      expect(unaligned).toBe(lists.length - aligned.length)
      expect(unseen).toBe(aligned.length - seen.length)
      expect([...rows].sort((a, b) => a - b)).toEqual(seen.map(([user]) => user).filter((user) => user % 2 === 0))
    }))
  })

  const whole = { starts: Int32Array.of(0, 1, 4, 6), type: Int32Array.of(0, 0, 0, 0, 1, 0), time: Float64Array.of(50, 10, 20, 30, 0, 90) }
  const by = (sort: (typeof rowSorts)[number], descending = false): number[] => [...sortRows(simplified(whole, new Set(), true), originsOf(whole, { kind: 'first' }), { sort, descending, similar: Int32Array.of(2, 0, 1), isWanted: everyone }).rows]

  it('are sorted by length, by time or by likeness, both ways', () => {
    // collapsed events count as many as they stand for
    expect(by('events')).toEqual([0, 2, 1])
    expect(by('events', true)).toEqual([1, 2, 0])
    expect(by('first')).toEqual([2, 1, 0])
    expect(by('last', true)).toEqual([2, 0, 1])
    expect(by('given')).toEqual([0, 1, 2])
    expect(by('given', true)).toEqual([2, 1, 0])
    expect(by('similar')).toEqual([2, 0, 1])
    expect(by('similar', true)).toEqual([1, 0, 2])
  })

  it('are sorted by the time between the first and the last event that is shown', () => {
    expect([...sortRows(simplified(whole, new Set(), false), originsOf(whole, { kind: 'first' }), { sort: 'duration', descending: true, similar: undefined, isWanted: everyone }).rows]).toEqual([2, 1, 0])
  })
})
