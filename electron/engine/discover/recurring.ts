import { setImmediate } from 'node:timers/promises'
import { recurringBehavior } from '../../../shared/discover/recurring/recurring-behavior.ts'
import { episodeGap, recurs, type Recurrence } from '../../../shared/discover/recurring/recur.ts'
import type { Traffic } from '../../../shared/discover/recurring/traffic.ts'
import { AppError } from '../../../shared/errors.ts'
import type { FoundRecurring, RecurringFindings, RecurringQuestion } from '../../../shared/model/discovery.ts'
import type { Asked } from './discover.ts'
import { findSeries, inRange, readBuckets, readTraffic, type Buckets, type Series } from './recurring-series.ts'
import { withoutTwins } from './recurring-twins.ts'

/**
 * Events that come back at a period, the surest first: of every type, every type with one value of an attribute, and
 * every type of one key, where there are enough of them.
 *
 * @throws AppError CANCELLED
 */
export async function discoverRecurring({ store, behaviors, signal, progress }: Asked, question: RecurringQuestion): Promise<RecurringFindings> {
  const watermark = await behaviors.watermark(signal)
  const until = question.to === undefined ? watermark : Math.min(watermark, Number(question.to))
  return store.database.read(async (connection) => {
    const where = inRange(question)
    const traffic = Number.isFinite(until) ? await readTraffic(connection, where, until) : undefined
    if (traffic === undefined) return { events: 0, tried: 0, until: 0, recurring: [], notes: ['There are no events yet.'] }
    const { series, notes } = await findSeries(connection, where, question.by)
    const found: FoundRecurring[] = []
    for (const [index, one] of series.entries()) {
      progress(index / series.length)
      await setImmediate()
      if (signal.aborted) throw new AppError('CANCELLED', 'Cancelled.')
      const buckets = await readBuckets(connection, where, one)
      const recurrence = recurs(episodesOf(buckets, traffic), others(traffic, buckets), buckets.counts.length, series.length)
      if (recurrence !== undefined) found.push(toFinding(one, recurrence, until))
    }
    progress(1)
    const { kept, notes: twins } = withoutTwins(found)
    return { events: traffic.events, tried: series.length, until, recurring: kept.slice(0, question.limit), notes: [...notes, ...twins] }
  }, signal)
}

/** The first events of bursts. */
function episodesOf({ counts }: Buckets, { from, width, counts: all }: Traffic): Float64Array {
  const known = counts.filter((one) => one.from >= from && one.from < from + width * all.length)
  return Float64Array.from(known.filter(({ first }, at) => at === 0 || first - (known[at - 1] as { last: number }).last >= episodeGap), ({ first }) => first)
}

function others(traffic: Traffic, { counts: own }: Buckets): Traffic {
  const counts = traffic.counts.slice()
  for (const { from, count } of own) {
    const at = Math.round((from - traffic.from) / traffic.width)
    if (at >= 0 && at < counts.length) counts[at] = Math.max(0, (counts[at] as number) - count)
  }
  return { ...traffic, counts }
}

function toFinding({ type, attribute, value, key, events, users }: Series, recurrence: Recurrence, until: number): FoundRecurring {
  const { period, phase, jitter, tolerance, hits, slots, episodes, concentration, p } = recurrence
  const what = { type, ...(attribute === undefined || value === undefined ? {} : { attribute, value }), ...(key === undefined ? {} : { key }) }
  const last = Math.max(...hits.keys())
  // an expected one is overdue as soon as its window has ended in what is complete
  const overdue = Math.max(0, Math.floor((until - phase - tolerance) / period) - last)
  const missed = Array.from({ length: Math.max(slots, last + overdue + 1) }, (_, slot) => slot).filter((slot) => !hits.has(slot) && slot <= last + overdue)
  return {
    ...what, period, phase, jitter, tolerance, slots: last + overdue + 1,
    hits: [...hits].sort(([a], [b]) => a - b).map(([, time]) => time),
    missed: missed.map((slot) => phase + slot * period),
    events, episodes, users, concentration, p, overdue,
    next: phase + (last + overdue + 1) * period,
    behavior: recurringBehavior(what, recurrence),
  }
}
