import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addRange, type Range, type Ranges } from './ranges.ts'

const range = (first: number, next: number): Range => ({ first: BigInt(first), next: BigInt(next) })

/** Offsets 0 to 59 cut at random places and shuffled; pieces that are left out stay gaps. Cuts may touch: an empty piece has no offsets. */
const pieces = fc
  .uniqueArray(fc.nat(60), { minLength: 2, maxLength: 20 })
  .map((cuts) => cuts.sort((a, b) => a - b))
  .map((cuts) => cuts.slice(1).map((next, index) => range(cuts[index] ?? 0, next)))
  .chain((all) => fc.shuffledSubarray(all, { minLength: 1 }))

/** The offsets that ranges hold, one by one. */
function offsets(ranges: Ranges): bigint[] {
  return ranges.flatMap(({ first, next }) => Array.from({ length: Number(next - first) }, (_, index) => first + BigInt(index)))
}

describe('addRange', () => {
  it('gives the union of disjoint pieces in whatever order they come, with nothing touching', () => {
    fc.assert(
      fc.property(pieces, (added) => {
        const ranges = added.reduce<Ranges>(addRange, [])
        expect(offsets(ranges)).toEqual(offsets(added).sort((a, b) => (a < b ? -1 : 1)))
        for (const [index, { first, next }] of ranges.entries()) {
          expect(first < next).toBe(true)
          const before = ranges[index - 1]
          if (before !== undefined) expect(before.next < first).toBe(true)
        }
      }),
    )
  })

  it('refuses whatever overlaps, and changes nothing', () => {
    const piece = fc.tuple(fc.nat(59), fc.integer({ min: 1, max: 60 })).map(([first, length]) => range(first, first + length))
    fc.assert(
      fc.property(pieces, piece, (added, extra) => {
        const ranges = added.reduce<Ranges>(addRange, [])
        const before = structuredClone(ranges)
        const known = new Set(offsets(ranges))
        if (offsets([extra]).some((offset) => known.has(offset))) expect(() => addRange(ranges, extra)).toThrow(expect.objectContaining({ code: 'CONFLICT' }) as Error)
        else expect(offsets(addRange(ranges, extra)).length).toBe(known.size + offsets([extra]).length)
        expect(ranges).toEqual(before)
      }),
    )
  })

  it('remembers where a partition begins that has given nothing yet, until something is read there', () => {
    const begun = addRange([], range(5, 5))
    expect(begun).toEqual([range(5, 5)])
    expect(addRange(begun, range(5, 9))).toEqual([range(5, 9)])
    expect(addRange(begun, range(2, 5))).toEqual([range(2, 5)])
    expect(addRange(begun, range(7, 9))).toEqual([range(5, 5), range(7, 9)])
  })

  it('takes a read across the place where a partition once began', () => {
    expect(addRange([range(5, 5)], range(0, 9))).toEqual([range(0, 9)])
    expect(addRange([range(0, 2), range(5, 5), range(9, 12)], range(2, 9))).toEqual([range(0, 12)])
  })

  it('refuses a range that ends before it begins', () => {
    expect(() => addRange([], range(5, 4))).toThrow('range ends at 4, before its beginning 5')
  })
})
