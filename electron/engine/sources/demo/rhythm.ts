import { DAY, HOUR } from './durations.ts'

/** Traffic by hour of day, UTC, against the busiest hour of the busiest day. */
const byHour = [0.22, 0.14, 0.09, 0.07, 0.07, 0.1, 0.18, 0.32, 0.46, 0.55, 0.6, 0.64, 0.7, 0.66, 0.6, 0.58, 0.62, 0.7, 0.82, 0.95, 1, 0.92, 0.66, 0.4]

/** Traffic by day of week, Sunday first. */
const byWeekday = [0.95, 0.85, 0.78, 0.76, 0.8, 0.88, 1]

/**
 * How busy the shop is at a moment, in (0, 1]: the daily rhythm, linear between the middles of the hours, times the
 * weekly one. `time` in epoch milliseconds.
 */
export function traffic(time: number): number {
  const hours = (time % DAY) / HOUR - 0.5
  const before = Math.floor(hours)
  const share = hours - before
  const daily = at(byHour, before) * (1 - share) + at(byHour, before + 1) * share
  // 1 January 1970 was a Thursday
  return daily * at(byWeekday, Math.floor(time / DAY) + 4)
}

/** The mean of {@link traffic} over a week. */
export const meanTraffic = mean(byHour) * mean(byWeekday)

function at(cycle: readonly number[], index: number): number {
  return cycle[(index + cycle.length) % cycle.length] as number
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
