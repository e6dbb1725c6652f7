import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { figureFile } from '../../../shared/report/charts/svg.ts'
import { csvRow } from '../../../shared/report/csv.ts'
import { fileNames } from '../../../shared/report/file-names.ts'
import { figuresOf } from '../../../shared/report/figures.ts'
import { renderHtml } from '../../../shared/report/html.ts'
import { renderMarkdown } from '../../../shared/report/markdown.ts'
import { reportToJson, type Report } from '../../../shared/report/model.ts'
import { drawPng } from './chromium.ts'
import type { Printer } from './printer.ts'
import { writeText, writeWhole } from './write-file.ts'

/** A file that was written. */
interface Written {
  readonly path: string
  readonly bytes: number
}

/** Where documents go, what they are called, and what prints them. */
interface Place {
  readonly folder: string
  readonly name: string
  readonly printer: Printer
}

/** Writes a report as a document into a folder; figures are two files each, the drawing and its numbers; their pictures are apart, as they take a Chromium. */
export async function writeDocument(report: Report, format: 'html' | 'md' | 'json' | 'pdf' | 'figures' | 'png', { folder, name, printer }: Place, signal: AbortSignal): Promise<readonly Written[]> {
  if (format === 'figures' || format === 'png') return writeFigures(report, format, folder, name, signal)
  const path = join(folder, `${name}.${format}`)
  if (format === 'pdf') {
    return [await writeBytes(path, await printer.pdf(renderHtml(report), signal))]
  }
  const text = format === 'html' ? renderHtml(report) : format === 'md' ? renderMarkdown(report) : `${reportToJson(report)}\n`
  return [await writeOne(path, text)]
}

async function writeFigures(report: Report, format: 'figures' | 'png', folder: string, name: string, signal: AbortSignal): Promise<readonly Written[]> {
  const behaviors = fileNames(report.behaviors.map((behavior) => behavior.name), 50)
  const written: Written[] = []
  for (const [at, behavior] of report.behaviors.entries()) {
    const figures = figuresOf(behavior, report)
    const names = fileNames(figures.map((figure) => figure.name), 80)
    const base = report.behaviors.length > 1 ? `${name}-${behaviors[at] ?? at}` : name
    for (const [index, { figure, columns, rows }] of figures.entries()) {
      const path = join(folder, `${base}-${names[index] ?? index}`)
      if (format === 'png') {
        const bytes = await drawPng(figureFile(figure), figure, signal)
        written.push(await writeBytes(`${path}.png`, bytes))
        continue
      }
      written.push(await writeOne(`${path}.svg`, figureFile(figure)))
      written.push(await writeOne(`${path}.csv`, [csvRow(columns), ...rows.map(csvRow)].join('')))
    }
  }
  return written
}

async function writeOne(path: string, text: string): Promise<Written> {
  return { path, bytes: await writeText(path, (writer) => writer.write(text)) }
}

async function writeBytes(path: string, bytes: Uint8Array): Promise<Written> {
  return { path, bytes: await writeWhole(path, (part) => writeFile(part, bytes, { flag: 'wx' })) }
}
