import type { ReactNode } from 'react'
import type { FoundRecurring } from '../../../shared/model/discovery.ts'
import { formatCount, formatDay, formatMinute } from '../../ui/format.ts'
import { roughDuration } from '../../../shared/behavior/duration.ts'
import classes from './discover.module.css'

const [width, height, left, right, top, bottom] = [640, 132, 64, 10, 10, 20] as const
/** More slots than this are no longer told apart: the last ones are drawn. */
const mostSlots = 400

/** One dot for every expected event: how far from its slot's middle it came, and crosses where none came. */
export function SlotPlot({ found: { period, phase, tolerance, hits, missed, next, overdue } }: { readonly found: FoundRecurring }): ReactNode {
  const slotOf = (time: number): number => Math.round((time - phase) / period)
  const last = Math.max(0, ...hits.map(slotOf), ...missed.map(slotOf))
  const first = Math.max(0, last - mostSlots)
  const expected = slotOf(next)
  const x = (slot: number): number => left + ((slot - first + 0.5) / (Math.max(expected, last) - first + 1)) * (width - left - right)
  const reach = tolerance * 1.35
  const y = (offset: number): number => top + ((offset + reach) / (2 * reach)) * (height - top - bottom)
  const middle = y(0)
  const shown = (time: number): boolean => slotOf(time) >= first
  const ends = [first, Math.round((first + last) / 2), last]
  return (
    <figure className={classes.plot}>
      <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={`${formatCount(hits.length)} came, ${formatCount(missed.length)} did not, from ${formatDay(phase / 1000)}; the next is expected ${formatMinute(next / 1000)}`}>
        <rect x={left} y={y(-tolerance)} width={width - left - right} height={y(tolerance) - y(-tolerance)} className={classes.window} />
        <line x1={left} x2={width - right} y1={middle} y2={middle} className={classes.grid} />
        <text x={left - 6} y={y(-tolerance) + 4} textAnchor="end">{roughDuration(Math.round(tolerance / 60_000_000) * 60_000_000 || tolerance)} early</text>
        <text x={left - 6} y={middle + 3} textAnchor="end">on time</text>
        <text x={left - 6} y={y(tolerance) + 3} textAnchor="end">{roughDuration(Math.round(tolerance / 60_000_000) * 60_000_000 || tolerance)} late</text>
        {hits.filter(shown).map((time) => <circle key={time} cx={x(slotOf(time))} cy={y(time - phase - slotOf(time) * period)} r={3.2} className={classes.hit}><title>{`came ${formatMinute(time / 1000)}`}</title></circle>)}
        {missed.filter(shown).map((time) => <path key={time} d={cross(x(slotOf(time)), middle)} className={classes.miss}><title>{`nothing came around ${formatMinute(time / 1000)}`}</title></path>)}
        <circle cx={x(expected)} cy={middle} r={4.5} className={classes.next} data-late={overdue > 0 || undefined}><title>{`expected ${formatMinute(next / 1000)}`}</title></circle>
        {[...new Set(ends)].map((slot) => <text key={slot} x={x(slot)} y={height - 4} textAnchor={slot === last ? 'end' : slot === first ? 'start' : 'middle'}>{formatDay((phase + slot * period) / 1000)}</text>)}
      </svg>
      <figcaption className={classes.caption}><span><i data-as="hit" /> came ({formatCount(hits.length)})</span><span><i data-as="miss">×</i> did not come ({formatCount(missed.length)})</span><span><i data-as="next" /> expected next</span></figcaption>
    </figure>
  )
}

const cross = (x: number, y: number): string => `M${x - 3.5} ${y - 3.5}l7 7M${x + 3.5} ${y - 3.5}l-7 7`
