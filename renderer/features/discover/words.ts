import { roughDuration } from '../../../shared/behavior/duration.ts'
import type { FoundRecurring } from '../../../shared/model/discovery.ts'
import { formatMinute } from '../../ui/format.ts'

const day = 86_400_000_000
const minute = 60_000_000

/** What comes back: a type, those of one value of an attribute, or those of one key. */
export function subject({ type, attribute, value, key }: Pick<FoundRecurring, 'type' | 'attribute' | 'value' | 'key'>): string {
  if (key !== undefined) return `${type} of ${key}`
  return attribute === undefined ? type : `${type} where ${attribute} is ${value ?? ''}`
}

/** A period as people say it, to the nearest unit where it is within `jitter` of one: `every 24 h`, `every 7 days`. */
export function periodWords(period: number): string {
  const days = period / day
  if (days >= 2 && Math.abs(days - Math.round(days)) < 0.02 * days) return `every ${Math.round(days)} days`
  const hours = period / 3_600_000_000
  if (hours >= 1 && Math.abs(hours - Math.round(hours)) < 0.02 * hours) return Math.round(hours) === 1 ? 'every hour' : `every ${Math.round(hours)} h`
  return `every ${roughDuration(period)}`
}

/** Where in its period it comes: the time of day (UTC) where the period is whole days, else the next moment. */
export function phaseWords({ period, phase, jitter, next }: Pick<FoundRecurring, 'period' | 'phase' | 'jitter' | 'next'>): string {
  const spread = ` ± ${coarse(jitter)}`
  const days = period / day
  // a slow drift away from whole days would make the time of day of the first slot wrong for the last
  if (Math.round(days) >= 1 && Math.abs(days - Math.round(days)) * day * Math.max(1, (next - phase) / period) < 2 * jitter + 10 * minute) {
    const clock = new Date(Math.round(next / minute) * 60_000).toISOString().slice(11, 16)
    return `around ${clock} UTC${spread}`
  }
  return `next around ${formatMinute(next / 1000)}${spread}`
}

/** A spread in one unit: nobody needs the seconds of it. */
function coarse(micros: number): string {
  if (micros >= 3 * 3_600_000_000) return `${Math.round(micros / 3_600_000_000)} h`
  return micros >= 1.5 * minute ? `${Math.round(micros / minute)} min` : `${Math.max(1, Math.round(micros / 1_000_000))} s`
}
