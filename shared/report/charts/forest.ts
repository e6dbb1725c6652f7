import { color } from '../colors.ts'
import type { WhyFinding } from '../model.ts'
import { formatNumber } from '../text.ts'
import { at, label, tag, type Figure } from './svg.ts'

const width = 840
const names = 380
const rowHeight = 26

/** How much each fact changes the odds, with its 95 % interval, on a scale of equal factors around one. */
export function forestFigure(findings: readonly WhyFinding[]): Figure {
  const bounds = findings.flatMap(({ oddsRatio: { low, high, value } }) => [low, high, value]).filter((value) => Number.isFinite(value) && value > 0)
  const furthest = Math.min(1000, Math.max(2, ...bounds.map((value) => Math.max(value, 1 / value))))
  const limit = Math.log(furthest) * 1.08
  const x = (ratio: number): number => names + 20 + ((Math.max(-limit, Math.min(limit, Math.log(Math.max(ratio, 1e-9)))) + limit) / (2 * limit)) * (width - names - 120)
  const height = findings.length * rowHeight + 30
  const bottom = height - 24
  const marks = [1 / furthest, 1, furthest].map((ratio) => `${tag('line', { x1: at(x(ratio)), x2: at(x(ratio)), y1: 0, y2: bottom, stroke: ratio === 1 ? color('dim') : color('line') })}${label(x(ratio), height - 8, ratio === 1 ? 'no difference' : ratio < 1 ? `÷ ${formatNumber(Math.round(10 / ratio) / 10)}` : `× ${formatNumber(Math.round(10 * ratio) / 10)}`, { anchor: 'middle', isDim: true })}`)
  const rows = findings.map(({ phrase, oddsRatio: { value, low, high } }, index) => {
    const y = index * rowHeight + 14
    return [
      label(names, y + 4, short(phrase), { anchor: 'end' }),
      tag('line', { x1: at(x(low)), x2: at(x(high)), y1: y, y2: y, stroke: color('bar'), 'stroke-width': 2 }),
      tag('circle', { cx: at(x(value)), cy: y, r: 4.5, fill: color('bar') }),
      label(width - 4, y + 4, `× ${value.toFixed(value < 10 ? 2 : 0)}`, { anchor: 'end' }),
    ].join('')
  })
  return { width, height, label: `What goes with it: ${findings.length} facts by how much they change the odds`, body: [...marks, ...rows].join('') }
}

function short(text: string): string {
  const characters = Array.from(text)
  return characters.length > 56 ? `${characters.slice(0, 55).join('')}…` : text
}
