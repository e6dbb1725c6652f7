import type { Traffic } from './traffic.ts'

/** A simulated world: when the events of a series came, and all traffic; microseconds. */
export interface World {
  readonly times: Float64Array
  readonly traffic: Traffic
}

export const hour = 3_600_000_000
export const day = 24 * hour

type Random = () => number

/** Mulberry32: a seed makes a run repeatable. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

/** How busy it is at a time, from 0 to 1. */
type Rhythm = (time: number) => number
export const steady: Rhythm = () => 1
export const daily: Rhythm = (time) => 0.55 + 0.45 * Math.sin((2 * Math.PI * time) / day)
export const weekly: Rhythm = (time) => daily(time) * (Math.floor(time / day) % 7 < 5 ? 1 : 0.35)

/** So many times that follow a rhythm. */
function follow(random: Random, rhythm: Rhythm, span: number, count: number): number[] {
  const times: number[] = []
  while (times.length < count) {
    const time = random() * span
    if (random() < rhythm(time)) times.push(time)
  }
  return times
}

/** Traffic of 20,000 events, and a series in it. */
export function world(random: Random, span: number, rhythm: Rhythm, series: readonly number[]): World {
  const width = 5 * 60_000_000
  const counts = new Float64Array(Math.ceil(span / width))
  for (const time of [...follow(random, rhythm, span, 20_000), ...series]) {
    const bucket = Math.min(counts.length - 1, Math.max(0, Math.floor(time / width)))
    counts[bucket] = (counts[bucket] as number) + 1
  }
  return { times: Float64Array.from(series).sort(), traffic: { from: 0, width, counts } }
}

export function uniform(random: Random, count = 60, span = 30 * day): World {
  return world(random, span, steady, follow(random, steady, span, count))
}

/** Bursts of a length at random moments: many events, few causes. */
export function bursts(random: Random, length: number, span = 30 * day, least = 8): World {
  const series: number[] = []
  const count = least + Math.floor(random() * 12)
  for (let burst = 0; burst < count; burst++) {
    const start = random() * (span - length)
    const events = 10 + Math.floor(random() * 30)
    for (let at = 0; at < events; at++) series.push(start + random() * length)
  }
  return world(random, span, daily, series)
}

/** Errors that merely follow the traffic. */
export function following(random: Random, rhythm: Rhythm, count: number, span = 30 * day): World {
  return world(random, span, rhythm, follow(random, rhythm, span, count))
}

/** Events at a period, some missing, with noise as many times as there are of them. */
export function planted(random: Random, { period, jitter, missing, noise, span }: { readonly period: number; readonly jitter: number; readonly missing: number; readonly noise: number; readonly span: number }): World {
  const phase = random() * period
  const series: number[] = []
  for (let time = phase; time < span; time += period) if (random() >= missing) series.push(Math.min(span - 1, Math.max(0, time + jitter * normal(random))))
  return world(random, span, daily, [...series, ...follow(random, daily, span, Math.round(noise * series.length))])
}
