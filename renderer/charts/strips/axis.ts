import { formatDuration } from '../../ui/format.ts'
import { timeTicks } from '../time-axis.ts'
import type { Range } from './marks.ts'

/** What the horizontal axis counts: the clock, the time of day, the time since each user's zero, or steps. */
export type AxisKind = 'clock' | 'day' | 'offset' | 'step'

/** A line of the axis. */
export interface AxisTick {
  readonly at: number
  readonly label: string
}

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour
const durations = [1, 2, 5, 10, 20, 50, 100, 200, 500, second, 2 * second, 5 * second, 10 * second, 30 * second, minute, 2 * minute, 5 * minute, 10 * minute, 30 * minute, hour, 2 * hour, 3 * hour, 6 * hour, 12 * hour, day, 2 * day, 7 * day, 14 * day, 30 * day, 90 * day, 365 * day]

/** Ticks of a range, at places that people would choose; about `most` of them. */
export function axisTicks(kind: AxisKind, range: Range, most: number): readonly AxisTick[] {
  if (!(range.to > range.from)) return []
  if (kind === 'clock') return timeTicks(range.from, range.to, most).map(({ time, label }) => ({ at: time, label }))
  const step = kind === 'step' ? stepSize((range.to - range.from) / most) : (durations.find((candidate) => (range.to - range.from) / candidate <= most) ?? Math.ceil((range.to - range.from) / most / (365 * day)) * 365 * day)
  const ticks: AxisTick[] = []
  for (let index = Math.ceil(range.from / step); index * step <= range.to; index++) ticks.push({ at: index * step, label: axisLabel(kind, index * step) })
  return ticks
}

/** A place on the axis in words: `+2h 5m`, `14:30`, `+1d 02:00`, `step 3`. */
export function axisLabel(kind: Exclude<AxisKind, 'clock'>, at: number): string {
  // no negative zero
  if (kind === 'step') return String(Math.round(at) + 0)
  if (kind === 'offset') return at === 0 ? '0' : at > 0 ? `+${formatDuration(at)}` : formatDuration(at)
  const days = Math.floor(at / day)
  const rest = at - days * day
  const two = (value: number): string => Math.floor(value).toString().padStart(2, '0')
  const clock = `${two(rest / hour)}:${two((rest % hour) / minute)}${rest % minute === 0 ? '' : `:${two((rest % minute) / second)}`}`
  return days === 0 ? clock : `${days > 0 ? '+' : '−'}${Math.abs(days)}d ${clock}`
}

/** 1, 2 or 5 times a power of ten, and never less than one step. */
function stepSize(wanted: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, wanted)))
  return power * ([1, 2, 5, 10].find((factor) => power * factor >= wanted) ?? 10)
}
