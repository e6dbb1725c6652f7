import { extract } from '../../../shared/report/embed.ts'
import { compareReports } from '../../../shared/report/compare.ts'
import { cutTexts } from '../../../shared/report/cut-texts.ts'
import type { Verification } from '../../../shared/report/export.ts'
import { renderHtml } from '../../../shared/report/html.ts'
import { renderMarkdown } from '../../../shared/report/markdown.ts'
import type { PartitionReport, Report, SourceReport } from '../../../shared/report/model.ts'
import { protect } from '../../../shared/report/protect.ts'
import { formatCount, formatTime, shownText } from '../../../shared/report/text.ts'
import type { Behaviors } from '../behaviors/behaviors.ts'
import { row, type DuckDBConnection } from '../store/database.ts'
import { storedFields } from '../store/read-columns.ts'
import type { StoredSource } from '../store/sources.ts'
import type { Store } from '../store/store.ts'
import { engineVersion } from '../version.ts'
import { Finder } from './find-matches.ts'
import { gather } from './gather.ts'
import { KeyedHash } from './keyed-hash.ts'
import { Moment, type Scope } from './moment.ts'
import { readData } from './provenance.ts'
import { originsOf, rulesFor } from './rules-for.ts'
import { findSubjects } from './subjects.ts'

const mostListed = 200

/**
 * Counts a report again from the positions that it records, whatever has been stored since, and compares every number.
 *
 * @param document the file as it is: HTML, Markdown or JSON
 * @throws AppError BAD_REQUEST when the document carries no report, or its definition cannot be read here
 */
export async function verify(store: Store, behaviors: Behaviors, document: string, signal: AbortSignal, progress: (share: number) => void): Promise<Verification> {
  const report = extract(document)
  const { placed, missing } = placeSources(report, store.listSources())
  const notes = notesOf(report, document)
  const answer = (rest: Pick<Verification, 'verdict'> & Partial<Verification>): Verification => ({ title: report.title, compared: 0, differences: [], moreDifferences: 0, gone: [], notes, ...rest })
  if (missing.length > 0) return answer({ verdict: 'gone', gone: missing })
  const moment = await Moment.open(store, signal, scopeOf(placed))
  try {
    const ranges = rangesOf(placed)
    const watermark = report.data.watermark === undefined ? Number.NEGATIVE_INFINITY : Number(report.data.watermark)
    const data = await readData(moment.connection, sourcesOf(moment, placed), watermark, ranges)
    const gone = await missingEvents(moment.connection, report, data)
    if (gone.length > 0) return answer({ verdict: 'gone', gone })
    const now = await countAgain(store, behaviors, report, moment, signal, progress, watermark)
    const { differences, compared } = compareReports(report, cutTexts({ ...now, data }))
    return answer({ verdict: differences.length === 0 && !notes.some(isAlteration) ? 'proven' : 'different', compared, differences: differences.slice(0, mostListed), moreDifferences: Math.max(0, differences.length - mostListed) })
  } catch (error) {
    throw moment.explain(error)
  } finally {
    await moment.close()
  }
}

async function countAgain(store: Store, behaviors: Behaviors, report: Report, moment: Moment, signal: AbortSignal, progress: (share: number) => void, watermark: number): Promise<Report> {
  const subjects = await findSubjects(behaviors, { text: report.definitions, names: report.asked.names }, [], signal)
  const rules = rulesFor(report.privacy, subjects.all, await storedFields(store.database, signal), moment.sources)
  const finder = new Finder(moment, subjects.all, watermark, signal)
  const gathered = await gather(moment, { ...subjects, sections: report.sections, attributes: report.asked.attributes, examples: report.asked.examples, watermark }, finder, signal, progress)
  const hash = new KeyedHash()
  return protect({ ...report, ...gathered }, rules, originsOf(subjects.all), (text) => hash.of(text))
}

/** A source of the report and the one of this workspace that has its events. */
interface Placed {
  readonly recorded: SourceReport
  readonly source: StoredSource
}

function placeSources({ data: { sources } }: Report, stored: readonly StoredSource[]): { readonly placed: readonly Placed[]; readonly missing: string[] } {
  const placed: Placed[] = []
  const missing: string[] = []
  for (const recorded of sources) {
    const source = stored.find(({ name, topic }) => name === recorded.name && topic === recorded.topic)
    if (source !== undefined) placed.push({ recorded, source })
    else if (recorded.partitions.length > 0) missing.push(`This workspace has no source ${shownText(recorded.name, 100)} of topic ${shownText(recorded.topic, 100)}, from which the report was made.`)
  }
  return { placed, missing }
}

function scopeOf(placed: readonly Placed[]): Scope {
  return placed.flatMap(({ recorded, source }) => recorded.partitions.flatMap(({ partition, ranges }) => ranges.map((range) => ({ source: source.code, partition, ...range }))))
}

function sourcesOf({ sources }: Moment, placed: readonly Placed[]): readonly StoredSource[] {
  // in the order of the report, so that both have the same place
  return placed.flatMap(({ source: { code } }) => sources.filter((source) => source.code === code))
}

function rangesOf(placed: readonly Placed[]): (source: number, partition: number) => PartitionReport['ranges'] | undefined {
  const ranges = new Map(placed.flatMap(({ recorded, source }) => recorded.partitions.map((one) => [`${source.code}/${one.partition}`, one.ranges] as const)))
  return (source, partition) => ranges.get(`${source}/${partition}`)
}

/** Which events of the report are no longer there, in sentences. */
async function missingEvents(connection: DuckDBConnection, report: Report, now: Report['data']): Promise<string[]> {
  const { before } = await row(connection, 'SELECT epoch_us(max(removed_before)) AS before FROM retentions')
  return report.data.sources.flatMap(({ name, partitions }) => {
    const known = now.sources.find((source) => source.name === name)
    return partitions.flatMap(({ partition, events, first }) => {
      const there = known?.partitions.find((one) => one.partition === partition)?.events ?? 0
      if (there >= events) return []
      const lost = `${formatCount(events - there)} of ${formatCount(events)} events of partition ${partition} of ${shownText(name, 100)}`
      const isRetention = before !== null && first !== undefined && first < (before as bigint)
      return [isRetention ? `${lost} are gone by retention: what was older than ${formatTime(before as bigint)} UTC was removed.` : `${lost} are not in this workspace.`]
    })
  })
}

const altered = 'The text of the document is not what its data says: it was edited after it was made.'
const isAlteration = (note: string): boolean => note === altered

function notesOf(report: Report, document: string): string[] {
  const { version } = report.made
  const kind = document.trimStart().startsWith('{') ? 'json' : document.includes('<script type="application/json"') ? 'html' : 'md'
  if (kind === 'json') return []
  if (version !== engineVersion) return [`It was made by version ${shownText(version, 40)}; this is ${engineVersion}. Whether its text was edited cannot be told.`]
  const made = kind === 'html' ? renderHtml(report) : renderMarkdown(report)
  return made.trim() === document.trim().replaceAll('\r\n', '\n') ? [] : [altered]
}
