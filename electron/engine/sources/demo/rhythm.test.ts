import { expect, test } from 'vitest'
import { DAY, HOUR, MINUTE } from './durations.ts'
import { meanTraffic, traffic } from './rhythm.ts'

const monday = Date.UTC(2026, 4, 4)
const minutesOfWeek = Array.from({ length: (7 * DAY) / MINUTE }, (_, minute) => monday + minute * MINUTE)

test('traffic is always above 0 and never above 1', () => {
  for (const time of minutesOfWeek) {
    expect(traffic(time)).toBeGreaterThan(0)
    expect(traffic(time)).toBeLessThanOrEqual(1)
  }
})

test('the mean over a week is what it is said to be', () => {
  const mean = minutesOfWeek.reduce((sum, time) => sum + traffic(time), 0) / minutesOfWeek.length
  expect(mean).toBeCloseTo(meanTraffic, 3)
})

test('evenings are busy, nights are quiet, and so for every day of the week', () => {
  for (let day = 0; day < 7; day++) {
    const midnight = monday + day * DAY
    expect(traffic(midnight + 20.5 * HOUR)).toBeGreaterThan(8 * traffic(midnight + 3.5 * HOUR))
  }
})

test('Saturday is the busiest day, Wednesday the quietest', () => {
  const noons = Array.from({ length: 7 }, (_, day) => traffic(monday + day * DAY + 12 * HOUR))
  expect(noons.indexOf(Math.max(...noons))).toBe(5)
  expect(noons.indexOf(Math.min(...noons))).toBe(2)
})
