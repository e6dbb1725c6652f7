import { reportShares, type BehaviorReport, type Report } from './model.ts'
import { formatCount, formatDuration, formatPeriod, formatShare, shownText } from './text.ts'

/** What a behavior's first key field counts, in words: `users`, or `values of service`. An attribute may be named `user` as well. */
export function leadNoun({ path, isKey }: BehaviorReport['lead'], count: number | null): string {
  return isKey || path.toLowerCase() === 'user' ? (count === 1 ? 'user' : 'users') : `${count === 1 ? 'value' : 'values'} of ${shownText(path, 60)}`
}

/** The report in one sentence with its numbers, and a second one about time where there is one. */
export function headline({ name, counts, span, duration, lead }: BehaviorReport, { data, privacy }: Pick<Report, 'data' | 'privacy'>): string {
  const { occurrences, users, pending, population } = counts
  const quoted = `“${shownText(name, 120)}”`
  if (occurrences === null) return `${quoted} has happened, too rarely or to too few to say how often: counts of fewer than ${formatCount(privacy.minCount)} are not said.`
  if (occurrences === 0) return `${quoted} has not happened in ${formatCount(data.events)} events${data.first === undefined || data.last === undefined ? '' : ` ${formatPeriod(data.first, data.last)}`}.`
  const when = span === undefined ? '' : ` ${formatPeriod(span.first, span.last)}`
  const waiting = pending === 0 ? '' : `, ${pending === null ? 'some' : formatCount(pending)} of them still pending`
  const times = `${formatCount(occurrences)} ${occurrences === 1 ? 'time' : 'times'} in all`
  const who = users === null ? `${quoted} was shown ${times}` : `${formatCount(users)} of ${formatCount(population)} ${leadNoun(lead, population)}${population === 0 ? '' : ` (${formatShare(users, population)})`} showed ${quoted}, ${times}`
  const median = duration?.[reportShares.indexOf(0.5)]
  const typical = median === undefined || median === 0 ? '' : ` Half of them took at most ${formatDuration(median)} from first event to last.`
  return `${who},${when}${waiting}.`.replace(',.', '.').replace(',,', ',') + typical
}
