import type { SequenceData } from './sequence-data.ts'

/** So many rounds of passing chances on are enough for any chain with ends; most need a few dozen. */
const mostRounds = 2000
const exactEnough = 1e-9

/**
 * What the sequences would look like if every event depended only on the one before it. One chain for all would take the
 * habits of the few who do much for those of the many who hardly do anything, so sequences of about the same length
 * (between a power of two and the next) have a chain of their own.
 */
export class Chains {
  private readonly classes: readonly { readonly share: number; readonly chain: Chain }[]

  /** @param within how many steps away the next item of a pattern may be; any number where it is left out */
  constructor(data: SequenceData, within?: number) {
    const classes = new Map<number, number[]>()
    const count = data.starts.length - 1
    for (let sequence = 0; sequence < count; sequence++) {
      const length = (data.starts[sequence + 1] as number) - (data.starts[sequence] as number)
      const size = Math.floor(Math.log2(Math.max(1, length)))
      const members = classes.get(size)
      if (members === undefined) classes.set(size, [sequence])
      else members.push(sequence)
    }
    this.classes = [...classes.values()].map((members) => ({ share: members.length / count, chain: new Chain(data, members, within) }))
  }

  /** The chance that a sequence holds the items one behind the other. */
  chance(pattern: ArrayLike<number>): number {
    return this.classes.reduce((sum, { share, chain }) => sum + share * chain.chance(pattern), 0)
  }
}

/**
 * A Markov chain of first order with a beginning and an end, fitted to sequences.
 *
 * That such a sequence holds a pattern one behind the other is a product: it must come to the first item, from there to
 * the second, and so on, and from its first visit of an item on it knows nothing of what was before (the strong Markov
 * property). So the chances of ever coming from one item to another are all that is needed.
 */
class Chain {
  private readonly itemCount: number
  /** How often an item, or the beginning, is followed by each item; the rest of `leaving` is the end. */
  private readonly followed: ReadonlyMap<number, number>[]
  private readonly leaving: Float64Array
  private readonly reached = new Map<number, Float64Array>()
  private readonly within: number

  constructor({ items, starts, itemCount }: SequenceData, members: readonly number[], within = Number.POSITIVE_INFINITY) {
    const followed = Array.from({ length: itemCount + 1 }, () => new Map<number, number>())
    this.itemCount = itemCount
    this.within = within
    this.leaving = new Float64Array(itemCount + 1)
    for (const sequence of members) {
      let before = itemCount
      for (let at = starts[sequence] as number; at < (starts[sequence + 1] as number); at++) {
        const item = items[at] as number
        const next = followed[before] as Map<number, number>
        next.set(item, (next.get(item) ?? 0) + 1)
        this.leaving[before] = (this.leaving[before] as number) + 1
        before = item
      }
      this.leaving[before] = (this.leaving[before] as number) + 1
    }
    this.followed = followed
  }

  /** The chance that a sequence holds the items one behind the other. */
  chance(pattern: ArrayLike<number>): number {
    let chance = 1
    let from = this.itemCount
    for (let place = 0; place < pattern.length; place++) {
      const to = pattern[place] as number
      chance *= this.reachFrom(to, place === 0 ? Number.POSITIVE_INFINITY : this.within)[from] as number
      from = to
    }
    return chance
  }

  /** The chance of coming to an item later, from each item and from the beginning. */
  private reachFrom(target: number, within: number): Float64Array {
    const id = within === Number.POSITIVE_INFINITY ? target : -1 - target
    const known = this.reached.get(id)
    if (known !== undefined) return known
    let chances = new Float64Array(this.itemCount + 1)
    const rounds = Math.min(within, mostRounds)
    for (let round = 0; round < rounds; round++) {
      const next = chances.map((_, from) => this.oneStep(from, target, chances))
      const change = next.reduce((most, chance, from) => Math.max(most, Math.abs(chance - (chances[from] as number))), 0)
      chances = next
      if (change < exactEnough) break
    }
    this.reached.set(id, chances)
    return chances
  }

  private oneStep(from: number, target: number, chances: Float64Array): number {
    const leaving = this.leaving[from] as number
    if (leaving === 0) return 0
    let sum = 0
    for (const [to, times] of this.followed[from] as ReadonlyMap<number, number>) sum += times * (to === target ? 1 : (chances[to] as number))
    return sum / leaving
  }
}

/**
 * How surprising it is that `found` of `all` hold a pattern where `expected` were: the log-likelihood ratio (G, Dunning
 * 1993) of two binomial shares, negative where there are fewer than expected. Large where many are involved and where
 * the share is far off, so that neither the rarest nor the commonest come first.
 */
export function surprise(found: number, expected: number, all: number): number {
  const least = 0.5
  const of = Math.min(Math.max(expected, least), all - least)
  const part = (observed: number, wanted: number): number => (observed === 0 ? 0 : observed * Math.log(observed / wanted))
  return Math.sign(found - of) * 2 * Math.max(0, part(found, of) + part(all - found, all - of))
}
