import { color } from '../colors.ts'
import type { Trend } from '../model.ts'
import { formatCount, formatTime } from '../text.ts'
import { at, label, tag, ticks, type Figure } from './svg.ts'

const [width, height] = [840, 230]
const plot = { left: 48, right: 12, top: 10, bottom: 26 }
const day = 86_400_000_000n

/** Matches over time: bars of confirmed and pending ones, and a mark at the users they are of. */
export function trendFigure({ resolution, buckets }: Trend): Figure {
  const most = Math.max(1, ...buckets.map(({ confirmed, pending }) => (confirmed ?? 0) + (pending ?? 0)), ...buckets.map(({ users }) => users ?? 0))
  const step = (width - plot.left - plot.right) / Math.max(1, buckets.length)
  const bottom = height - plot.bottom
  const y = (value: number): number => bottom - (value / most) * (bottom - plot.top)
  const x = (index: number): number => plot.left + index * step
  const wide = Math.max(0.8, Math.min(step - 1, 46))
  const axis = ticks(most).map((value) => `${tag('line', { x1: plot.left, x2: width - plot.right, y1: at(y(value)), y2: at(y(value)), stroke: color('line') })}${label(plot.left - 6, y(value) + 4, formatCount(value), { anchor: 'end', isDim: true })}`)
  const bars = buckets.map(({ start, confirmed, pending, users }, index) => {
    const title = `<title>${formatTime(start)}: ${confirmed === null ? 'not said' : `${formatCount(confirmed)} confirmed${pending === 0 ? '' : `, ${pending === null ? 'some' : formatCount(pending)} pending`}, ${users === null ? 'few' : formatCount(users)} users`}</title>`
    const left = at(x(index) + (step - wide) / 2)
    const bar = (from: number, to: number, fill: string): string => (to <= from ? '' : tag('rect', { x: left, y: at(y(to)), width: at(wide), height: at(y(from) - y(to)), fill }))
    // a count that is not said is a short hollow bar, which says that there is something
    if (confirmed === null) return tag('g', {}, `${title}${tag('rect', { x: left, y: bottom - 4, width: at(wide), height: 4, fill: 'none', stroke: color('dim'), 'stroke-dasharray': '2 2' })}`)
    return tag('g', {}, `${title}${bar(0, confirmed, color('bar'))}${bar(confirmed, confirmed + (pending ?? 0), color('pending'))}`)
  })
  // a mark of the same width as the bar: between bars there are no users
  const marks = buckets.map(({ users }, index) => (users === null || users === 0 ? '' : ['page', 'ink'].map((name, layer) => tag('line', { x1: at(x(index) + (step - wide) / 2 - 1), x2: at(x(index) + (step + wide) / 2 + 1), y1: at(y(users)), y2: at(y(users)), stroke: color(name as 'page' | 'ink'), 'stroke-width': layer === 0 ? 4 : 2 })).join('')))
  const every = Math.max(1, Math.ceil(buckets.length / 7))
  const times = buckets.flatMap(({ start }, index) => (index % every === 0 ? [label(Math.min(x(index) + step / 2, width - 44), height - 8, timeLabel(start, resolution), { anchor: 'middle', isDim: true })] : []))
  return { width, height, label: `Matches over time, ${formatCount(buckets.length)} bars`, body: [...axis, ...bars, ...marks, ...times].join('') }
}

function timeLabel(start: bigint, resolution: bigint): string {
  const text = formatTime(start)
  return resolution >= day ? text.slice(0, 10) : resolution >= 60_000_000n ? text.slice(5, 16) : text.slice(11, 19)
}
