import { surprise, type Chains } from './chain.ts'
import type { Patterns } from './patterns.ts'

/** A pattern with what a first-order chain makes of it. */
export interface Ranked {
  readonly pattern: number
  /** In how many sequences the chain would have it. */
  readonly expected: number
}

/**
 * The patterns, the most surprising first. A long pattern is not surprising again for what its beginning or its end has
 * said already: what stands in more sequences than the chain says because its part does is measured against that part,
 * taken on by the chain. Single items say nothing about order and come last.
 *
 * @param found numbers of `patterns`, among which all beginnings and ends of each are
 * @param kept those that are to be ranked
 */
export function rankBySurprise(patterns: Patterns, found: readonly number[], kept: readonly number[], chain: Chains, sequences: number): readonly Ranked[] {
  const supports = new Map(found.map((pattern) => [patterns.items(pattern).join(' '), patterns.support(pattern)]))
  const ranked = kept.map((pattern) => {
    const items = patterns.items(pattern)
    const chance = chain.chance(items)
    const parts = items.length < 2 ? [] : [items.subarray(0, -1), items.subarray(1)]
    const carried = parts.map((part) => {
      const partChance = chain.chance(part)
      return partChance === 0 ? 0 : ((supports.get(part.join(' ')) ?? 0) * chance) / partChance
    })
    return { pattern, expected: sequences * chance, score: surprise(patterns.support(pattern), Math.max(sequences * chance, ...carried), sequences) }
  })
  const isSingle = (pattern: number): number => (patterns.length(pattern) === 1 ? 1 : 0)
  return ranked.sort((a, b) => isSingle(a.pattern) - isSingle(b.pattern) || b.score - a.score || patterns.support(b.pattern) - patterns.support(a.pattern) || a.pattern - b.pattern)
}
