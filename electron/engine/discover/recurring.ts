import { setImmediate } from 'node:timers/promises'
import { recurringBehavior } from '../../../shared/discover/recurring/recurring-behavior.ts'
import { episodeGap, recurs, type Recurrence } from '../../../shared/discover/recurring/recur.ts'
import { densest, type Traffic } from '../../../shared/discover/recurring/traffic.ts'
import { AppError } from '../../../shared/errors.ts'
import type { FoundRecurring, RecurringFindings, RecurringQuestion } from '../../../shared/model/discovery.ts'
import type { Asked } from './discover.ts'
import { bucketWidth, findSeries, inRange, readBuckets, readTraffic, type Buckets, type Series } from './recurring-series.ts'
import { nameOf, withoutTwins } from './recurring-twins.ts'

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
    const busy: string[] = []
    for (const [index, one] of series.entries()) {
      progress(index / series.length)
      await setImmediate()
      if (signal.aborted) throw new AppError('CANCELLED', 'Cancelled.')
      const buckets = await readBuckets(connection, where, one)
      if (isBusy(buckets)) busy.push(nameOf(one))
      const recurrence = recurs(episodesOf(buckets, traffic), others(traffic, buckets), buckets.counts.length, series.length)
      if (recurrence !== undefined) found.push(toFinding(one, recurrence, until))
    }
    progress(1)
    const { kept, notes: twins } = withoutTwins(found)
    return { events: traffic.events, tried: series.length, until, recurring: kept.slice(0, question.limit), notes: [...notes, ...(busy.length === 0 ? [] : [`${busy.length} of the series come too densely to have slots without them and were left out, ${busy[0] as string} among them.`]), ...twins] }
  }, signal)
}

/** Whether a series has events in so many of its buckets that {@link recurs} does not look at it. */
function isBusy({ counts }: Buckets): boolean {
  const [first, last] = [counts[0], counts[counts.length - 1]]
  return first !== undefined && last !== undefined && counts.length / ((last.from - first.from) / bucketWidth + 1) > densest
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
