import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sequencesOf, typeLists } from './sequences.test-helper.ts'
import { similarityOrder } from './similarity.ts'
import { variantsOf } from './variants.ts'

const names = ['view', 'add', 'buy', 'leave', 'search']

/** The users' sequences as texts, in the order found. */
const arranged = (lists: readonly (readonly number[])[]): string[] => {
  const sequences = sequencesOf(lists)
  return [...similarityOrder(sequences, variantsOf(sequences, names))].map((user) => lists[user]?.join('') ?? '?')
}

/** How often the text changes from one row to the next. */
const changes = (rows: readonly string[]): number => rows.filter((row, at) => at > 0 && row !== rows[at - 1]).length

/** Sequences that walk through the types with chances of their own: some behave one way, some another. */
function walkers(random: () => number, ways: readonly (readonly number[][])[]): number[][] {
  return Array.from({ length: 400 }, () => {
    const way = ways[Math.floor(random() * ways.length)] ?? []
    const list = [0]
    while (list.length < 4 + Math.floor(random() * 12)) {
      const choices = way[list.at(-1) ?? 0] ?? [0]
      list.push(choices[Math.floor(random() * choices.length)] ?? 0)
    }
    return list
  })
}

describe('the order by similarity', () => {
  it('has every user once, the same sequences side by side, those without events at the end', () => {
    fc.assert(fc.property(typeLists, (lists) => {
      const rows = arranged(lists)
      expect([...rows].sort()).toEqual(lists.map((list) => list.join('')).sort())
      expect(changes(rows)).toBe(Math.max(0, new Set(rows).size - 1))
      if (rows.includes('')) expect(rows.at(-1)).toBe('')
    }), { numRuns: 300 })
  })

  it('is the same in whatever order the users came', () => {
    fc.assert(fc.property(typeLists.chain((lists) => fc.tuple(fc.constant(lists), fc.shuffledSubarray(lists, { minLength: lists.length, maxLength: lists.length }))), ([lists, shuffled]) => {
      expect(arranged(shuffled)).toEqual(arranged(lists))
    }))
  })

  it('keeps apart what has nothing in common', () => {
    const buyers = [[0, 1], [0, 1, 1], [0, 0, 1], [1, 0, 1], [0, 1, 0, 1]]
    const searchers = [[3, 4], [4, 3], [3, 3, 4], [4, 3, 4, 3], [3]]
    const rows = arranged([...buyers, ...searchers].flatMap((list) => [list, list])).map((row) => (/[01]/.test(row) ? 'buyer' : 'searcher'))
    expect(changes(rows)).toBe(1)
  })

  it('has far more alike neighbors than the order of the alphabet', () => {
    let state = 7
    const random = (): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      return state / 2 ** 32
    }
    const lists = walkers(random, [[[1], [2], [0]], [[3], [], [], [4], [0]], [[0, 0, 0, 1], [0]]])
    const unlike = (rows: readonly string[]): number => rows.slice(1).reduce((sum, row, at) => sum + distance(row, rows[at] ?? ''), 0)
    const rows = arranged(lists)
    expect(unlike(rows)).toBeLessThan(0.6 * unlike([...lists.map((list) => list.join(''))].sort()))
  })
})

/** How different two sequences are in their pairs of types: 0 for the same pairs as often, 1 for none in common. */
function distance(a: string, b: string): number {
  const pairs = (text: string): Map<string, number> => {
    const counts = new Map<string, number>()
    for (let at = 0; at + 1 < text.length; at++) counts.set(text.slice(at, at + 2), (counts.get(text.slice(at, at + 2)) ?? 0) + 1)
    return counts
  }
  const [one, other] = [pairs(a), pairs(b)]
  let product = 0
  for (const [pair, count] of one) product += count * (other.get(pair) ?? 0)
  const length = Math.hypot(...one.values()) * Math.hypot(...other.values())
  return length === 0 ? 1 : 1 - product / length
}
