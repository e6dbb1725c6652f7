import fc from 'fast-check'
import { expect, test } from 'vitest'
import { PlantedTruth, type MatchCount, type PlantedCause } from '../../../../shared/model/planted-truth.ts'
import { DemoShop, shopEvents } from './demo-shop.ts'
import { DAY, HOUR, MINUTE, SECOND } from './durations.ts'
import type { ShopOptions } from './options.ts'
import type { ShopData, ShopEvent } from './shop-event.ts'
import type { plantedBehaviors } from './truth.ts'

/*
 * The judge: the five planted shapes counted straight from DESIGN section 5, from nothing but the events as they came.
 * It knows nothing of visits, plans or ledgers.
 */

type State = 'confirmed' | 'pending' | 'refuted'

interface Match {
  readonly user: string
  readonly state: State
  readonly first: ShopEvent
  readonly last: ShopEvent
}

/** Cuts events into sequences by key: in order of time, then offset; an event with a null key value takes part in none. */
function sequences(events: readonly ShopEvent[], ...fields: (keyof ShopData)[]): ShopEvent[][] {
  const groups = new Map<string, ShopEvent[]>()
  for (const event of events.toSorted((left, right) => left.time - right.time)) {
    const values = fields.map((field) => event.data[field])
    if (values.some((value) => value === undefined)) continue
    const key = JSON.stringify(values)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [event])
    else group.push(event)
  }
  return [...groups.values()]
}

/** The events behind one in its sequence, within a bound. */
function following(sequence: readonly ShopEvent[], index: number, bound: number): ShopEvent[] {
  const last = at(sequence, index).time + bound
  return sequence.slice(index + 1).filter(({ time }) => time <= last)
}

function at<T>(list: readonly T[], index: number): T {
  const element = list.at(index)
  if (element === undefined) throw new RangeError(`nothing at ${index}`)
  return element
}

function userOf({ data }: ShopEvent): string {
  return data.user ?? 'nobody'
}

function pathStarts({ type, data }: ShopEvent, prefix: string): boolean {
  return type === 'page.view' && data.path?.startsWith(prefix) === true
}

function changedMinds(events: readonly ShopEvent[], watermark: number): Match[] {
  return sequences(events, 'user', 'item').flatMap((sequence) => {
    const matches: Match[] = []
    for (let index = 0; index < sequence.length; index++) {
      const first = at(sequence, index)
      if (first.type !== 'cart.add') continue
      const soon = following(sequence, index, 10 * MINUTE)
      const last = soon.find(({ type }) => type === 'cart.remove')
      if (last === undefined) continue
      const refuted = soon.some(({ type }) => type === 'purchase')
      const state = refuted ? 'refuted' : watermark > first.time + 10 * MINUTE ? 'confirmed' : 'pending'
      matches.push({ user: userOf(first), state, first, last })
      // behind the match; what is refuted is no match, so the next start is tried
      if (!refuted) index = sequence.indexOf(last)
    }
    return matches
  })
}

function abandonedCheckouts(events: readonly ShopEvent[], watermark: number): Match[] {
  return sequences(events, 'user', 'cart').flatMap((sequence) =>
    sequence.flatMap((first, index) => {
      if (first.type !== 'checkout.started') return []
      const refuted = following(sequence, index, 30 * MINUTE).some(({ type }) => type === 'payment.succeeded' || type === 'cart.deleted')
      const state = refuted ? 'refuted' : watermark > first.time + 30 * MINUTE ? 'confirmed' : 'pending'
      return [{ user: userOf(first), state, first, last: first }]
    }),
  )
}

function guidedPaths(events: readonly ShopEvent[]): Match[] {
  const isStep = [
    ({ type, data }: ShopEvent) => type === 'page.view' && data.path === '/',
    (event: ShopEvent) => pathStarts(event, '/category/'),
    (event: ShopEvent) => pathStarts(event, '/product/'),
    ({ type }: ShopEvent) => type === 'cart.add',
  ]
  return sequences(events, 'user').flatMap((sequence) => {
    const matches: Match[] = []
    for (let index = 0; index + 3 < sequence.length; index++) {
      const run = sequence.slice(index, index + 4)
      const fits = run.every((event, step) => at(isStep, step)(event) && (step === 0 || event.time - at(run, step - 1).time <= 30 * MINUTE))
      if (!fits) continue
      matches.push({ user: userOf(at(run, 0)), state: 'confirmed', first: at(run, 0), last: at(run, 3) })
      index += 3
    }
    return matches
  })
}

function rageClicks(events: readonly ShopEvent[]): Match[] {
  return sequences(events.filter(({ type }) => type === 'ui.click'), 'user', 'element').flatMap((sequence) => {
    const matches: Match[] = []
    for (let index = 0; index < sequence.length; index++) {
      const first = at(sequence, index)
      const more = following(sequence, index, SECOND)
      if (more.length < 3) continue
      matches.push({ user: userOf(first), state: 'confirmed', first, last: at(more, -1) })
      index += more.length
    }
    return matches
  })
}

/** Chains of errors, each 24 h ± 15 min behind the one before, of five or more. */
function nightlyFailures(events: readonly ShopEvent[]): number {
  const [sequence = []] = sequences(events.filter(({ data }) => data.service === 'settlement' && data.code === 'LEDGER_LOCKED'), 'service', 'code')
  let chains = 0
  let length = 0
  sequence.forEach(({ time }, index) => {
    const gap = index === 0 ? 0 : time - at(sequence, index - 1).time
    length = Math.abs(gap - DAY) <= 15 * MINUTE ? length + 1 : 1
    if (length === 5) chains += 1
  })
  return chains
}

/** Slots of 03:10 UTC ± 7 min since the start, with a failure and without. A miss is known once its slot has passed. */
function nightlySlots(events: readonly ShopEvent[], from: number, watermark: number): { hits: number; misses: number } {
  const times = events.filter(({ data }) => data.service === 'settlement').map(({ time }) => time)
  const slots = { hits: 0, misses: 0 }
  for (let slot = Math.floor(from / DAY) * DAY + 3 * HOUR + 10 * MINUTE; slot < from + 100 * DAY; slot += DAY) {
    if (slot - 7 * MINUTE < from) continue
    if (times.some((time) => Math.abs(time - slot) <= 7 * MINUTE)) slots.hits += 1
    else if (slot + 7 * MINUTE < watermark) slots.misses += 1
  }
  return slots
}

function causeOf(events: readonly ShopEvent[], watermark: number): Record<string, number> {
  const table = { exposedMatched: 0, exposedUnmatched: 0, unexposedMatched: 0, unexposedUnmatched: 0 }
  const removed = new Set(changedMinds(events, watermark).filter(({ state }) => state === 'confirmed').map(({ last }) => last))
  for (const sequence of sequences(events, 'user', 'item')) {
    sequence.forEach((chance, index) => {
      if (chance.type !== 'cart.add' || watermark <= chance.time + 30 * MINUTE) return
      if (sequence.slice(0, index).some(({ type, time }) => type === 'cart.add' && time >= chance.time - 30 * MINUTE)) return
      const after = following(sequence, index, 30 * MINUTE)
      const outcome = after.find((event) => removed.has(event))
      const exposed = after.some(({ type, time, data }) => type === 'ad.shown' && data.campaign === 'cheaper-elsewhere' && time < (outcome?.time ?? Infinity))
      table[`${exposed ? 'exposed' : 'unexposed'}${outcome === undefined ? 'Unmatched' : 'Matched'}`] += 1
    })
  }
  return table
}

function count(matches: readonly Match[], ...states: State[]): MatchCount {
  const counted = matches.filter(({ state }) => states.includes(state))
  return { occurrences: counted.length, users: new Set(counted.map(({ user }) => user)).size }
}

function summary(matches: readonly Match[]): object {
  return {
    ...count(matches, 'confirmed', 'pending'),
    confirmed: count(matches, 'confirmed'),
    pending: count(matches, 'pending'),
    refuted: count(matches, 'refuted').occurrences,
  }
}

/** Compares the shop's truth with the independent count, `allowedLateness` behind the newest event. Returns the truth by name. */
function expectTruth(options: ShopOptions, length: number, allowedLateness = 0): (name: PlantedName) => PlantedTruth {
  const shop = new DemoShop(options)
  const events = [...shopEvents(shop, options.from + length)]
  const watermark = newestOf(events) - allowedLateness
  const truth = truthOf(shop, allowedLateness)
  expect(truth('changed their mind')).toMatchObject({ ...summary(changedMinds(events, watermark)), cause: causeOf(events, watermark) })
  expect(truth('nightly failure')).toMatchObject({ occurrences: nightlyFailures(events), recurrence: nightlySlots(events, options.from, watermark) })
  expect(truth('guided path')).toMatchObject(summary(guidedPaths(events)))
  expect(truth('abandoned checkout')).toMatchObject(summary(abandonedCheckouts(events, watermark)))
  expect(truth('rage click')).toMatchObject(summary(rageClicks(events)))
  return truth
}

type PlantedName = keyof typeof plantedBehaviors

function truthOf(shop: DemoShop, allowedLateness = 0): (name: PlantedName) => PlantedTruth {
  const truth = shop.truth(allowedLateness)
  return (name) => PlantedTruth.parse(truth.find((planted) => planted.name === name))
}

function newestOf(events: readonly ShopEvent[]): number {
  return events.reduce((newest, { time }) => Math.max(newest, time), -Infinity)
}

const from = Date.UTC(2026, 4, 4)

test('the truth equals an independent count, for any seed, size, cut and share of stray events', () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true })
  const options = fc.record({
    seed: fc.maxSafeInteger(),
    from: fc.nat(7 * DAY).map((offset) => from + offset),
    users: fc.integer({ min: 1, max: 400 }),
    eventsPerDay: fc.integer({ min: 100, max: 20_000 }),
    anonymousShare: fc.oneof(fc.constant(0), share),
    lateShare: share,
    duplicateShare: share,
  })
  fc.assert(
    fc.property(options, fc.nat(DAY), fc.oneof(fc.constant(0), fc.nat(HOUR)), (shop, length, lateness) => void expectTruth(shop, length, lateness)),
    { numRuns: 150 },
  )
})

test('the truth equals an independent count after every single event', () => {
  for (const seed of [1, 2, 3]) {
    const shop = new DemoShop({ seed, from: from + 18 * HOUR, users: 40, eventsPerDay: 12_000, anonymousShare: 0, lateShare: 0.2, duplicateShare: 0.1 })
    const events: ShopEvent[] = []
    for (let sent = 0; sent < 1_200; sent++) {
      events.push(shop.take())
      const watermark = newestOf(events)
      const truth = truthOf(shop)
      expect(truth('changed their mind')).toMatchObject({ ...summary(changedMinds(events, watermark)), cause: causeOf(events, watermark) })
      expect(truth('guided path')).toMatchObject(summary(guidedPaths(events)))
      expect(truth('abandoned checkout')).toMatchObject(summary(abandonedCheckouts(events, watermark)))
      expect(truth('rage click')).toMatchObject(summary(rageClicks(events)))
    }
  }
})

test('what is pending at any moment of a busy day equals an independent count of the last hours', () => {
  const shop = new DemoShop({ seed: 6, from, users: 2_000, eventsPerDay: 60_000 })
  let recent: ShopEvent[] = []
  for (const event of shopEvents(shop, from + DAY)) {
    recent.push(event)
    if (shop.offset % 60 !== 0) continue
    // nothing pending is older than its bound of half an hour
    recent = recent.filter(({ time }) => time > event.time - HOUR)
    const watermark = newestOf(recent)
    const truth = truthOf(shop)
    expect(truth('changed their mind').pending).toEqual(count(changedMinds(recent, watermark), 'pending'))
    expect(truth('abandoned checkout').pending).toEqual(count(abandonedCheckouts(recent, watermark), 'pending'))
  }
})

test('a usual week holds some of everything, and its cause is plain', () => {
  const truth = expectTruth({ seed: 1, from }, 7 * DAY)
  for (const name of ['changed their mind', 'guided path', 'abandoned checkout', 'rage click'] as const) {
    const { occurrences, users } = truth(name)
    expect(occurrences).toBeGreaterThan(users)
    expect(users).toBeGreaterThan(300)
  }
  expect(truth('changed their mind').refuted).toBeGreaterThan(50)
  expect(truth('abandoned checkout').refuted).toBeGreaterThan(1_000)
  expect(truth('nightly failure')).toMatchObject({ occurrences: 1, recurrence: { hits: 6, misses: 1 } })
  expect(oddsRatio(truth('changed their mind').cause)).toBeGreaterThan(10)
})

function oddsRatio(cause: PlantedCause | undefined): number {
  if (cause === undefined) return NaN
  return (cause.exposedMatched * cause.unexposedUnmatched) / (cause.exposedUnmatched * cause.unexposedMatched)
}

test('a busy evening ends with changes of mind and checkouts still pending', () => {
  const truth = expectTruth({ seed: 4, from, users: 3_000, eventsPerDay: 50_000 }, 20 * HOUR)
  expect(truth('changed their mind').pending.occurrences).toBeGreaterThan(0)
  expect(truth('abandoned checkout').pending.occurrences).toBeGreaterThan(0)
})

test('weeks of nights are hit and missed as counted', () => {
  const { recurrence, occurrences } = expectTruth({ seed: 9, from, users: 20, eventsPerDay: 50 }, 60 * DAY)('nightly failure')
  expect(recurrence?.misses).toBeGreaterThanOrEqual(8)
  expect(occurrences).toBeGreaterThan(2)
})
