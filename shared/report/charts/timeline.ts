import { color, typeColorOf } from '../colors.ts'
import type { Example } from '../model.ts'
import { formatDuration, formatTime } from '../text.ts'
import { at, label, tag, type Figure } from './svg.ts'

const [width, height] = [840, 74]
const line = 34

/** What a user did around a match, from left to right; the steps of the match are larger, with their labels. */
export function timelineFigure({ events, start, end }: Example, codes: ReadonlyMap<string, number>): Figure {
  const first = events[0]?.time ?? start
  const span = Number((events.at(-1)?.time ?? end) - first)
  const x = (time: bigint): number => 12 + (span === 0 ? 0.5 : Number(time - first) / span) * (width - 24)
  const matched = tag('rect', { x: at(x(start) - 8), y: line - 13, width: at(x(end) - x(start) + 16), height: 26, rx: 13, fill: color('soft') })
  // steps last, so that nothing hides them
  const ordered = [...events].sort((a, b) => Number(a.label !== undefined) - Number(b.label !== undefined))
  const marks = ordered.map(({ time, type, label: name }) => tag('circle', { cx: at(x(time)), cy: line, r: name === undefined ? 4 : 7, fill: typeColorOf(codes.get(type) ?? 0), ...(name === undefined ? {} : { stroke: color('mark'), 'stroke-width': 1.5 }) }, `<title>${formatTime(time)}</title>`))
  let free = -Infinity
  const labels = events.flatMap(({ time, label: name }) => {
    const text = name === undefined ? '' : Array.from(name).slice(0, 16).join('')
    const half = text.length * 3.4
    const middle = Math.min(width - half - 2, Math.max(half + 2, x(time)))
    if (name === undefined || middle - half < free) return []
    free = middle + half + 6
    return [label(middle, 14, text, { anchor: 'middle' })]
  })
  return {
    width,
    height,
    label: `Events of one user over ${formatDuration(span)}, the steps of the match marked`,
    body: [tag('line', { x1: 4, x2: width - 4, y1: line, y2: line, stroke: color('line'), 'stroke-width': 2 }), matched, ...marks, ...labels, label(4, height - 6, formatTime(first), { isDim: true }), label(width - 4, height - 6, `${formatDuration(span)} later`, { anchor: 'end', isDim: true })].join(''),
  }
}
