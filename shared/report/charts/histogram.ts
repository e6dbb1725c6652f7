import { color } from '../colors.ts'
import { reportShares, type StepTime } from '../model.ts'
import { formatCount, formatDuration } from '../text.ts'
import { at, label, tag, ticks, type Figure } from './svg.ts'

const [width, height] = [840, 150]
const plot = { left: 48, right: 24, top: 20, bottom: 24 }

/** How long it took from one step to the next: a distribution up to its last percentile, with the median marked. */
export function histogramFigure({ from, to, histogram, widthUs, percentiles }: StepTime): Figure {
  const most = Math.max(1, ...histogram.map((matches) => matches ?? 0))
  const bottom = height - plot.bottom
  const span = histogram.length * widthUs
  const x = (micros: number): number => plot.left + (span === 0 ? 0 : micros / span) * (width - plot.left - plot.right)
  const y = (value: number): number => bottom - (value / most) * (bottom - plot.top)
  const axis = ticks(most, 3).map((value) => `${tag('line', { x1: plot.left, x2: width - plot.right, y1: at(y(value)), y2: at(y(value)), stroke: color('line') })}${label(plot.left - 6, y(value) + 4, formatCount(value), { anchor: 'end', isDim: true })}`)
  const bars = histogram.map((matches, index) => {
    const title = `<title>${formatDuration(index * widthUs)} to ${formatDuration((index + 1) * widthUs)}: ${matches === null ? 'not said' : formatCount(matches)}</title>`
    const left = x(index * widthUs)
    const wide = Math.max(0.5, x((index + 1) * widthUs) - left - 1)
    if (matches === null) return tag('g', {}, title + tag('rect', { x: at(left), y: bottom - 3, width: at(wide), height: 3, fill: 'none', stroke: color('dim'), 'stroke-dasharray': '2 2' }))
    return matches === 0 ? '' : tag('g', {}, title + tag('rect', { x: at(left), y: at(y(matches)), width: at(wide), height: at(bottom - y(matches)), fill: color('bar') }))
  })
  const median = percentiles[reportShares.indexOf(0.5)] ?? 0
  const nearEnd = x(median) > width - 160
  const marked = `${tag('line', { x1: at(x(median)), x2: at(x(median)), y1: plot.top - 6, y2: bottom, stroke: color('mark'), 'stroke-dasharray': '4 3' })}${label(x(median) + (nearEnd ? -6 : 6), plot.top - 2, `half within ${formatDuration(median)}`, nearEnd ? { anchor: 'end' } : {})}`
  const times = [0, 1, 2, 3, 4].map((part) => label(x((span * part) / 4), height - 7, formatDuration((span * part) / 4), { anchor: part === 0 ? 'start' : part === 4 ? 'end' : 'middle', isDim: true }))
  return { width, height, label: `Time from ${from} to ${to}: half take at most ${formatDuration(median)}`, body: [...axis, ...bars, marked, ...times].join('') }
}
