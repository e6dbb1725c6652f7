import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { condense } from './condense.ts'
import { Miner, type MineOptions } from './miner.ts'
import { contains, mineNaively } from './naive.test-helper.ts'
import { collapseRuns, cutSessions, type SequenceData } from './sequence-data.ts'
import { TooManyPatterns } from './too-many.ts'

const file = join(process.env['UNDERCURRENT_DATA'] ?? join(import.meta.dirname, '../../../../shared/data'), 'msnbc/MSNBC.txt')

/** Sequences of [item, time] with few items, so that patterns repeat, and times that often tie. */
const sequences = fc.array(fc.array(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 6 })), { maxLength: 9 }), { minLength: 1, maxLength: 8 })
const limits = fc.record({
  maxLength: fc.integer({ min: 1, max: 5 }),
  maxBetween: fc.option(fc.integer({ min: 0, max: 2 }), { nil: undefined }),
  maxGap: fc.option(fc.integer({ min: 0, max: 6 }), { nil: undefined }),
  repeats: fc.boolean(),
})

function toData(lists: readonly (readonly (readonly [number, number])[])[]): SequenceData {
  let clock = 0
  const rows = lists.flatMap((list) => list.map(([item, pause]) => ({ item, time: (clock += pause) })))
  const starts = [0]
  for (const list of lists) starts.push((starts.at(-1) ?? 0) + list.length)
  return { items: Int32Array.from(rows, ({ item }) => item), time: Float64Array.from(rows, ({ time }) => time), starts: Int32Array.from(starts), itemCount: 4 }
}

function mine(data: SequenceData, options: Omit<MineOptions, 'mostPatterns'>, portion = Number.POSITIVE_INFINITY): Miner {
  const miner = new Miner(data, { mostPatterns: 1_000_000, ...options })
  while (!miner.run(portion)) expect(miner.share).toBeLessThanOrEqual(1)
  return miner
}

function toMap(miner: Miner, found = miner.found()): Map<string, number> {
  return new Map(found.map((pattern) => [miner.patterns.items(pattern).join(' '), miner.patterns.support(pattern)]))
}

describe('the miner', () => {
  it('finds what the definition says, with the same supports, in portions of any size', () => {
    fc.assert(
      fc.property(sequences, fc.integer({ min: 1, max: 4 }), limits, fc.integer({ min: 0, max: 20 }), (lists, minSupport, options, portion) => {
        const data = toData(lists)
        expect(toMap(mine(data, { minSupport, ...options }, portion))).toEqual(mineNaively(data, minSupport, options))
      }),
      { numRuns: 500 },
    )
  })

  it('finds those with the highest support, ties with the last included', () => {
    fc.assert(
      fc.property(sequences, limits, fc.integer({ min: 1, max: 12 }), (lists, options, top) => {
        const data = toData(lists)
        const all = [...mineNaively(data, 1, options)]
        const floor = all.map(([, support]) => support).sort((a, b) => b - a)[top - 1] ?? 1
        expect(toMap(mine(data, { minSupport: 1, top, ...options }))).toEqual(new Map(all.filter(([, support]) => support >= floor)))
      }),
      { numRuns: 300 },
    )
  })

  it.each(['closed', 'maximal'] as const)('keeps the %s ones', (keep) => {
    fc.assert(
      fc.property(sequences, fc.integer({ min: 1, max: 3 }), limits, (lists, minSupport, options) => {
        const data = toData(lists)
        const limited = options.maxBetween !== undefined || options.maxGap !== undefined
        const all = [...mineNaively(data, minSupport, options)]
        const wanted = all.filter(([pattern, support]) => !all.some(([other, its]) => other.length > pattern.length && (keep === 'maximal' || its === support) && contains(other.split(' '), pattern.split(' '), limited)))
        const miner = mine(data, { minSupport, ...options })
        expect(toMap(miner, condense(miner.patterns, miner.found(), { keep, limited, repeats: options.repeats }))).toEqual(new Map(wanted))
      }),
      { numRuns: 300 },
    )
  })

  it('notices early that a support is too low, and says which would do', () => {
    const lists = Array.from({ length: 40 }, (_, sequence) => Array.from({ length: 60 }, (_, place) => [(place * (sequence + 3) + (place >> 2)) % 4, 1] as const))
    const data = toData(lists)
    const miner = new Miner(data, { minSupport: 2, maxLength: 60, repeats: true, mostPatterns: 5_000 })
    const began = performance.now()
    const failure = (() => {
      try {
        while (!miner.run(10_000));
        return undefined
      } catch (error) {
        return error
      }
    })()
    expect(failure).toBeInstanceOf(TooManyPatterns)
    expect(performance.now() - began).toBeLessThan(2_000)
    expect((failure as TooManyPatterns).estimate).toBeGreaterThan(5_000)
  })

  it('cuts sessions and collapses runs as the sequences are', () => {
    const data: SequenceData = { items: Int32Array.of(0, 0, 1, 1, 0, 2), time: Float64Array.of(0, 5, 6, 20, 21, 0), starts: Int32Array.of(0, 5, 6), itemCount: 3 }
    expect([...cutSessions(data, 10).starts]).toEqual([0, 3, 5, 6])
    const collapsed = collapseRuns(cutSessions(data, 10))
    expect([[...collapsed.items], [...collapsed.starts], [...collapsed.time]]).toEqual([[0, 1, 1, 0, 2], [0, 2, 4, 5], [0, 6, 20, 21, 0]])
  })

  it.skipIf(!existsSync(file)).each([[0.05, 1478], [0.02, 9682]])(`finds as many patterns as are known in the paths through msnbc.com, at a support of %f${existsSync(file) ? '' : ` (no ${file})`}`, (share, known) => {
    const paths = readFileSync(file, 'utf8').trimEnd().split('\n').map((line) => line.split(' -1 ').slice(0, -1).map(Number))
    const starts = [0]
    for (const path of paths) starts.push((starts.at(-1) ?? 0) + path.length)
    const data: SequenceData = { items: Int32Array.from(paths.flat()), starts: Int32Array.from(starts), time: new Float64Array(starts.at(-1) ?? 0), itemCount: 18 }
    expect(mine(data, { minSupport: Math.ceil(share * paths.length), maxLength: 1000, repeats: true }, 1_000_000).patterns.size).toBe(known)
  })
})
