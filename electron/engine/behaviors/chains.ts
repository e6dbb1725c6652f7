import type { Behavior, Recurrence } from '../../../shared/behavior/syntax.ts'
import type { Match } from '../../../shared/model/match.ts'
import type { Detected } from './behaviors.ts'
import { byEnd, byStart } from './order.ts'

/** The chains of matches of one key that recur (SEMANTICS.md rule 26): each is one match of the behavior. */
export function findChains(behavior: Behavior, { period, tolerance, atLeast }: Recurrence, { matches, detection }: Detected): Detected {
  const byKey = new Map<string, Match[]>()
  for (const match of matches) {
    const key = JSON.stringify(match.key)
    const known = byKey.get(key)
    if (known === undefined) byKey.set(key, [match])
    else known.push(match)
  }
  const chains: Match[] = []
  for (const ofKey of byKey.values()) {
    ofKey.sort(byStart)
    const taken = new Set<number>()
    for (let first = 0; first < ofKey.length; first++) {
      if (taken.has(first)) continue
      const chain = chainFrom(ofKey, first, taken, BigInt(period.micros - tolerance.micros), BigInt(period.micros + tolerance.micros))
      if (chain.length < atLeast) continue
      for (const index of chain) taken.add(index)
      chains.push(toMatch(behavior, chain.map((index) => ofKey[index] as Match)))
    }
  }
  chains.sort(byEnd)
  const users = new Set(chains.map(({ key }) => Object.values(key)[0]))
  return { matches: chains, detection: { ...detection, occurrences: chains.length, users: users.size, pending: chains.filter(({ state }) => state === 'pending').length, tied: chains.filter(({ tied }) => tied).length } }
}

/** From a match the earliest that follows it in time and belongs to no chain yet, from that the next, and so on. */
function chainFrom(matches: readonly Match[], first: number, taken: ReadonlySet<number>, least: bigint, most: bigint): number[] {
  const chain = [first]
  const startOf = (index: number): bigint => (matches[index] as Match).start
  for (let last = startOf(first), index = first; ; ) {
    index = firstAtOrAfter(matches, last + least, index + 1)
    while (taken.has(index)) index++
    if (index >= matches.length || startOf(index) - last > most) return chain
    chain.push(index)
    last = startOf(index)
  }
}

/** The first index from `low` on whose match starts at a time or later. */
function firstAtOrAfter(matches: readonly Match[], time: bigint, low: number): number {
  let high = matches.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((matches[middle] as Match).start < time) low = middle + 1
    else high = middle
  }
  return low
}

function toMatch({ name }: Behavior, members: readonly Match[]): Match {
  const first = members[0] as Match
  const pending = members.filter(({ state }) => state === 'pending')
  const until = pending.reduce<bigint | undefined>((most, { until: one }) => (one !== undefined && (most === undefined || one > most) ? one : most), undefined)
  return {
    behavior: name,
    key: first.key,
    state: pending.length > 0 ? 'pending' : 'confirmed',
    ...(until === undefined ? {} : { until }),
    start: first.start,
    end: (members.at(-1) as Match).start,
    tied: members.some(({ tied }) => tied),
    steps: members.flatMap(({ steps }) => steps.slice(0, 1)),
    returns: first.returns,
  }
}
