import { formatClock, formatDay, formatMinute } from '../ui/format.ts'

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour
const steps = [1, 2, 5, 10, 20, 50, 100, 200, 500, second, 2 * second, 5 * second, 10 * second, 30 * second, minute, 2 * minute, 5 * minute, 10 * minute, 30 * minute, hour, 2 * hour, 3 * hour, 6 * hour, 12 * hour, day, 2 * day, 7 * day, 14 * day, 30 * day, 90 * day, 365 * day]

/** A mark of a time axis. `isDay` where a day begins in the user's zone. */
export interface Tick {
  /** Epoch milliseconds. */
  readonly time: number
  readonly label: string
  readonly isDay: boolean
}

/** Ticks of a range of time, at times that people would choose, in the user's zone. At most about `most` of them. */
export function timeTicks(from: number, to: number, most: number): readonly Tick[] {
  if (!(to > from)) return []
  const step = steps.find((candidate) => (to - from) / candidate <= most) ?? 365 * day * Math.ceil((to - from) / (365 * day * most))
  // whole hours and days are whole in the user's zone
  const zone = step >= minute ? new Date(from).getTimezoneOffset() * minute : 0
  const ticks: Tick[] = []
  for (let time = Math.ceil((from - zone) / step) * step + zone; time <= to; time += step) {
    const date = new Date(time)
    const isDay = date.getHours() === 0 && date.getMinutes() === 0 && date.getSeconds() === 0 && date.getMilliseconds() === 0
    const label = step >= day || isDay ? formatDay(time) : step >= minute ? formatMinute(time).split(', ').at(-1) ?? '' : step >= second ? formatClock(time) : `${formatClock(time)}.${date.getMilliseconds().toString().padStart(3, '0')}`
    ticks.push({ time, label, isDay })
  }
  return ticks
}
