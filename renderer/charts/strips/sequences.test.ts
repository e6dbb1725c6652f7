import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { simplified } from './sequences.ts'
import { sequencesOf, typeLists } from './sequences.test-helper.ts'

/** The types of each user, as lists. */
const listsOf = ({ starts, type }: { readonly starts: Int32Array; readonly type: Int32Array }): number[][] => Array.from({ length: starts.length - 1 }, (_, user) => [...type.subarray(starts[user], starts[user + 1])])

describe('simplified sequences', () => {
  it('have no hidden type, and all the others in order', () => {
    fc.assert(fc.property(typeLists, fc.uniqueArray(fc.nat(4)), (lists, hidden) => {
      const shown = simplified(sequencesOf(lists), new Set(hidden), false)
      expect(listsOf(shown)).toEqual(lists.map((list) => list.filter((type) => !hidden.includes(type))))
    }))
  })

  it('never have a type twice in a row when collapsed, and stand for every event', () => {
    fc.assert(fc.property(typeLists, fc.uniqueArray(fc.nat(4)), (lists, hidden) => {
      const whole = sequencesOf(lists)
      const shown = simplified(whole, new Set(hidden), true)
      for (const list of listsOf(shown)) for (let at = 1; at < list.length; at++) expect(list[at]).not.toBe(list[at - 1])
      expect(shown.count.reduce((sum, count) => sum + count, 0)).toBe(lists.flat().filter((type) => !hidden.includes(type)).length)
      for (const [event, first] of shown.original.entries()) {
        expect(shown.time[event]).toBe(whole.time[first])
        expect(shown.type[event]).toBe(whole.type[first])
      }
    }))
  })

  it('count what is collapsed over what is hidden in between', () => {
    expect(simplified(sequencesOf([[0, 1, 0, 2], [0]]), new Set([1]), true)).toMatchObject({ starts: Int32Array.of(0, 2, 3), type: Int32Array.of(0, 2, 0), count: Int32Array.of(2, 1, 1), original: Int32Array.of(0, 3, 4) })
  })
})
