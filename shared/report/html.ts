import { escape, figureSvg, tag } from './charts/svg.ts'
import type { Block, Table } from './blocks.ts'
import { footText } from './data-sections.ts'
import { reportBlocks } from './document.ts'
import { embed } from './embed.ts'
import { headline } from './headline.ts'
import { typeColors } from '../model/type-colors.ts'
import type { Report } from './model.ts'
import { style, styleHash } from './style.ts'
import { formatTime, shownText } from './text.ts'

/** Where a table of events has their types. */
const typeColumn = 2

/** Nothing may run, load, be sent or be framed in; only the report's own style sheet counts. */
const policy = `default-src 'none'; style-src '${styleHash}'; base-uri 'none'; form-action 'none'`

/**
 * A report as one HTML file that needs nothing else and runs nothing: charts are drawings inside of it, the policy in it
 * forbids every script, and all that `verify` compares stands in it as inert JSON.
 */
export function renderHtml(report: Report): string {
  const title = shownText(report.title, 300)
  const first = report.behaviors[0]
  const about = first === undefined ? '' : headline(first, report)
  const head = [
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width,initial-scale=1">',
    '<meta name="referrer" content="no-referrer">',
    `<meta name="description" content="${escape(about)}">`,
    `<title>${escape(title)}</title>`,
    `<style>${style}</style>`,
  ].join('\n')
  const top = `<header class="top"><p class="kind">Behavior report</p><h1>${escape(title)}</h1><p class="meta">${escape(`${formatTime(report.made.at).slice(0, 16)} UTC · Undercurrent ${shownText(report.made.version, 40)}`)}</p></header>`
  return `<!doctype html>\n<html lang="en">\n<head>\n${head}\n</head>\n<body>\n<main>\n${top}\n${body(reportBlocks(report))}\n<footer>${escape(footText(report))}</footer>\n</main>\n${embed(report, 'html')}\n</body>\n</html>\n`
}

/** Behaviors become sections of their own where there are several. */
function body(blocks: readonly Block[]): string {
  let isInside = false
  const parts = blocks.map((block) => {
    const ends = isInside && (block.kind === 'behavior' || (block.kind === 'heading' && block.level === 2))
    if (ends) isInside = false
    const begins = block.kind === 'behavior'
    if (begins) isInside = true
    return `${ends ? '</section>\n' : ''}${begins ? '<section class="behavior">' : ''}${print(block)}`
  })
  return `${parts.join('\n')}${isInside ? '\n</section>' : ''}`
}

function print(block: Block): string {
  switch (block.kind) {
    case 'behavior':
      return tag('h2', {}, escape(block.name))
    case 'heading':
      return tag(`h${block.level}`, {}, bidi(block.text))
    case 'text':
      return tag('p', { class: block.tone }, bidi(block.text))
    case 'notes':
      return tag('div', { class: 'notes' }, bidi(block.text))
    case 'numbers':
      return tag('dl', { class: 'numbers' }, block.items.map(({ name, value }) => tag('div', {}, `${tag('dt', {}, escape(name))}${tag('dd', { class: value.length > 9 ? 'long' : undefined }, escape(value))}`)).join(''))
    case 'code':
      return tag('pre', {}, escape(block.text))
    case 'list':
      return tag('ul', {}, block.items.map((item) => tag('li', {}, bidi(item))).join(''))
    case 'table':
      return table(block)
    case 'figure': {
      const legend = (block.legend ?? []).map((name) => `<span class="key ${name === 'users' ? 'line' : name}"></span>${name === 'users' ? 'users' : name}`).join('')
      return tag('figure', {}, `${figureSvg(block.figure.figure)}${legend === '' ? '' : tag('figcaption', {}, legend)}`)
    }
  }
}

function table({ name, columns, rows, marked, types, isFolded }: Table): string {
  const classOf = (index: number): string | undefined => (columns[index]?.isNumber === true ? 'n' : undefined)
  const head = columns.every((column) => column.name === '') ? '' : tag('thead', {}, tag('tr', {}, columns.map((column, index) => tag('th', { class: classOf(index), scope: 'col' }, escape(column.name))).join('')))
  const lines = rows.map((cells, index) => tag('tr', { class: marked?.has(index) === true ? 'step' : undefined }, cells.map((cell, at) => tag('td', { class: classOf(at) }, `${types !== undefined && at === typeColumn ? tag('span', { class: `dot type-${(types[index] ?? 0) % typeColors.light.length}` }, '') : ''}${bidi(cell)}`)).join('')))
  const printed = tag('table', { 'data-name': shownText(name, 100), class: name === 'events' ? 'events' : undefined }, `${head}${tag('tbody', {}, lines.join(''))}`)
  return isFolded === true ? tag('details', {}, `<summary>The numbers as a table</summary>${printed}`) : printed
}

/** A text whose direction of writing stays its own business. */
function bidi(text: string): string {
  return /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]/.test(text) ? tag('bdi', {}, escape(text)) : escape(text)
}
