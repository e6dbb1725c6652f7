import { expect, test } from 'vitest'
import { findRecurrence } from './recur.ts'
import { binomialTail } from './binomial.ts'
import { bursts, daily, day, following, hour, planted, randomFrom, uniform, weekly, type World } from './worlds.test-helper.ts'

/** Other worlds each run; UNDERCURRENT_SEED lets one be repeated, UNDERCURRENT_WORLDS makes more of them. */
const seed = Number(process.env['UNDERCURRENT_SEED'] ?? Math.floor(Math.random() * 2 ** 31))
const times = Number(process.env['UNDERCURRENT_WORLDS'] ?? 1)
const minute = 60_000_000
type Random = () => number
const between = (random: Random, least: number, most: number): number => Math.floor(least + random() * (most - least))

const nothing: readonly (readonly [string, (random: Random) => World])[] = [
  ['uniform', (random) => uniform(random, between(random, 5, 200), between(random, 14, 120) * day)],
  ['bursts of 5 min', (random) => bursts(random, 5 * minute)],
  ['bursts of 2 h', (random) => bursts(random, 2 * hour, between(random, 14, 90) * day)],
  ['bursts of 8 h', (random) => bursts(random, 8 * hour)],
  ['a few bursts', (random) => bursts(random, 2 * hour, 30 * day, 2)],
  ['daily traffic', (random) => following(random, daily, between(random, 10, 400), between(random, 14, 60) * day)],
  ['weekly traffic', (random) => following(random, weekly, between(random, 10, 300), between(random, 28, 120) * day)],
]

test(`reports nothing where nothing recurs, in 99 of 100 worlds (UNDERCURRENT_SEED=${seed})`, () => {
  const runs = 40 * times
  let found = 0
  for (const [name, make] of nothing) {
    let own = 0
    for (let run = 0; run < runs; run++) {
      const { times: events, traffic } = make(randomFrom(seed + run * 7919))
      if (findRecurrence(events, traffic, 1) !== undefined) own++
    }
    console.info(`${name}: ${own} of ${runs}`)
    found += own
  }
  // at a rate of 1 % more than this happen in fewer than 1 of 10,000 runs
  expect(binomialTail(found, runs * nothing.length, 0.01)).toBeGreaterThan(1e-4)
}, 600_000)

const recurring = [
  { name: '24 h', period: 24 * hour, span: 30 * day },
  { name: '6 h', period: 6 * hour, span: 20 * day },
  { name: '17 h', period: 17 * hour, span: 30 * day },
  { name: '7 d', period: 7 * day, span: 120 * day },
] as const

test.each([{ noise: 0, least: 0.95 }, { noise: 3, least: 0.6 }])(`finds the right period with noise × $noise in at least $least of worlds (UNDERCURRENT_SEED=${seed})`, ({ noise, least }) => {
  const runs = 40 * times
  for (const { name, period, span } of recurring) {
    let [right, wrong] = [0, 0]
    for (let run = 0; run < runs; run++) {
      const { times: events, traffic } = planted(randomFrom(seed + run * 104_729), { period, jitter: 30 * minute, missing: 0.2, noise, span })
      const found = findRecurrence(events, traffic, 1)
      if (found === undefined) continue
      if (Math.abs(found.period / period - 1) < 0.03) right++
      else wrong++
    }
    console.info(`${name}, noise × ${noise}: right in ${right} of ${runs}, wrong in ${wrong}`)
    // at the rate that is wanted fewer than this happen in fewer than 1 of 10,000 runs
    expect.soft(binomialTail(runs - right, runs, 1 - least), name).toBeGreaterThan(1e-4)
  }
}, 600_000)
