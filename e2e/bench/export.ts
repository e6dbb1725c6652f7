import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { openEngine, type Engine } from '../../electron/engine/engine.ts'
import type { ExportFormat } from '../../shared/report/export.ts'
import { ReportRequest } from '../../shared/report/model.ts'
import { everyEvent, fillViews } from '../reports/many-matches.ts'
import { readBack } from '../reports/read-back.ts'
import { printTable, type Figure } from './report.ts'

const mega = 1_048_576

/**
 * Measures the exports of a behavior that every one of `events` events matches: time and the growth of memory from when
 * the matches are found to when the file is written; and reads CSV, NDJSON and Parquet back and compares them.
 */
export async function benchExport({ events = 1_000_000 }: { readonly events?: number; readonly rounds?: number }): Promise<void> {
  const folder = await fillViews(events)
  try {
    const engine = await openEngine({ workspace: join(folder, 'W') })
    const figures: Figure[] = []
    for (const format of ['csv', 'ndjson', 'cloudevents', 'parquet', 'html'] as const) figures.push(await measure(engine, format, folder))
    await engine.close()
    printTable(figures)
    const base = join(folder, 'out/looked.matches')
    const read = await readBack({ csv: `${base}.csv`, parquet: `${base}.parquet`, ndjson: `${base}.ndjson` })
    printTable([{ 'read back': 'by DuckDB', ...read }])
    process.stdout.write(`${JSON.stringify({ bench: 'export', events, figures, read })}\n`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** One export of its own; a report counts first, which is measured apart. */
export async function measure(engine: Engine, format: ExportFormat, folder: string): Promise<Figure> {
  const request = ReportRequest.parse({ text: everyEvent, title: 'Looked', ...(format === 'html' ? {} : { sections: ['definition'] }) })
  let peak = 0
  let atStart = 0
  let found = 0
  const started = performance.now()
  const look = (): void => {
    peak = Math.max(peak, process.memoryUsage.rss())
  }
  const stop = engine.subscribe((name, value) => {
    if (name !== 'job.progress') return
    if (atStart === 0 && (value as { readonly done: number }).done >= 800) {
      atStart = process.memoryUsage.rss()
      peak = 0
      found = performance.now()
    }
    look()
  })
  const timer = setInterval(look, 20)
  const { files } = await engine.calls['reports.export']({ request, formats: [format], folder: join(folder, 'out') }, new AbortController().signal)
  clearInterval(timer)
  stop()
  const ended = performance.now()
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0)
  return { format, 'file MB': Math.round((bytes / mega) * 10) / 10, 'counting s': Math.round((found - started) / 100) / 10, 'writing s': Math.round((ended - found) / 100) / 10, 'MB before': Math.round(atStart / mega), 'growth MB': Math.round((peak - atStart) / mega) }
}
