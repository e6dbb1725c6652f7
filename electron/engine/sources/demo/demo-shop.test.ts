import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { AppError } from '../../../../shared/errors.ts'
import { DemoShop, shopEvents } from './demo-shop.ts'
import { DAY, HOUR, MINUTE } from './durations.ts'
import { traffic } from './rhythm.ts'
import type { ShopEvent } from './shop-event.ts'

const from = Date.UTC(2026, 4, 4)

function fill(options: Partial<ConstructorParameters<typeof DemoShop>[0]>, days: number): ShopEvent[] {
  return [...shopEvents(new DemoShop({ seed: 1, from, ...options }), from + days * DAY)]
}

function lines(events: Iterable<ShopEvent>): string {
  return Array.from(events, (event) => JSON.stringify(event)).join('\n')
}

test('the log of seed 1 is the one that workspaces out there already hold a part of', () => {
  const log = lines(fill({}, 1))
  expect(createHash('sha256').update(log).digest('hex')).toBe('d7259caf731108013fc01ff75a9a49442db78153c8f245d3ee8bdf71f396a4da')
})

test('the same options give the same log and truth, whatever the pieces it is taken in', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), fc.array(fc.nat(DAY), { maxLength: 6 }), (seed, cuts) => {
      const options = { seed, from, users: 100, eventsPerDay: 2_000 }
      const whole = new DemoShop(options)
      const pieces = new DemoShop(options)
      const log = lines(shopEvents(whole, from + DAY))
      const parts = [...cuts.sort((left, right) => left - right), DAY].flatMap((cut) => [...shopEvents(pieces, from + cut)])
      expect(lines(parts)).toBe(log)
      expect(pieces.truth()).toEqual(whole.truth())
    }),
    { numRuns: 20 },
  )
})

test('a shop resumed at an offset goes on with the same events and the same truth', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), fc.nat(3_000), (seed, offset) => {
      const options = { seed, from, users: 100, eventsPerDay: 2_000 }
      const before = new DemoShop(options)
      for (let sent = 0; sent < offset; sent++) before.take()
      const resumed = new DemoShop(options)
      resumed.skip(offset)
      expect(resumed.offset).toBe(offset)
      for (let more = 0; more < 500; more++) expect(resumed.take()).toEqual(before.take())
      expect(resumed.truth()).toEqual(before.truth())
    }),
    { numRuns: 20 },
  )
})

test('peeking sends nothing', () => {
  const shop = new DemoShop({ seed: 5, from })
  const first = shop.peek()
  expect(shop.peek()).toBe(first)
  expect(shop.offset).toBe(0)
  expect(shop.take()).toBe(first)
  expect(shop.offset).toBe(1)
  expect(shop.peek()).not.toBe(first)
})

test('seeds differ', () => {
  expect(lines(fill({ seed: 1 }, 0.2))).not.toBe(lines(fill({ seed: 2 }, 0.2)))
})

test('the log is in order of arrival, and events arrive when they happen or later', () => {
  const events = fill({ lateShare: 0.3, duplicateShare: 0.1 }, 1)
  let previous = from
  for (const { time, arrival } of events) {
    expect(arrival).toBeGreaterThanOrEqual(previous)
    expect(time).toBeLessThanOrEqual(arrival)
    expect(time).toBeGreaterThanOrEqual(from)
    expect(arrival - time).toBeLessThan(3 * HOUR)
    previous = arrival
  }
})

test('late and duplicate records are rare, and as many as asked for', () => {
  const late = (events: ShopEvent[]): number => events.filter(({ time, arrival }) => arrival > time).length
  const twice = (events: ShopEvent[]): number => events.length - new Set(events.map(({ id }) => id)).size
  const usual = fill({}, 7)
  expect(late(usual) / usual.length).toBeGreaterThan(0.003)
  expect(late(usual) / usual.length).toBeLessThan(0.015)
  expect(twice(usual) / usual.length).toBeGreaterThan(0.0005)
  expect(twice(usual) / usual.length).toBeLessThan(0.003)
  const exact = fill({ lateShare: 0, duplicateShare: 0 }, 2)
  expect(late(exact)).toBe(0)
  expect(twice(exact)).toBe(0)
  const every = fill({ lateShare: 0, duplicateShare: 1 }, 2)
  expect(twice(every)).toBeGreaterThan(0.2 * every.length)
})

test('a duplicate is its original in everything but the arrival', () => {
  const byId = new Map<string, ShopEvent>()
  for (const event of fill({ duplicateShare: 0.5 }, 1)) {
    const original = byId.get(event.id) ?? event
    byId.set(event.id, original)
    expect({ ...event, arrival: 0 }).toEqual({ ...original, arrival: 0 })
  }
})

test('a user is in one visit at a time and stays away longer than 30 minutes', () => {
  const events = fill({ users: 30, eventsPerDay: 5_000 }, 2).sort((left, right) => left.time - right.time)
  const lastOf = new Map<string, ShopEvent>()
  for (const event of events) {
    if (event.key === null) continue
    const last = lastOf.get(event.key)
    if (last !== undefined && last.data.session !== event.data.session) expect(event.time - last.time).toBeGreaterThan(30 * MINUTE)
    lastOf.set(event.key, event)
  }
  expect(lastOf.size).toBe(30)
})

test('the key is the user, and events without a key name no user', () => {
  const events = fill({}, 2)
  for (const { key, data } of events) expect(data.user ?? null).toBe(key)
  const anonymous = events.filter(({ key }) => key === null).length / events.length
  expect(anonymous).toBeGreaterThan(0.08)
  expect(anonymous).toBeLessThan(0.16)
})

test('a few users do much of what is done, and most come back', () => {
  const visitsOf = new Map<string, Set<string>>()
  for (const { key, data } of fill({ users: 1_000, eventsPerDay: 10_000 }, 7)) {
    if (key !== null && data.session !== undefined) visitsOf.set(key, (visitsOf.get(key) ?? new Set()).add(data.session))
  }
  const visits = Array.from(visitsOf.values(), ({ size }) => size).sort((left, right) => right - left)
  const total = visits.reduce((sum, count) => sum + count, 0)
  const share = (top: number): number => visits.slice(0, top).reduce((sum, count) => sum + count, 0) / total
  expect(share(100)).toBeGreaterThan(0.3)
  expect(visits.filter((count) => count > 1).length / visits.length).toBeGreaterThan(0.5)
})

test('a day has about as many events as asked for', () => {
  for (const eventsPerDay of [1_000, 28_600, 100_000]) {
    const days = 200_000 / eventsPerDay > 7 ? 70 : 7
    const perDay = fill({ eventsPerDay, users: 20_000 }, days).length / days
    expect(perDay / eventsPerDay).toBeGreaterThan(0.93)
    expect(perDay / eventsPerDay).toBeLessThan(1.07)
  }
})

/** Moments by hour of day, as shares of all. */
function byHour(times: readonly number[]): Float64Array {
  return Float64Array.from({ length: 24 }, (_, hour) => times.filter((time) => Math.floor((time % DAY) / HOUR) === hour).length / times.length)
}

test('visits follow the rhythm of the day and of the week, and background errors merely follow the visits', () => {
  const events = fill({ eventsPerDay: 100_000, users: 50_000 }, 14)
  const starts = new Map<string, number>()
  for (const { time, data } of events) if (data.session !== undefined && !starts.has(data.session)) starts.set(data.session, time)
  const visits = [...starts.values()]
  byHour(visits).forEach((share, hour) => {
    const ofHour = mean(Array.from({ length: 60 }, (_, minute) => traffic(from + hour * HOUR + minute * MINUTE)))
    const ofDay = mean(Array.from({ length: 24 * 60 }, (_, minute) => traffic(from + minute * MINUTE)))
    const expected = ofHour / ofDay / 24
    expect(share / expected).toBeGreaterThan(0.88)
    expect(share / expected).toBeLessThan(1.12)
  })

  const onWeekday = (weekday: number): number => visits.filter((time) => new Date(time).getUTCDay() === weekday).length
  expect(onWeekday(6) / onWeekday(3)).toBeGreaterThan(1.2)

  const errors = events.filter(({ type, key }) => type === 'error.raised' && key !== null)
  const errorsAt = (hour: number): number => errors.filter(({ time }) => new Date(time).getUTCHours() === hour).length
  expect(errorsAt(20) / errorsAt(3)).toBeGreaterThan(5)
})

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

test('options out of their range are refused with a sentence', () => {
  for (const wrong of [{ seed: 0.5 }, { from: -1 }, { users: 0 }, { eventsPerDay: 0 }, { eventsPerDay: NaN }, { lateShare: 1.1 }, { anonymousShare: -0.1 }]) {
    expect(() => new DemoShop({ seed: 1, from, ...wrong })).toThrow(AppError)
  }
})

test('the truth of more than an hour ago is refused, not guessed', () => {
  const shop = new DemoShop({ seed: 1, from })
  shop.skip(100)
  expect(() => shop.truth(HOUR)).not.toThrow()
  expect(() => shop.truth(HOUR + 1)).toThrow(AppError)
})

test('speed (printed, not asserted)', () => {
  const shop = new DemoShop({ seed: 1, from })
  const started = performance.now()
  shop.skip(500_000)
  console.log(`demo shop: ${Math.round(500_000 / (performance.now() - started))} events/ms`)
  expect(shop.offset).toBe(500_000)
})
