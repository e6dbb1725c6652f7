import { color } from '../colors.ts'
import { at, label, tag, type Figure } from './svg.ts'

/** A bar of a chart of bars under each other. Null has no length. */
export interface Bar {
  readonly name: string
  readonly value: number | null
  /** What stands behind the bar. */
  readonly text: string
  /** What stands between it and the bar before. */
  readonly between?: string
}

const width = 840
/** About the width of a character, and the most that texts take from the bars. */
const letter = 7
const mostBefore = 220
const mostBehind = 250
const rowHeight = 28
const barHeight = 18
const betweenHeight = 18

/** Bars under each other, each with its name in front and its number behind: steps of a funnel, values of an attribute. */
export function barsFigure(bars: readonly Bar[], what: string): Figure {
  const most = Math.max(1, ...bars.map(({ value }) => value ?? 0))
  const names = room(bars.map(({ name }) => short(name)), mostBefore)
  const longest = width - names - room(bars.map(({ text }) => text), mostBehind)
  let y = 2
  const rows = bars.map(({ name, value, text, between }, index) => {
    const note = between === undefined || index === 0 ? '' : label(names + 2, y + 12, between, { isDim: true })
    if (note !== '') y += betweenHeight
    const top = y
    y += rowHeight
    const length = Math.max(value === 0 || value === null ? 0 : 1, ((value ?? 0) / most) * longest)
    return [
      note,
      label(names - 10, top + 15, short(name), { anchor: 'end' }),
      tag('rect', { x: names, y: top + 1, width: longest, height: barHeight, fill: color('card') }),
      tag('rect', { x: names, y: top + 1, width: at(length), height: barHeight, fill: value === null ? 'none' : color('bar'), ...(value === null ? { stroke: color('dim') } : {}) }),
      label(names + longest + 10, top + 15, text),
    ].join('')
  })
  return { width, height: y + 2, label: what, body: rows.join('') }
}

/** What the longest of some texts takes beside the bars, so that they get the rest. */
function room(texts: readonly string[], most: number): number {
  return Math.min(most, 16 + letter * Math.max(4, ...texts.map((text) => Array.from(text).length)))
}

/** What fits in front of a bar. */
function short(name: string): string {
  const characters = Array.from(name)
  return characters.length > 30 ? `${characters.slice(0, 29).join('')}…` : name
}
