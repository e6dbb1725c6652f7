import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Chains, surprise } from './chain.ts'
import { contains } from './naive.test-helper.ts'
import type { SequenceData } from './sequence-data.ts'

function toData(lists: readonly (readonly number[])[], itemCount: number): SequenceData {
  const starts = [0]
  for (const list of lists) starts.push((starts.at(-1) as number) + list.length)
  const items = Int32Array.from(lists.flat())
  return { items, starts: Int32Array.from(starts), time: new Float64Array(items.length), itemCount }
}

/** Sequences of a chain of first order: each item is followed by the one behind it in two of three cases, and is the last in one of eight. */
function chained(count: number, random: () => number): number[][] {
  return Array.from({ length: count }, () => {
    let item = Math.floor(random() * 4)
    const list = [item]
    while (random() > 1 / 8) list.push((item = random() < 2 / 3 ? (item + 1) % 4 : Math.floor(random() * 4)))
    return list
  })
}

describe('the chain', () => {
  it('knows for certain what is certain', () => {
    const chains = new Chains(toData([[0, 1, 2], [0, 1, 2]], 4))
    expect(chains.chance([0, 2])).toBeCloseTo(1, 6)
    expect(chains.chance([2, 0])).toBe(0)
    expect(chains.chance([3])).toBe(0)
    expect(new Chains(toData([[0, 1, 2], [0, 1, 2]], 4), 1).chance([0, 2])).toBe(0)
  })

  it('has chances between 0 and 1, that no longer pattern raises', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 9 }), { minLength: 1, maxLength: 9 }), fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 5 }), (lists, pattern) => {
        const chains = new Chains(toData(lists, 4))
        const chance = chains.chance(pattern)
        expect(chance).toBeGreaterThanOrEqual(0)
        expect(chance).toBeLessThanOrEqual(1 + 1e-6)
        expect(chains.chance([...pattern, 0])).toBeLessThanOrEqual(chance + 1e-9)
      }),
    )
  })

  it('expects what sequences hold that are such a chain', () => {
    let state = Math.floor(Math.random() * 2 ** 31)
    const random = (): number => (state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff) / 0x80000000
    const lists = chained(20_000, random)
    const chains = new Chains(toData(lists, 4))
    for (const pattern of [[0, 2], [2, 1], [0, 1, 2], [3, 3]]) {
      const held = lists.filter((list) => contains(list.map(String), pattern.map(String), false)).length / lists.length
      expect(Math.abs(chains.chance(pattern) - held)).toBeLessThan(0.02)
    }
  })
})

describe('surprise', () => {
  it('is nothing where as many are found as expected, and grows with the distance and with the number', () => {
    expect(surprise(50, 50, 1000)).toBeCloseTo(0, 9)
    expect(surprise(80, 50, 1000)).toBeGreaterThan(surprise(60, 50, 1000))
    expect(surprise(800, 500, 10_000)).toBeGreaterThan(surprise(80, 50, 1000))
    expect(surprise(20, 50, 1000)).toBeLessThan(0)
    expect(Number.isFinite(surprise(0, 0, 10)) && Number.isFinite(surprise(10, 10, 10))).toBe(true)
  })
})
