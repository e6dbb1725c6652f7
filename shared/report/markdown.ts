import type { Block, Table } from './blocks.ts'
import { footText } from './data-sections.ts'
import { reportBlocks } from './document.ts'
import { embed } from './embed.ts'
import type { ReportFigure } from './figures.ts'
import type { Report } from './model.ts'
import { formatCount, formatTime, shownText } from './text.ts'

/** A report as Markdown (CommonMark with GitHub's tables): what HTML says, with tables in the place of charts. */
export function renderMarkdown(report: Report): string {
  const parts = [`# ${inline(shownText(report.title, 300))}`, inline(`${formatTime(report.made.at).slice(0, 16)} UTC · Undercurrent ${shownText(report.made.version, 40)}`), ...reportBlocks(report).filter(isTold).flatMap(print), '---', inline(footText(report)), embed(report, 'markdown')]
  return `${parts.join('\n\n')}\n`
}

/** Whether Markdown has anything of a block: times between steps stand in a table above their charts, which need no heading then. */
function isTold(block: Block, index: number, blocks: readonly Block[]): boolean {
  const next = blocks[index + 1]
  return !(block.kind === 'heading' && next?.kind === 'figure' && next.figure.section === 'times')
}

function print(block: Block): readonly string[] {
  switch (block.kind) {
    case 'behavior':
      return [`## ${inline(block.name)}`]
    case 'heading':
      return [`${'#'.repeat(block.level)} ${inline(block.text)}`]
    case 'text':
      return [block.tone === 'lead' ? `**${inline(block.text)}**` : inline(block.text)]
    case 'notes':
      return [block.text.split('\n').map((line) => `> ${inline(line)}`).join('\n')]
    case 'numbers':
      return [printTable({ kind: 'table', name: 'numbers', columns: [{ name: '' }, { name: '', isNumber: true }], rows: block.items.map(({ name, value }) => [name, value]) })]
    case 'code':
      return [fenced(block.text)]
    case 'list':
      return [block.items.map((item) => `- ${inline(item)}`).join('\n')]
    case 'table':
      return [printTable(block)]
    case 'figure':
      // where a table stands beside the chart, it says the same
      return block.figure.section === 'trend' ? printTrend(block.figure) : []
  }
}

/** The trend as a table of the times in which there was something; the many in which there was nothing are counted. */
function printTrend({ columns, rows }: ReportFigure): readonly string[] {
  const shown = rows.filter(([, ...counts]) => counts.some((count) => count !== 0))
  const leftOut = rows.length - shown.length
  const isOfDays = rows.every(([start]) => String(start).endsWith('T00:00:00.000Z'))
  const cells = ([start, ...counts]: (typeof rows)[number]): readonly string[] => [String(start).replace(isOfDays ? /T.*/ : /\.000Z$/, '').replace('T', ' '), ...counts.map((count) => formatCount(count as number | null))]
  return [printTable({ kind: 'table', name: 'trend', columns: columns.map((name, index) => ({ name, isNumber: index > 0 })), rows: shown.map(cells) }), ...(leftOut === 0 ? [] : [`${formatCount(leftOut)} of ${formatCount(rows.length)} are left out: nothing in them.`])]
}

function printTable({ columns, rows }: Table): string {
  const line = (cells: readonly string[]): string => `| ${cells.map((cell) => inline(cell).replaceAll('\n', ' ')).join(' | ')} |`
  return [line(columns.map(({ name }) => name)), `|${columns.map(({ isNumber }) => (isNumber === true ? '---:' : '---')).join('|')}|`, ...rows.map(line)].join('\n')
}

/** Text in which nothing is markup: what Markdown or the HTML in it would act upon is escaped. */
function inline(text: string): string {
  return text.replace(/[\\`*_[\]<>&#|~$]|(?<=^\s*)(?:[-+=](?=\s|$|[-=])|\d+[.)])|:\/\//g, (found) => found.split('').map((character) => (/[\dA-Za-z:/]/.test(character) ? (character === ':' ? '&#58;' : character) : `\\${character}`)).join(''))
}

/** A block of code whose fence is longer than any run of backticks in it. */
function fenced(text: string): string {
  const fence = '`'.repeat(Math.max(3, ...[...text.matchAll(/`+/g)].map(([run]) => run.length + 1)))
  return `${fence}\n${text}\n${fence}`
}
