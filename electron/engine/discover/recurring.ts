import { setImmediate } from 'node:timers/promises'
import { recurringBehavior } from '../../../shared/discover/recurring/recurring-behavior.ts'
import { nameOf } from '../../../shared/discover/recurring/recurring-name.ts'
import { recurs, type Recurrence } from '../../../shared/discover/recurring/recur.ts'
import { AppError } from '../../../shared/errors.ts'
import type { FoundRecurring, RecurringFindings, RecurringQuestion } from '../../../shared/model/discovery.ts'
import { storedFields } from '../store/read-columns.ts'
import type { Asked } from './discover.ts'
import { episodesOf, isBusy, others, readBuckets } from './recurring-buckets.ts'
import { chooseSeries, countUsers, dropSeries, inRange, readTraffic, type Series } from './recurring-series.ts'
import { withoutTwins } from './recurring-twins.ts'

/** What share of the work it is to choose the series, as far as progress is concerned. */
const choosing = 0.2

/**
 * Events that come back at a period, the surest first: of every type, every type with one value of an attribute, and
 * every type of one key, where there are enough of them.
 *
 * @throws AppError CANCELLED
 */
export async function discoverRecurring({ store, behaviors, signal, progress }: Asked, question: RecurringQuestion): Promise<RecurringFindings> {
  const watermark = await behaviors.watermark(signal)
  const until = question.to === undefined ? watermark : Math.min(watermark, Number(question.to))
  const keyField = (await storedFields(store.database, signal)).get('user')?.type === 'key' ? 'user' : 'key'
  return store.database.read(async (connection) => {
    const where = inRange(question)
    const traffic = Number.isFinite(until) ? await readTraffic(connection, where, until) : undefined
    if (traffic === undefined) return { events: 0, tried: 0, until: 0, recurring: [], notes: ['There are no events yet.'] }
    progress(choosing / 2)
    const { kinds, notes } = await chooseSeries(connection, where, question.by)
    try {
      const tried = kinds.reduce((sum, { series }) => sum + series.length, 0)
      const found: FoundRecurring[] = []
      const busy: string[] = []
      let done = 0
      for (const kind of kinds) {
        const recurrences: (readonly [Series, Recurrence])[] = []
        for await (const [series, buckets] of readBuckets(connection, where, kind)) {
          progress(choosing + ((1 - choosing) * done++) / tried)
          // one series is looked at without a pause: between two, others have their turn, and cancelling is noticed
          await setImmediate()
          if (signal.aborted) throw new AppError('CANCELLED', 'Cancelled.')
          if (isBusy(buckets)) busy.push(nameOf(series))
          const recurrence = recurs(episodesOf(buckets, traffic), others(traffic, buckets), buckets.from.length, tried)
          if (recurrence !== undefined) recurrences.push([series, recurrence])
        }
        const users = await countUsers(connection, where, kind, recurrences.map(([{ number }]) => number))
        for (const [series, recurrence] of recurrences) found.push(toFinding(series, recurrence, users.get(series.number) ?? 0, until, keyField))
      }
      progress(1)
      const { kept, notes: twins } = withoutTwins(found)
      return { events: traffic.events, tried, until, recurring: kept.slice(0, question.limit), notes: [...notes, ...(busy.length === 0 ? [] : [`${busy.length} of the series come too densely to have slots without them and were left out, ${busy[0] as string} among them.`]), ...twins] }
    } finally {
      await dropSeries(connection, kinds)
    }
  }, signal)
}

function toFinding({ type, attribute, value, key, events }: Series, recurrence: Recurrence, users: number, until: number, keyField: string): FoundRecurring {
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
    behavior: recurringBehavior(what, recurrence, keyField),
  }
}
