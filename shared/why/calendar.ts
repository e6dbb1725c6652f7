import type { FlagFact } from './facts.ts'

/** Moments as the calendar of a place has them. Days are numbered from 1 January 1970 of that place. */
export interface LocalTimes {
  readonly day: Int32Array
  readonly hour: Uint8Array
}

const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const

/**
 * @param times microseconds since the epoch
 * @param zone of the IANA database, such as `Europe/Berlin`
 * @throws RangeError for a zone that does not exist
 */
export function localTimes(times: Float64Array, zone: string): LocalTimes {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' })
  // zones change their distance from UTC at quarters of an hour at the finest
  const quarter = 900_000
  const offsets = new Map<number, number>()
  const offsetAt = (millis: number): number => {
    const slot = Math.floor(millis / quarter)
    let offset = offsets.get(slot)
    if (offset === undefined) {
      const parts = new Map(format.formatToParts(slot * quarter).map(({ type, value }) => [type, Number(value)]))
      offset = Date.UTC(parts.get('year') ?? 0, (parts.get('month') ?? 1) - 1, parts.get('day') ?? 1, parts.get('hour') ?? 0, parts.get('minute') ?? 0) - slot * quarter
      offsets.set(slot, offset)
    }
    return offset
  }
  const day = new Int32Array(times.length)
  const hour = new Uint8Array(times.length)
  times.forEach((micros, at) => {
    const millis = Math.floor(micros / 1000)
    const local = millis + offsetAt(millis)
    day[at] = Math.floor(local / 86_400_000)
    hour[at] = Math.floor((local - (day[at]) * 86_400_000) / 3_600_000)
  })
  return { day, hour }
}

/** What holds on a single day only is no matter of the calendar: that day may have been special in any way. */
const leastDays = 2

/** Whether a fact of the calendar holds on enough different days to say something about such days. */
export function isOfCalendar({ values }: FlagFact, { day }: LocalTimes): boolean {
  return new Set(day.filter((_, at) => values[at] === 1)).size >= leastDays
}

/** Weekday, weekend, hour and part of the day of the starts. */
export function calendarFacts({ day, hour }: LocalTimes): readonly FlagFact[] {
  const weekday = day.map((one) => (((one + 4) % 7) + 7) % 7)
  const parts = [['night (0 to 6 h)', 0, 6], ['morning (6 to 12 h)', 6, 12], ['afternoon (12 to 18 h)', 12, 18], ['evening (18 to 24 h)', 18, 24]] as const
  return [
    flag('day of the week', 'it is Saturday or Sunday', weekday, (one) => one === 0 || one === 6),
    ...weekdays.map((name, index) => flag('day of the week', `it is ${name}`, weekday, (one) => one === index)),
    ...parts.map(([name, from, to]) => flag('time of day', `it is ${name}`, hour, (one) => one >= from && one < to)),
    ...Array.from({ length: 24 }, (_, index) => flag('time of day', `it is between ${index} and ${index + 1} h`, hour, (one) => one === index)),
  ]
}

/**
 * How near the starts are to days that matter.
 *
 * @param daysOf ascending days of each chance, such as the holidays of a country or the birthdays of a user; undefined where none are known
 */
export function nearDays(name: string, { day }: LocalTimes, daysOf: (chance: number) => readonly number[] | undefined): readonly FlagFact[] {
  // days to the next one (0 on the day), and since the last one
  const ahead = new Float64Array(day.length).fill(Number.NaN)
  const behind = new Float64Array(day.length).fill(Number.NaN)
  day.forEach((one, at) => {
    const days = daysOf(at)
    if (days === undefined) return
    ahead[at] = (days.find((other) => other >= one) ?? Number.POSITIVE_INFINITY) - one
    behind[at] = one - (days.findLast((other) => other <= one) ?? Number.NEGATIVE_INFINITY)
  })
  const near = (phrase: string, distance: Float64Array, holds: (days: number) => boolean): FlagFact => ({ kind: 'flag', group: 'calendar', family: name, phrase, values: Uint8Array.from(distance, (days) => (Number.isNaN(days) ? 2 : holds(days) ? 1 : 0)) })
  return [
    near(`it is ${name}`, ahead, (days) => days === 0),
    ...[1, 3, 7, 14].map((most) => near(`${name} is at most ${most} ${most === 1 ? 'day' : 'days'} ahead`, ahead, (days) => days <= most)),
    ...[3, 7].map((most) => near(`${name} was at most ${most} days ago`, behind, (days) => days > 0 && days <= most)),
  ]
}

function flag(family: string, phrase: string, values: ArrayLike<number>, holds: (value: number) => boolean): FlagFact {
  return { kind: 'flag', group: 'calendar', family, phrase, values: Uint8Array.from(values, (value) => (holds(value) ? 1 : 0)) }
}
