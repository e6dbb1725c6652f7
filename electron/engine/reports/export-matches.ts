import { createHash } from 'node:crypto'
import { AppError } from '../../../shared/errors.ts'
import type { Match, MatchStep } from '../../../shared/model/match.ts'
import { formatIso, matchToMachine, stepToMachine } from '../../../shared/model/match-machine.ts'
import { csvRow } from '../../../shared/report/csv.ts'
import { jsonLine } from '../../../shared/report/json-line.ts'
import { hiddenText, shortLength, treat, type Treatment } from '../../../shared/report/privacy.ts'
import { literal, type DuckDBConnection } from '../store/database.ts'
import { streamMatches } from '../store/matches.ts'
import { momentMatches } from './find-matches.ts'
import type { KeyedHash } from './keyed-hash.ts'
import type { MatchColumn } from './match-columns.ts'
import { jsonPath } from './queries.ts'
import { writeText, writeWhole, type TextWriter } from './write-file.ts'

/** Matches that are to be exported. */
export interface MatchExport {
  readonly connection: DuckDBConnection
  readonly run: number
  readonly behavior: string
  readonly columns: readonly MatchColumn[]
  /** What is done to the labels of steps. */
  readonly labels: Treatment
  readonly hash: KeyedHash
  readonly signal: AbortSignal
  readonly progress: (matches: number) => void
}

/** So many matches are written between two looks at whether anybody still wants them. */
const turn = 2000

const columnNames = ['behavior', 'state', 'until', 'start', 'end', 'tied'] as const

/** Matches as CSV (RFC 4180) with a column for each field of the key and each returned value; steps are JSON. No cell is a formula. */
export function exportCsv(path: string, asked: MatchExport): Promise<number> {
  const { columns } = asked
  return writeText(path, async (writer) => {
    await writer.write(csvRow([...columnNames, ...columns.map(({ name }) => name), 'steps']))
    await eachMatch(asked, writer, (match) =>
      csvRow([match.behavior, match.state, match.until === undefined ? null : formatIso(match.until), formatIso(match.start), formatIso(match.end), match.tied, ...columns.map(({ from, field }) => match[from][field] ?? null), jsonLine(match.steps.map(stepToMachine))]),
    )
  })
}

/** Matches one a line, as `detect --json` prints them. */
export function exportNdjson(path: string, asked: MatchExport): Promise<number> {
  return writeText(path, (writer) => eachMatch(asked, writer, (match) => `${jsonLine(matchToMachine(match))}\n`))
}

/**
 * Matches as CloudEvents 1.0 in JSON, one a line. The id is made from the positions of the match, as `compile --to flink`
 * makes it: the same match has the same id wherever it is found.
 */
export function exportCloudEvents(path: string, asked: MatchExport): Promise<number> {
  return writeText(path, (writer) =>
    eachMatch(asked, writer, (match) => {
      const identity = match.steps.flatMap(({ source, position }) => [source, String(position.partition), String(position.offset)])
      const [subject] = Object.values(match.key)
      return `${jsonLine({
        specversion: '1.0',
        id: createHash('md5').update([match.behavior, ...identity].join('/')).digest('hex'),
        source: '/undercurrent',
        type: 'undercurrent.behavior.matched',
        ...(subject === undefined || subject === null ? {} : { subject: String(subject) }),
        time: formatIso(match.end),
        datacontenttype: 'application/json',
        data: matchToMachine(match),
      })}\n`
    }),
  )
}

async function eachMatch({ connection, run, behavior, columns, labels, hash, signal, progress }: MatchExport, writer: TextWriter, line: (match: Match) => string): Promise<void> {
  const treated = columns.filter(({ treatment }) => treatment !== 'plain')
  const hashOf = (text: string): string => hash.of(text)
  let written = 0
  for await (const some of streamMatches(connection, momentMatches, { behavior, run })) {
    for (const { match } of some) {
      await writer.write(line(treated.length === 0 && labels === 'plain' ? match : protectMatch(match, treated, labels, hashOf)))
      if (++written % turn !== 0) continue
      if (signal.aborted) throw new AppError('CANCELLED', 'Cancelled.')
      progress(written)
    }
  }
  if (signal.aborted) throw new AppError('CANCELLED', 'Cancelled.')
  progress(written)
}

function protectMatch(match: Match, treated: readonly MatchColumn[], labels: Treatment, hash: (text: string) => string): Match {
  const values = (from: MatchColumn['from']): Match['key'] => ({ ...match[from], ...Object.fromEntries(treated.filter((column) => column.from === from).map(({ field, treatment }) => [field, treat(match[from][field] ?? null, treatment, hash)])) })
  return { ...match, key: values('key'), returns: values('returns'), steps: labels === 'plain' ? match.steps : match.steps.map((step): MatchStep => ({ ...step, label: treat(step.label, labels, hash) })) }
}

/** Matches as Parquet: typed columns, steps as a list of structures. Written by DuckDB, row group by row group. */
export function exportParquet(path: string, { connection, run, behavior, columns, labels, hash, signal, progress }: MatchExport): Promise<number> {
  const step = `{label: ${treatSql("(s ->> '$[0]')", labels, hash)}, type: s ->> '$[1]', time: make_timestamptz((s ->> '$[2]')::BIGINT), source: s ->> '$[3]', topic: s ->> '$[4]', partition: (s ->> '$[5]')::INTEGER, "offset": (s ->> '$[6]')::BIGINT}`
  const named = columns.map(({ name, from, field, type, treatment }) => `${treatSql(`(${from} ->> ${literal(jsonPath(field))})`, treatment, hash)}::${type} AS ${quoted(name)}`)
  const select = `SELECT ${literal(behavior)} AS behavior, CASE WHEN until IS NULL THEN 'confirmed' ELSE 'pending' END AS state, until::TIMESTAMPTZ AS until, start::TIMESTAMPTZ AS start, "end"::TIMESTAMPTZ AS "end", tied${named.map((one) => `, ${one}`).join('')},
    list_transform(json_extract(steps, '$[*]'), lambda s: ${step}) AS steps FROM matches WHERE run = ${run} ORDER BY "end", matches.start, key, id`
  return writeWhole(path, async (part) => {
    await connection.run(`COPY (${select}) TO ${literal(part)} (FORMAT parquet, COMPRESSION zstd)`)
    if (signal.aborted) throw new AppError('CANCELLED', 'Cancelled.')
    progress(Number.POSITIVE_INFINITY)
  })
}

function treatSql(value: string, treatment: Treatment, hash: KeyedHash): string {
  switch (treatment) {
    case 'plain':
      return value
    case 'hide':
      return `CASE WHEN ${value} IS NOT NULL THEN ${literal(hiddenText)} END`
    case 'hash':
      return hash.sql(value)
    case 'shorten':
      return `CASE WHEN length(${value}) <= ${shortLength} THEN ${value} ELSE left(${value}, ${shortLength}) || '…' END`
  }
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
