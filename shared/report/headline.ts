import { reportShares, type BehaviorReport, type Report } from './model.ts'
import { formatCount, formatDuration, formatPeriod, formatShare, shownText } from './text.ts'

/** What a behavior's first key field counts, in words: `users`, or `values of service`. */
export function leadNoun({ path, isKey }: BehaviorReport['lead'], count: number | null): string {
  return isKey ? (count === 1 ? 'user' : 'users') : `${count === 1 ? 'value' : 'values'} of ${shownText(path, 60)}`
}

/** The report in one sentence with its numbers, and a second one about time where there is one. */
export function headline(behavior: BehaviorReport, { data, privacy }: Pick<Report, 'data' | 'privacy'>): string {
  const { name, counts, span, duration, lead } = behavior
  const { occurrences, users, pending, population } = counts
  const count = (value: number | null): string => formatCount(value, privacy.minCount)
  const quoted = `“${shownText(name, 120)}”`
  if (occurrences === 0) return `${quoted} has not happened in ${count(data.events)} events${data.first === undefined || data.last === undefined ? '' : ` ${formatPeriod(data.first, data.last)}`}.`
  const share = users === null || population === 0 ? '' : ` (${formatShare(users, population)})`
  const when = span === undefined ? '' : ` ${formatPeriod(span.first, span.last)}`
  const waiting = pending === 0 ? '' : `, ${pending === null ? 'a few' : count(pending)} of them still pending`
  const who = `${capital(count(users))} of ${count(population)} ${leadNoun(lead, population)}${share}`
  const times = `${occurrences === null ? 'fewer than ' + formatCount(privacy.minCount) : count(occurrences)} ${occurrences === 1 ? 'time' : 'times'}`
  const median = duration?.[reportShares.indexOf(0.5)]
  const typical = median === undefined || median === 0 ? '' : ` Half of them took at most ${formatDuration(median)} from first event to last.`
  return `${who} showed ${quoted}, ${times} in all,${when}${waiting}.`.replace(',.', '.') + typical
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
