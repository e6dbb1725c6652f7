import { surprise } from './chain.ts'
import type { Patterns } from './patterns.ts'

/** A pattern with what a first-order chain makes of it. */
export interface Ranked {
  readonly pattern: number
  /** In how many sequences the chain would have it. */
  readonly expected: number
}

/**
 * The patterns, the most surprising first. A long pattern is not surprising again for what a shorter one has said
 * already: what stands in more sequences than the chain says because all but one of its items do is measured against
 * these, taken on by the chain. Single items say nothing about order and come last.
 *
 * @param found numbers of `patterns`, among which the beginning of each is
 * @param kept those that are to be ranked
 * @param chances what the chain says of each of `found`
 */
export function rankBySurprise(patterns: Patterns, found: readonly number[], kept: readonly number[], chances: ReadonlyMap<number, number>, sequences: number): readonly Ranked[] {
  const numbers = new Map(found.map((pattern) => [patterns.items(pattern).join(' '), pattern]))
  const chanceOf = (pattern: number): number => chances.get(pattern) ?? 0
  const ranked = kept.map((pattern) => {
    const items = patterns.items(pattern)
    const chance = chanceOf(pattern)
    const parts = items.length < 2 ? [] : Array.from(items, (_, at) => items.filter((__, other) => other !== at)).flatMap((part) => numbers.get(part.join(' ')) ?? [])
    const carried = parts.map((part) => (chanceOf(part) === 0 ? 0 : (patterns.support(part) * chance) / chanceOf(part)))
    return { pattern, expected: sequences * chance, score: surprise(patterns.support(pattern), Math.max(sequences * chance, ...carried), sequences) }
  })
  const isSingle = (pattern: number): number => (patterns.length(pattern) === 1 ? 1 : 0)
  return ranked.sort((a, b) => isSingle(a.pattern) - isSingle(b.pattern) || b.score - a.score || patterns.support(b.pattern) - patterns.support(a.pattern) || a.pattern - b.pattern)
}
