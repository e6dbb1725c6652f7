import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseBehaviors } from '../../../shared/behavior/parse.ts'
import type { Behavior } from '../../../shared/behavior/syntax.ts'
import type { Detection, Match } from '../../../shared/model/match.ts'
import { findChains } from './chains.ts'
import { findCrowd } from './crowd.ts'

/** The rules of several matches together (SEMANTICS.md rules 26 and 27), by example and against a plain search. */

const detection: Detection = { behavior: 'base', occurrences: 0, users: 0, pending: 0, tied: 0, open: 0, events: 0 }

interface Short {
  readonly user: string
  readonly start: number
  readonly end: number
  readonly isPending?: boolean
}

function toMatch({ user, start, end, isPending = false }: Short): Match {
  const step = (label: string, at: number): Match['steps'][number] => ({ label, type: label, time: BigInt(at), source: 's', position: { topic: 't', partition: 0, offset: BigInt(at) } })
  return { behavior: 'base', key: { user }, state: isPending ? 'pending' : 'confirmed', ...(isPending ? { until: BigInt(end + 5) } : {}), start: BigInt(start), end: BigInt(end), tied: false, steps: [step('a', start), step('b', end)], returns: {} }
}

function behaviorOf(text: string): Behavior {
  const { file, problems } = parseBehaviors(text)
  expect(problems).toEqual([])
  return file.behaviors[0] as Behavior
}

/** Chains of matches, as the times of their members. */
function chains(clause: string, matches: readonly Short[]): readonly { readonly user: unknown; readonly times: readonly number[]; readonly state: string }[] {
  const behavior = behaviorOf(`sequence "again" by user\n  a\n${clause}`)
  if (behavior.body.kind !== 'sequence' || behavior.body.every === undefined) throw new Error('no recurrence')
  const found = findChains(behavior, behavior.body.every, { matches: matches.map(toMatch), detection })
  return found.matches.map(({ key, steps, state }) => ({ user: key.user, times: steps.map(({ time }) => Number(time)), state }))
}

/** Crowds, as the users and the ends of their matches. */
function crowds(clause: string, matches: readonly Short[]): readonly (readonly string[])[] {
  const base = behaviorOf('sequence "base" by user\n  a\n  then b')
  const behavior = behaviorOf(`sequence "crowd" from "base" ${clause}`)
  if (behavior.body.kind !== 'population') throw new Error('no population')
  return findCrowd(behavior, behavior.body, base, { matches: matches.map(toMatch), detection }).matches.map(({ steps }) => steps.map(({ label, time }) => `${label}@${time}`))
}

const at = (start: number, user = 'u'): Short => ({ user, start, end: start })
const short: fc.Arbitrary<Short> = fc.record({ user: fc.constantFrom('u', 'v', 'w'), start: fc.nat(40), more: fc.nat(6), isPending: fc.boolean() }).map(({ start, more, ...rest }) => ({ ...rest, start, end: start + more }))

describe('every … ± … at least … times', () => {
  const clause = 'every 10us ± 2us at least 3 times'

  it('chains matches whose starts follow each other in time, both bounds inclusive', () => {
    expect(chains(clause, [0, 8, 20, 29].map((start) => at(start)))).toEqual([{ user: 'u', times: [0, 8, 20, 29], state: 'confirmed' }])
    expect(chains(clause, [0, 7, 20, 33].map((start) => at(start)))).toEqual([])
  })

  it('takes the earliest match that can follow, and skips those in between', () => {
    expect(chains(clause, [0, 3, 9, 11, 20].map((start) => at(start)))).toEqual([{ user: 'u', times: [0, 9, 20], state: 'confirmed' }])
  })

  it('shares no match between chains, and keeps keys apart', () => {
    expect(chains(clause, [0, 1, 10, 11, 20, 21].map((start) => at(start))).map(({ times }) => times)).toEqual([[0, 10, 20], [1, 11, 21]])
    expect(chains(clause, [at(0), at(10), at(20, 'v')])).toEqual([])
  })

  it('is pending while one of its members is', () => {
    expect(chains(clause, [at(0), at(10), { ...at(20), isPending: true }])[0]?.state).toBe('pending')
  })

  it('is what a plain search finds', () => {
    fc.assert(
      fc.property(fc.array(short, { maxLength: 25 }), fc.integer({ min: 1, max: 12 }), fc.nat(5), fc.integer({ min: 2, max: 4 }), (matches, period, tolerance, atLeast) => {
        const plain: string[] = []
        for (const user of ['u', 'v', 'w']) {
          let left = matches.filter((match) => match.user === user).sort((a, b) => a.start - b.start || a.end - b.end)
          for (const first of [...left]) {
            if (!left.includes(first)) continue
            const chain = [first]
            for (;;) {
              const next = left.find(({ start }) => Math.abs(start - (chain.at(-1) as Short).start - period) <= tolerance && start > (chain.at(-1) as Short).start)
              if (next === undefined) break
              chain.push(next)
            }
            if (chain.length < atLeast) continue
            left = left.filter((match) => !chain.includes(match))
            plain.push(`${user} ${chain.map(({ start }) => start).join(' ')} ${chain.some(({ isPending }) => isPending) ? 'pending' : 'confirmed'}`)
          }
        }
        fc.pre(tolerance < period)
        expect(chains(`every ${period}us ± ${tolerance}us at least ${atLeast} times`, matches).map(({ user, times, state }) => `${String(user)} ${times.join(' ')} ${state}`).sort()).toEqual(plain.sort())
      }),
      { numRuns: 2000 },
    )
  })

  it('takes time in proportion to its matches, however many lie in a period', { timeout: 20_000 }, () => {
    const many = Array.from({ length: 60_000 }, (_, index) => at(index))
    expect(chains('every 50000us ± 1us at least 3 times', many)).toEqual([])
  })
})

describe('from … by at least … in …', () => {
  const clause = 'by at least 2 users in 10us'

  it('matches as soon as the last stretch of time, inclusive, holds matches of so many different values', () => {
    expect(crowds(clause, [at(0), at(5), at(10, 'v'), at(11, 'w')])).toEqual([['u@5', 'v@10']])
    expect(crowds(clause, [at(0), at(11, 'v')])).toEqual([])
  })

  it('counts by the ends of matches, in their order, whatever the order in which they are given', () => {
    expect(crowds(clause, [{ user: 'v', start: 0, end: 30 }, { user: 'u', start: 20, end: 21 }])).toEqual([['u@21', 'v@30']])
  })

  it('goes on with the matches behind it', () => {
    expect(crowds(clause, [at(0), at(1, 'v'), at(2), at(3, 'v'), at(4)])).toEqual([['u@0', 'v@1'], ['u@2', 'v@3']])
  })

  it('counts confirmed matches only', () => {
    expect(crowds(clause, [at(0), { ...at(1, 'v'), isPending: true }])).toEqual([])
  })

  it('is what a plain search finds', () => {
    fc.assert(
      fc.property(fc.array(short, { maxLength: 25 }), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 3 }), (matches, within, atLeast) => {
        let left = matches.filter(({ isPending }) => isPending !== true).sort((a, b) => a.end - b.end || a.start - b.start || (a.user < b.user ? -1 : 1))
        const plain: string[][] = []
        for (let index = 0; index < left.length; index++) {
          const now = (left[index] as Short).end
          const window = left.slice(0, index + 1).filter(({ end }) => end >= now - within)
          const members = [...new Set(window.map(({ user }) => user))].map((user) => window.findLast((match) => match.user === user) as Short)
          if (members.length < atLeast) continue
          plain.push(members.sort((a, b) => a.end - b.end || a.start - b.start || (a.user < b.user ? -1 : 1)).map(({ user, end }) => `${user}@${end}`))
          left = left.slice(index + 1)
          index = -1
        }
        expect(crowds(`by at least ${atLeast} users in ${within}us`, matches)).toEqual(plain)
      }),
      { numRuns: 2000 },
    )
  })
})
