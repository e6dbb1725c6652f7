import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
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
    for (const format of ['csv', 'ndjson', 'cloudevents', 'parquet', 'html'] as const) figures.push((await measure(engine, format, folder)).figure)
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

/** One export of its own. A report counts first, which is timed apart; memory is what is in use behind a collection, while it writes. */
export async function measure(engine: Engine, format: ExportFormat, folder: string): Promise<{ readonly figure: Figure; readonly growth: number; readonly bytes: number }> {
  const request = ReportRequest.parse({ text: everyEvent, title: 'Looked', ...(format === 'html' ? {} : { sections: ['definition'] }) })
  const live: number[] = []
  let found = 0
  let step = 0
  const started = performance.now()
  const stop = engine.subscribe((name, value) => {
    const { done } = value as { readonly done: number }
    if (name !== 'job.progress' || done < 800) return
    if (found === 0) found = performance.now()
    if (done < step) return
    step = done + 20
    collect()
    const { heapUsed, external } = process.memoryUsage()
    live.push(heapUsed + external)
  })
  const { files } = await engine.calls['reports.export']({ request, formats: [format], folder: join(folder, 'out') }, new AbortController().signal)
  stop()
  const ended = performance.now()
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0)
  const [first = 0] = live
  const growth = Math.max(...live) - first
  return { figure: { format, 'file MB': tenth(bytes / mega), 'counting s': tenth((found - started) / 1000), 'writing s': tenth((ended - found) / 1000), 'in use MB': tenth(first / mega), 'growth MB': tenth(growth / mega), 'resident MB': Math.round(process.memoryUsage.rss() / mega) }, growth, bytes }
}

const tenth = (value: number): number => Math.round(value * 10) / 10

/** Collects what is no longer used: what is left is what an export holds. */
function collect(): void {
  setFlagsFromString('--expose-gc')
  const gc = runInNewContext('gc') as () => void
  gc()
}
