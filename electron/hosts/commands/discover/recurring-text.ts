import { nameOf } from '../../../../shared/discover/recurring/recurring-name.ts'
import type { FoundRecurring } from '../../../../shared/model/discovery.ts'
import { formatNumber, formatSpan, formatTime, safeText } from '../../output.ts'

const [minute, day] = [60_000_000, 86_400_000_000]
/** A period is as good as whole days when it is nearer than this, in microseconds. */
const nearlyWhole = 30 * minute

/** A finding as people read it: a line, and a second one when an expected event has not come. */
export function recurringLines(one: FoundRecurring): readonly string[] {
  const { period, phase, jitter, hits, slots, p, next, overdue, missed } = one
  // at the same time of each day; else only the first moment tells when
  const when = daysOf(period) === 1 ? `at ${moment(phase).slice(11)} UTC` : `from ${moment(phase)} UTC on,`
  const found = `${nameOf(one)} comes back every ${periodText(period)} ${when} ± ${formatSpan(jitter / 1000)}: ${formatNumber(hits.length)} of ${formatNumber(slots)} expected, p ${p < 0.001 ? '< 0.001' : `= ${p.toPrecision(2)}`}; next ${moment(next)} UTC`
  const latest = missed[missed.length - 1]
  const late = overdue === 1 ? 'one that was expected has' : `${formatNumber(overdue)} in a row that were expected have`
  return [safeText(found), ...(overdue > 0 && latest !== undefined ? [`  OVERDUE: ${late} not come, the last at ${moment(latest)} UTC`] : [])]
}

/** How many days a period is; 0 when it is no whole number of them. */
function daysOf(period: number): number {
  const days = Math.round(period / day)
  return Math.abs(period - days * day) < nearlyWhole ? days : 0
}

function periodText(period: number): string {
  const days = daysOf(period)
  if (days > 1) return `${formatNumber(days)} d`
  const minutes = Math.round(period / minute)
  return `${formatNumber(Math.floor(minutes / 60))} h${minutes % 60 === 0 ? '' : ` ${minutes % 60} min`}`
}

function moment(micros: number): string {
  return formatTime(BigInt(Math.round(micros / minute)) * BigInt(minute)).slice(0, 16).replace('T', ' ')
}
