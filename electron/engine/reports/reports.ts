import { isAbsolute, join } from 'node:path'
import type { CallHandlers } from '../../../shared/contract/service.ts'
import { AppError } from '../../../shared/errors.ts'
import { cutTexts } from '../../../shared/report/cut-texts.ts'
import { extract } from '../../../shared/report/embed.ts'
import { fileNames } from '../../../shared/report/file-names.ts'
import { renderHtml } from '../../../shared/report/html.ts'
import type { ExportFormat, ExportedFile } from '../../../shared/report/export.ts'
import type { Report, ReportRequest } from '../../../shared/report/model.ts'
import { protect, treatmentUnder, type Rules } from '../../../shared/report/protect.ts'
import type { Behaviors } from '../behaviors/behaviors.ts'
import type { Emit } from '../runs/runs.ts'
import { storedFields } from '../store/read-columns.ts'
import { loadBehaviors } from '../store/saved-behaviors.ts'
import type { Store } from '../store/store.ts'
import { engineVersion } from '../version.ts'
import { findChromium } from './chromium.ts'
import { writeDocument } from './documents.ts'
import { exportCloudEvents, exportCsv, exportNdjson, exportParquet } from './export-matches.ts'
import { Finder } from './find-matches.ts'
import { gather } from './gather.ts'
import { KeyedHash } from './keyed-hash.ts'
import { matchColumns } from './match-columns.ts'
import { Moment } from './moment.ts'
import type { Printer } from './printer.ts'
import { originsOf, rulesFor } from './rules-for.ts'
import { findSubjects, type Subjects } from './subjects.ts'
import { readTemplates, removeTemplate, saveTemplate } from './templates.ts'
import { verify } from './verify.ts'
import { checkFolder } from './write-file.ts'

const matchFormats = { csv: exportCsv, ndjson: exportNdjson, parquet: exportParquet, cloudevents: exportCloudEvents } as const

/** A report that was counted, and the moment in which more can be asked. */
interface Counted {
  readonly moment: Moment
  readonly report: Report
  readonly subjects: Subjects
  readonly finder: Finder
  readonly rules: Rules
  readonly hash: KeyedHash
}

/** Behavior reports: counted, written, verified, and remembered as templates. */
export class Reports {
  private readonly workspace: string
  private readonly store: Store
  private readonly behaviors: Behaviors
  private readonly emit: Emit
  private readonly printer: Printer

  constructor(workspace: string, store: Store, behaviors: Behaviors, emit: Emit, printer: Printer) {
    this.workspace = workspace
    this.store = store
    this.behaviors = behaviors
    this.emit = emit
    this.printer = printer
  }

  handlers(): Pick<CallHandlers<AbortSignal>, Extract<keyof CallHandlers<AbortSignal>, `reports.${string}`>> {
    return {
      'reports.make': (request, signal) => this.counted(request, signal, ({ report }) => Promise.resolve(report)),
      'reports.export': async ({ request, formats, folder }, signal) => this.export(request, formats, this.folderOf(folder), signal),
      'reports.verify': ({ document }, signal) => verify(this.store, this.behaviors, document, signal, (share) => this.progress(share)),
      'reports.pdf': async ({ document }, signal) => {
        // what is printed is what the data in the document says, whatever else stands in it
        const html = renderHtml(extract(document))
        return { bytes: await this.printer.pdf(html, signal) }
      },
      'reports.templates': () => readTemplates(this.workspace),
      'reports.saveTemplate': async (template) => {
        await saveTemplate(this.workspace, template)
        return {}
      },
      'reports.removeTemplate': async ({ name }) => {
        await removeTemplate(this.workspace, name)
        return {}
      },
    }
  }

  private folderOf(folder: string | undefined): string {
    if (folder === undefined) return join(this.workspace, 'reports')
    if (!isAbsolute(folder)) throw new AppError('BAD_REQUEST', `${folder} is not a whole path.`, { hint: 'Give the folder from the root on.' })
    return folder
  }

  /** Counts a report and does `work` with it in the same moment. */
  private async counted<T>(request: ReportRequest, signal: AbortSignal, work: (counted: Counted) => Promise<T>): Promise<T> {
    const subjects = await findSubjects(this.behaviors, request, await this.store.database.read(loadBehaviors), signal)
    const rules = rulesFor(request.privacy, subjects.all, await storedFields(this.store.database, signal), this.store.listSources())
    const moment = await Moment.open(this.store, signal)
    try {
      const watermark = await moment.watermark(this.behaviors.isRunning)
      const finder = new Finder(moment, subjects.all, watermark, signal)
      const { sections, attributes, examples } = request
      const gathered = await gather(moment, { ...subjects, sections, attributes, examples, watermark }, finder, signal, (share) => this.progress(share * 0.8))
      const hash = new KeyedHash()
      const names = subjects.subjects.map(({ behavior }) => behavior.name)
      const whole = {
        format: 'undercurrent-report' as const,
        formatVersion: 1 as const,
        title: request.title?.trim() ?? '',
        notes: request.notes ?? '',
        made: { at: BigInt(Date.now()) * 1000n, version: engineVersion },
        sections,
        ...gathered,
        asked: { ...(attributes === undefined ? {} : { attributes }), examples, names },
      }
      const titled = whole.title === '' ? { ...whole, title: names.join(', ') } : whole
      const report = cutTexts(protect(titled, rules, originsOf(subjects.all), (text) => hash.of(text)))
      return await work({ moment, report, subjects, finder, rules, hash })
    } catch (error) {
      throw moment.explain(error)
    } finally {
      await moment.close()
    }
  }

  private async export(request: ReportRequest, formats: readonly ExportFormat[], folder: string, signal: AbortSignal): Promise<{ report: Report; files: ExportedFile[] }> {
    // what cannot be written need not be counted
    await checkFolder(folder)
    if (formats.includes('pdf')) this.printer.check()
    if (formats.includes('png')) findChromium()
    return this.counted(request, signal, async (counted) => {
      const { report } = counted
      const files: ExportedFile[] = []
      const wanted = [...new Set(formats)]
      const name = fileNames([report.title], 60)[0] ?? 'report'
      const behaviorNames = fileNames(report.behaviors.map((behavior) => behavior.name))
      for (const [index, format] of wanted.entries()) {
        const progress = (share: number): void => this.progress(0.8 + (0.2 * (index + share)) / wanted.length)
        progress(0)
        if (signal.aborted) throw new AppError('CANCELLED', 'Cancelled.')
        if (!(format in matchFormats)) {
          for (const file of await writeDocument(report, format as Exclude<ExportFormat, keyof typeof matchFormats>, { folder, name, printer: this.printer }, signal)) files.push({ format, ...file })
          continue
        }
        for (const [at, { behavior }] of counted.subjects.subjects.entries()) {
          files.push({ format, ...(await this.exportMatches(counted, behavior.name, format as keyof typeof matchFormats, join(folder, `${behaviorNames[at] ?? 'matches'}.matches`), signal, (share) => progress((at + share) / counted.subjects.subjects.length))) })
        }
      }
      this.progress(1)
      return { report, files }
    })
  }

  private async exportMatches({ moment, finder, subjects, rules, hash, report }: Counted, name: string, format: keyof typeof matchFormats, base: string, signal: AbortSignal, progress: (share: number) => void): Promise<{ path: string; bytes: number }> {
    const behavior = subjects.all.find((one) => one.name === name)
    if (behavior === undefined) throw new Error(`no behavior ${name}`)
    const { run } = await finder.find(behavior)
    const origins = originsOf(subjects.all).get(name) ?? { returns: new Map(), labels: [] }
    const { body } = behavior
    const columns = await matchColumns(moment.connection, run, body.kind === 'sequence' ? body.by.map(({ path }) => path) : [], body.kind === 'sequence' ? body.returns.map((one) => one.name) : [], rules, origins)
    const total = report.behaviors.find((one) => one.name === name)?.counts.occurrences ?? 0
    const path = `${base}.${format === 'cloudevents' ? 'cloudevents.ndjson' : format}`
    const bytes = await matchFormats[format](path, { connection: moment.connection, run, behavior: name, columns, labels: treatmentUnder(rules, ...origins.labels), hash, signal, progress: (written) => progress(Math.min(1, written / Math.max(1, total))) })
    return { path, bytes }
  }

  private progress(share: number): void {
    this.emit('job.progress', { job: 'report', done: Math.round(share * 1000), total: 1000 })
  }
}
