import type { Patterns } from './patterns.ts'
import type { SequenceData } from './sequence-data.ts'

/** Of longer sequences so many items are looked at: by then nearly everything has come that will. */
const mostItems = 256

/**
 * What the sequences would look like if every event depended only on the one before it: a Markov chain of first order,
 * fitted to the same sequences, for each of their lengths. One chain for all would take the habits of the few who do
 * much for those of the many who hardly do anything, so lengths between a power of two and the next have one of their own.
 *
 * That such a sequence holds a pattern one behind the other is found step by step: from its first visit of an item on the
 * chain knows nothing of what was before (the strong Markov property), so the time at which the pattern is complete is
 * that at which all but its last item were, and behind it the time of the first passage from there to the last.
 */
export class Chains {
  private readonly chains: readonly Chain[]

  /** @param within how many steps away the next item of a pattern may be; any number where it is left out */
  constructor(data: SequenceData, within = mostItems) {
    const classes = new Map<number, number[]>()
    const count = data.starts.length - 1
    for (let sequence = 0; sequence < count; sequence++) {
      const size = Math.floor(Math.log2(Math.max(1, lengthOf(data, sequence))))
      const members = classes.get(size)
      if (members === undefined) classes.set(size, [sequence])
      else members.push(sequence)
    }
    this.chains = [...classes.values()].map((members) => new Chain(data, members, within))
  }

  /** The chance that one of the sequences holds the items one behind the other. */
  chance(pattern: ArrayLike<number>): number {
    return this.chains.reduce((sum, chain) => {
      let times = chain.complete(undefined, chain.itemCount, pattern[0] as number)
      for (let place = 1; place < pattern.length; place++) times = chain.complete(times, pattern[place - 1] as number, pattern[place] as number)
      return sum + chain.chance(times)
    }, 0)
  }

  /**
   * The chances of many patterns, each worked out from that of its beginning.
   *
   * @param found numbers of `patterns`, ascending, with all beginnings of each
   */
  *chances(patterns: Patterns, found: readonly number[]): Generator<readonly [pattern: number, chance: number]> {
    const begun = this.chains.map((): Float64Array[] => [])
    for (const pattern of found) {
      const parent = patterns.parent(pattern)
      const depth = patterns.length(pattern)
      let chance = 0
      for (const [number, chain] of this.chains.entries()) {
        const stack = begun[number] as Float64Array[]
        const times = chain.complete(stack[depth - 1], parent === -1 ? chain.itemCount : patterns.last(parent), patterns.last(pattern))
        stack[depth] = times
        chance += chain.chance(times)
      }
      yield [pattern, chance]
    }
  }
}

/** A chain of first order for sequences of known lengths; times are places in a sequence, from 1 on. */
class Chain {
  readonly itemCount: number
  private readonly within: number
  private readonly longest: number
  /** What share of all sequences belongs here and has so many items or more. */
  private readonly remaining: Float64Array
  /** Where one goes from an item, or from the beginning, and how likely. */
  private readonly targets: readonly Int32Array[]
  private readonly likely: readonly Float64Array[]
  private readonly passages = new Map<number, readonly Float64Array[]>()

  constructor(data: SequenceData, members: readonly number[], within: number) {
    const { items, starts, itemCount } = data
    const followed = Array.from({ length: itemCount + 1 }, () => new Map<number, number>())
    this.itemCount = itemCount
    this.within = within
    this.longest = members.reduce((most, sequence) => Math.max(most, Math.min(mostItems, lengthOf(data, sequence))), 0)
    this.remaining = new Float64Array(this.longest + 2)
    for (const sequence of members) {
      const end = Math.min(this.longest, lengthOf(data, sequence))
      this.remaining[end] = (this.remaining[end] as number) + 1 / (starts.length - 1)
      let before = itemCount
      for (let at = starts[sequence] as number; at < (starts[sequence + 1] as number); at++) {
        const item = items[at] as number
        const next = followed[before] as Map<number, number>
        next.set(item, (next.get(item) ?? 0) + 1)
        before = item
      }
    }
    for (let time = this.longest; time > 0; time--) this.remaining[time] = (this.remaining[time] as number) + (this.remaining[time + 1] as number)
    this.targets = followed.map((next) => Int32Array.from(next.keys()))
    this.likely = followed.map((next) => {
      const leaving = [...next.values()].reduce((sum, times) => sum + times, 0)
      return Float64Array.from(next.values(), (times) => times / leaving)
    })
  }

  /** When a pattern is complete, from when it was without its last item: chances by time. */
  complete(before: Float64Array | undefined, from: number, to: number): Float64Array {
    const passage = this.passageTo(to)[from] as Float64Array
    if (before === undefined) return passage
    const times = new Float64Array(this.longest + 1)
    const reach = Math.min(this.within, this.longest)
    for (let time = 1; time < this.longest; time++) {
      const chance = before[time] as number
      if (chance === 0) continue
      const last = Math.min(this.longest - time, reach)
      for (let steps = 1; steps <= last; steps++) times[time + steps] = (times[time + steps] as number) + chance * (passage[steps] as number)
    }
    return times
  }

  /** The chance that it is complete before the sequence ends, as a share of all sequences. */
  chance(times: Float64Array): number {
    return times.reduce((sum, chance, time) => sum + chance * (this.remaining[time] as number), 0)
  }

  /** From each item, and from the beginning: the chance that an item is come to for the first time after so many steps. */
  private passageTo(target: number): readonly Float64Array[] {
    const known = this.passages.get(target)
    if (known !== undefined) return known
    const passages = Array.from({ length: this.itemCount + 1 }, () => new Float64Array(this.longest + 1))
    for (let steps = 1; steps <= this.longest; steps++) {
      for (const [from, passage] of passages.entries()) {
        const [targets, likely] = [this.targets[from] as Int32Array, this.likely[from] as Float64Array]
        let chance = 0
        for (let at = 0; at < targets.length; at++) {
          const to = targets[at] as number
          if (to === target) chance += steps === 1 ? (likely[at] as number) : 0
          else if (steps > 1) chance += (likely[at] as number) * ((passages[to] as Float64Array)[steps - 1] as number)
        }
        passage[steps] = chance
      }
    }
    this.passages.set(target, passages)
    return passages
  }
}

function lengthOf({ starts }: SequenceData, sequence: number): number {
  return (starts[sequence + 1] as number) - (starts[sequence] as number)
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
