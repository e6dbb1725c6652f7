import type { Patterns } from './patterns.ts'

/** A support that is too low: there are more patterns than anybody could look at. */
export class TooManyPatterns extends Error {
  /** About how many there are. */
  readonly estimate: number
  /** From this support on, about, there are few enough; in sequences. */
  readonly enough: number

  constructor(patterns: Patterns, share: number, most: number) {
    const estimate = Math.round(patterns.size / Math.max(share, 1e-9))
    super(`more than ${most} patterns`)
    this.estimate = estimate
    this.enough = enoughSupport(patterns, share, most)
  }
}

/** Early: a tenth of what is allowed, and by what is done of the search far more is to come. */
export function tooMany(found: number, share: number, most: number): boolean {
  return found > most || (found > most / 10 && found / Math.max(share, 1e-9) > 20 * most)
}

/** The support that so few of those found have that all of the search would give half of what is allowed. */
function enoughSupport(patterns: Patterns, share: number, most: number): number {
  const supports = Float64Array.from({ length: patterns.size }, (_, pattern) => patterns.support(pattern)).sort().reverse()
  const allowed = Math.max(1, Math.floor((most / 2) * Math.min(1, share)))
  return (supports[Math.min(allowed, supports.length) - 1] ?? 0) + 1
}
