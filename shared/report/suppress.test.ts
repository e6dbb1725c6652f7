import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { BehaviorReport } from './model.ts'
import { Suppression } from './suppress.ts'

/** Users with what each did: by day, and by the value of an attribute of each match. */
interface Deed {
  readonly user: number
  readonly day: number
  readonly city: number
  readonly isPending: boolean
}

const deeds: fc.Arbitrary<readonly Deed[]> = fc.array(fc.record({ user: fc.nat(40), day: fc.nat(5), city: fc.nat(6), isPending: fc.boolean() }), { maxLength: 120 })
const distinct = (values: readonly unknown[]): number => new Set(values).size
const day = 86_400_000_000n

/** What a report says of deeds, by the plainest counting. */
function reportOf(all: readonly Deed[], others: number): BehaviorReport {
  const pending = all.filter(({ isPending }) => isPending).length
  const times = [...new Set(all.map(({ user }) => user))].map((user) => all.filter((deed) => deed.user === user).length)
  const cities = [...new Set(all.map(({ city }) => city))].map((city) => {
    const own = all.filter((deed) => deed.city === city)
    return { value: `city ${city}`, occurrences: own.length, users: distinct(own.map(({ user }) => user)) }
  }).sort((a, b) => b.occurrences - a.occurrences)
  const users = distinct(all.map(({ user }) => user))
  return {
    name: 'x', text: '', lead: { path: 'user', isKey: true }, rules: [], durations: [],
    counts: { occurrences: all.length, users, confirmed: all.length - pending, pending, tied: pending, late: 0, open: 1, events: 1000, population: users + others },
    trend: { resolution: day, buckets: [0, 1, 2, 3, 4, 5].map((index) => {
      const own = all.filter((deed) => deed.day === index)
      return { start: BigInt(index) * day, confirmed: own.filter(({ isPending }) => !isPending).length, pending: own.filter(({ isPending }) => isPending).length, users: distinct(own.map(({ user }) => user)) }
    }) },
    perUser: [...new Set(times)].sort((a, b) => a - b).map((n) => ({ times: n, orMore: false, users: times.filter((one) => one === n).length })),
    funnel: [{ step: 'a', occurrences: all.length + others * 2, users: users + others }, { step: 'b', occurrences: all.length + others, users }, { step: 'all of it', occurrences: all.length, users }],
    who: [{ attribute: 'city', values: cities.slice(0, 4), distinct: cities.length, rest: { values: Math.max(0, cities.length - 4), occurrences: cities.slice(4).reduce((sum, { occurrences }) => sum + occurrences, 0) } }],
  }
}

const total = (counts: readonly (number | null)[]): number => counts.reduce<number>((sum, count) => sum + (count ?? 0), 0)

describe('a minimum of counts', () => {
  it('changes nothing where it is one', () => {
    fc.assert(fc.property(deeds, (all) => {
      const suppression = new Suppression(1)
      const report = reportOf(all, 3)
      expect(suppression.behavior(report)).toEqual(report)
      expect(suppression.count).toBe(0)
    }))
  })

  it('leaves no count under it, nor one that adding up or subtracting gives', () => {
    fc.assert(fc.property(deeds, fc.nat(20), fc.integer({ min: 2, max: 12 }), (all, others, least) => {
      const before = reportOf(all, others)
      const { counts, trend, perUser, funnel, who } = new Suppression(least).behavior(before)
      /** That a number is not said, nothing, or enough. */
      const isFine = (...numbers: readonly (number | null)[]): void => {
        for (const number of numbers) if (number !== null) expect(number === 0 || Math.abs(number) >= least).toBe(true)
      }
      const less = (whole: number | null, part: number | null): number | null => (whole === null || part === null ? null : whole - part)
      const { events: _, population, ...said } = counts
      isFine(...Object.values(said), less(counts.occurrences, counts.confirmed), less(counts.occurrences, counts.pending), less(counts.occurrences, counts.tied), less(population, counts.users))
      for (const { confirmed, pending, users } of trend?.buckets ?? []) isFine(confirmed, pending, users)
      const hidden = trend?.buckets.filter(({ confirmed }) => confirmed === null).length ?? 0
      if (trend !== undefined) {
        const rest = less(counts.occurrences, total(trend.buckets.flatMap(({ confirmed, pending }) => [confirmed, pending])))
        isFine(less(counts.confirmed, total(trend.buckets.map(({ confirmed }) => confirmed))), less(counts.pending, total(trend.buckets.map(({ pending }) => pending))), rest)
        // one alone would be the rest
        if (hidden === 1) expect(trend.buckets.filter(({ confirmed }) => (confirmed ?? 0) > 0)).toHaveLength(0)
      }
      for (const { users } of perUser ?? []) isFine(users)
      if (perUser !== undefined && perUser.length > 0) isFine(less(counts.users, total(perUser.map(({ users }) => users))))
      const steps = (funnel ?? []).filter(({ occurrences }) => occurrences !== null)
      for (const [index, { occurrences, users }] of steps.entries()) {
        isFine(occurrences, users, less(population, users), less(occurrences, counts.occurrences), less(users, counts.users))
        const next = steps[index + 1]
        if (next !== undefined) isFine(less(occurrences, next.occurrences), less(users, next.users))
      }
      for (const { values, rest } of who ?? []) {
        for (const { occurrences, users } of values) isFine(occurrences, users)
        isFine(rest.occurrences, less(counts.occurrences, total(values.map(({ occurrences }) => occurrences))))
        // who is of several values counts for each: then the difference is less than nothing, and says nothing
        isFine(Math.max(0, less(counts.users, total(values.map(({ users }) => users))) ?? 0))
      }
      // what is said is true
      const told = { ...before.counts, ...Object.fromEntries(Object.entries(counts).filter(([, value]) => value !== null)) }
      expect(told).toEqual(before.counts)
    }), { numRuns: 1000 })
  })

  it('says nothing of a few but that there are some', () => {
    const report = new Suppression(5).behavior({ ...reportOf([{ user: 1, day: 1, city: 1, isPending: false }], 100), examples: [], duration: [1, 2] })
    expect(report).toEqual({ name: 'x', text: '', lead: { path: 'user', isKey: true }, rules: [], durations: [], counts: { occurrences: null, users: null, confirmed: null, pending: null, tied: null, late: null, open: null, events: 1000, population: 101 } })
  })

  it('says those who did it often together', () => {
    const perUser = [[1, 50], [2, 20], [3, 2], [4, 1], [5, 3]].map(([times = 0, users = 0]) => ({ times, users, orMore: false }))
    const base = reportOf([], 0)
    const report = new Suppression(5).behavior({ ...base, counts: { ...base.counts, occurrences: 120, users: 76, confirmed: 120, population: 500, open: 0 }, perUser })
    expect(report.perUser).toEqual([{ times: 1, users: 50, orMore: false }, { times: 2, users: 20, orMore: false }, { times: 3, users: 6, orMore: true }])
  })
})
