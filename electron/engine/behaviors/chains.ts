import type { Behavior, Recurrence } from '../../../shared/behavior/syntax.ts'
import type { Match } from '../../../shared/model/match.ts'
import type { Detected } from './behaviors.ts'

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
    ofKey.sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0))
    const taken = new Set<number>()
    for (let first = 0; first < ofKey.length; first++) {
      if (taken.has(first)) continue
      const chain = chainFrom(ofKey, first, taken, BigInt(period.micros - tolerance.micros), BigInt(period.micros + tolerance.micros))
      if (chain.length < atLeast) continue
      for (const index of chain) taken.add(index)
      chains.push(toMatch(behavior, chain.map((index) => ofKey[index] as Match)))
    }
  }
  chains.sort((a, b) => (a.end < b.end ? -1 : a.end > b.end ? 1 : a.start < b.start ? -1 : 1))
  const users = new Set(chains.map(({ key }) => Object.values(key)[0]))
  return { matches: chains, detection: { ...detection, occurrences: chains.length, users: users.size, pending: chains.filter(({ state }) => state === 'pending').length, tied: chains.filter(({ tied }) => tied).length } }
}

function chainFrom(matches: readonly Match[], first: number, taken: ReadonlySet<number>, least: bigint, most: bigint): number[] {
  const chain = [first]
  let last = (matches[first] as Match).start
  for (let index = first + 1; index < matches.length; index++) {
    const { start } = matches[index] as Match
    if (start - last > most) break
    if (start - last < least || taken.has(index)) continue
    chain.push(index)
    last = start
  }
  return chain
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
