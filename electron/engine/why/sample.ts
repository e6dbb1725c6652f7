import type { Chance } from './find-chances.ts'
import type { Collected } from './collect.ts'
import { select } from './gather.ts'

/** So many numbers are kept of all chances together: about 14 bytes each. */
const mostCells = 14_000_000
const leastChances = 20_000
const mostChances = 200_000

/**
 * Keeps a question in bounded memory: when there are too many chances, only those of one in two users are kept, then of
 * one in four, and so on; the same users every time, whatever their outcomes.
 */
export class Sample {
  private level = 0

  /** The chances of a part that are kept, given the parts before, which are thinned likewise in the end. */
  choose(chances: readonly Chance[], userOf: (chance: Chance) => number, before: readonly Collected[], cellsEach: number): readonly Chance[] {
    const room = Math.min(mostChances, Math.max(leastChances, Math.floor(mostCells / cellsEach)))
    for (;;) {
      const earlier = before.reduce((sum, { user }) => sum + user.reduce((count, one) => count + (this.keeps(one) ? 1 : 0), 0), 0)
      const kept = this.level === 0 ? chances : chances.filter((chance) => this.keeps(userOf(chance)))
      if (earlier + kept.length <= room || this.level === 20) return kept
      this.level++
    }
  }

  /** A part that was collected while fewer were left out, as it would be now. */
  thin(part: Collected): Collected {
    return this.level === 0 ? part : select(part, [...part.user.keys()].filter((at) => this.keeps(part.user[at] as number)))
  }

  notes(): readonly string[] {
    return this.level === 0 ? [] : [`There are too many starts to hold at once: those of one user in ${2 ** this.level} were looked at.`]
  }

  private keeps(user: number): boolean {
    // mixes the bits, so that neighbours part (Knuth's multiplicative hash)
    return (Math.imul(user, 0x9e3779b1) >>> 8) % 2 ** this.level === 0
  }
}
