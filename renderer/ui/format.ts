/** Numbers and times as people read them, in the user's language and zone. Times are microseconds (bigint) or milliseconds (number). */

const whole = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 })
const short = new Intl.NumberFormat(undefined, { notation: 'compact', maximumFractionDigits: 1 })
const percent = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 1 })
const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' })
const day = new Intl.DateTimeFormat(undefined, { year: 'numeric', month: 'short', day: '2-digit' })
const dayAndMinute = new Intl.DateTimeFormat(undefined, { month: 'short', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })

/** `1,234,567` */
export const formatCount = (value: number): string => whole.format(value)
/** `1 user`, `1,234 users` */
export const formatCounted = (value: number, noun: string): string => `${formatCount(value)} ${noun}${value === 1 ? '' : 's'}`
/** `1.2M` */
export const formatShort = (value: number): string => short.format(value)
/** `12.5%`, of a share from 0 to 1. */
export const formatShare = (value: number): string => percent.format(value)

/** `1,234/s`; below ten with a decimal, since 0.4 a second is not nothing. */
export function formatRate(perSecond: number): string {
  return `${perSecond > 0 && perSecond < 10 ? (Math.round(perSecond * 10) / 10).toLocaleString() : whole.format(perSecond)}/s`
}

const byteUnits = ['B', 'KB', 'MB', 'GB', 'TB'] as const

/** `1.4 MB` */
export function formatBytes(bytes: number): string {
  const power = Math.min(byteUnits.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, Math.abs(bytes))) / 3)))
  const value = bytes / 1000 ** power
  return `${value >= 100 || power === 0 ? Math.round(value) : value.toFixed(1)} ${byteUnits[power] ?? 'B'}`
}

/** Milliseconds of a time in either form. */
export function toMillis(time: bigint | number): number {
  return typeof time === 'bigint' ? Number(time / 1000n) + Number(time % 1000n) / 1000 : time
}

/** A date that a `Date` cannot hold is shown as the number that it is. */
function format(formatter: Intl.DateTimeFormat, time: bigint | number): string {
  const millis = toMillis(time)
  return Math.abs(millis) <= 8.64e15 ? formatter.format(millis) : `${millis} ms`
}

/** `2026-11-23 15:04:05.123` in the user's zone: the one form of a moment that everyone reads alike, and that sorts. */
export function formatTime(time: bigint | number): string {
  const millis = toMillis(time)
  if (Math.abs(millis) > 8.64e15) return `${millis} ms`
  const date = new Date(millis)
  const two = (value: number): string => value.toString().padStart(2, '0')
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${date.getMilliseconds().toString().padStart(3, '0')}`
}
/** `15:04:05` */
export const formatClock = (time: bigint | number): string => format(clock, time)
/** `Nov 23, 2026` */
export const formatDay = (time: bigint | number): string => format(day, time)
/** `Nov 23, 15:04` */
export const formatMinute = (time: bigint | number): string => format(dayAndMinute, time)

/** ISO 8601 in UTC, for hovers and for copying; microseconds where there are any. */
export function formatUtc(time: bigint | number): string {
  const millis = Math.floor(toMillis(time))
  if (Math.abs(millis) > 8.64e15) return `${millis} ms since 1970`
  const iso = new Date(millis).toISOString()
  const micros = typeof time === 'bigint' ? ((time % 1000n) + 1000n) % 1000n : 0n
  return micros === 0n ? iso : iso.replace('Z', `${micros.toString().padStart(3, '0')}Z`)
}

const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
] as const

/** `2h 5m`, `41s`, `350ms`: the two largest units of a duration in milliseconds. */
export function formatDuration(millis: number): string {
  const sign = millis < 0 ? '−' : ''
  let rest = Math.abs(millis)
  if (rest < 1000) return `${sign}${Math.round(rest * 10) / 10}ms`
  const parts: string[] = []
  for (const [name, size] of units) {
    if (parts.length === 2) break
    const count = name === 's' && parts.length === 0 ? Math.round((rest / size) * 10) / 10 : Math.floor(rest / size)
    if (count > 0) parts.push(`${count}${name}`)
    else if (parts.length > 0) break
    rest -= Math.floor(rest / size) * size
  }
  return `${sign}${parts.join(' ')}`
}
