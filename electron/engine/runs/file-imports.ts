import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { CallInput } from '../../../shared/contract/calls.ts'
import { AppError } from '../../../shared/errors.ts'
import type { FileOptions } from '../../../shared/model/file.ts'
import { createDecoder } from '../decode/decode.ts'
import { makeSample, type Sample } from '../sampling.ts'
import { readCsvHeader, refuseOpenQuote } from '../sources/file/csv.ts'
import { FileSource, type SourceRow } from '../sources/file/file-source.ts'
import { fingerprint } from '../sources/file/fingerprint.ts'
import { readLines } from '../sources/file/lines.ts'
import { RecordBatchBuilder } from '../sources/record-batch.ts'
import { beginImport, completeImport, findImports } from '../store/imports.ts'
import { readTableFile } from '../store/read-file.ts'
import type { StoredSource } from '../store/sources.ts'
import type { Store } from '../store/store.ts'
import { adoptTypes, checkColumns, completeMapping, overlay, sampleSize } from './complete-mapping.ts'
import { decodeBatch } from './decode-batch.ts'
import { defaultLatenessMs } from './kafka-tails.ts'
import type { Runs } from './runs.ts'

type FileFormat = NonNullable<FileOptions['format']>

/** Imports files: a source for each name, a partition for each file that was imported into it, a row an event. */
export class FileImports {
  private readonly store: Store
  private readonly runs: Runs

  constructor(store: Store, runs: Runs) {
    this.store = store
    this.runs = runs
  }

  /** Looks at a file's first rows without storing anything. */
  async sample(path: string, file: FileOptions, count: number): Promise<Sample> {
    const controller = new AbortController()
    const builder = new RecordBatchBuilder()
    const { mtimeMs } = await fileStat(path)
    for await (const rows of this.rows(path, file)(0, controller.signal)) {
      for (const { payload, problem } of rows) if (payload.length > 0 && problem === undefined && builder.size < count) builder.add(0, builder.size, Math.floor(mtimeMs) * 1000, null, payload, null)
      if (builder.size >= count) break
    }
    const batch = builder.take()
    return makeSample(batch, sourceName(path), (format) => decodeBatch(createDecoder({ format, registry: undefined }), batch, controller.signal))
  }

  /**
   * Starts to import a file. @returns the source's name
   *
   * @throws AppError ALREADY_IMPORTED when the workspace has the same content already and it is not forced
   */
  async start(input: CallInput<'file.import'>, signal: AbortSignal): Promise<string> {
    const name = input.source ?? sourceName(input.path)
    this.runs.ensureFree(name)
    // two imports of one file would each see that the other has not begun
    await this.runs.reserve([name], 'started', () => this.begin(input, name, signal))
    return name
  }

  private async begin(input: CallInput<'file.import'>, name: string, signal: AbortSignal): Promise<void> {
    const { mtimeMs } = await fileStat(input.path)
    const content = await fingerprint(input.path, signal)
    const earlier = await this.store.database.read((connection) => findImports(connection, content.sha256))
    if (fileFormat(input.path, input.file) === 'csv') await refuseOpenQuote(input.path, (await readCsvHeader(input.path, input.file.delimiter, signal)).delimiter, signal)
    const source = await this.source(input, name)
    const unfinished = earlier.find((found) => !found.complete && found.source === source.code)
    const done = earlier.find((found) => found.complete)
    if (unfinished === undefined && done !== undefined && !input.force) {
      throw new AppError('ALREADY_IMPORTED', `The content of ${input.path} was imported on ${new Date(done.startedAt).toISOString()} as ${done.file}.`, {
        hint: 'Its events are in the workspace. --force imports them once more, as further events.',
      })
    }
    const partition = unfinished?.partition ?? (await this.store.write((connection) => beginImport(connection, source, basename(input.path), content.sha256, content.bytes)))
    const reader = new FileSource({
      partition,
      rows: this.rows(input.path, input.file),
      first: async () => (await this.store.partitionStates(source)).get(partition)?.ranges.at(-1)?.next ?? 0n,
      total: fileFormat(input.path, input.file) === 'parquet' || input.path.endsWith('.gz') ? undefined : content.lines,
      writtenAt: Math.floor(mtimeMs),
    })
    const decoder = createDecoder({ format: source.format, registry: undefined })
    this.runs.start(source, reader, (batch, stop) => decodeBatch(decoder, batch, stop), () => this.store.write((connection) => completeImport(connection, source, partition)))
  }

  private async source(input: CallInput<'file.import'>, name: string): Promise<StoredSource> {
    const known = this.store.findSource(name)
    if (known === undefined) {
      const sample = await this.sample(input.path, input.file, sampleSize)
      const [first] = sample.records
      // every row of a table has every column; what a line of JSON lacks may be in a later one
      if (fileFormat(input.path, input.file) !== 'ndjson' && first?.data !== undefined) checkColumns(input.mapping, Object.keys(JSON.parse(first.data) as object), basename(input.path))
      const completed = completeMapping(input.mapping, sample)
      // what the user has typed himself must fit or be refused; what was guessed gives way
      const mapping = input.mapping?.attributes === undefined ? adoptTypes(completed, await this.store.attributeTypes()) : completed
      return this.store.addSource({ name, kind: 'file', topic: name, format: sample.format, mapping, latenessMs: input.latenessMs ?? defaultLatenessMs })
    }
    if (known.kind !== 'file') throw new AppError('CONFLICT', `${name} is the name of a ${known.kind} source in this workspace.`, { hint: 'Give the import another name with --source.' })
    if (!isDeepStrictEqual(overlay(known.mapping, input.mapping), overlay(known.mapping, undefined))) {
      throw new AppError('CONFLICT', `The source ${name} has another mapping in this workspace.`, { hint: `Leave the mapping out to use it, change it with \`undercurrent map ${name}\`, or import under another name with --source.` })
    }
    return known
  }

  private rows(path: string, file: FileOptions): (first: number, signal: AbortSignal) => AsyncIterable<readonly SourceRow[]> {
    const format = fileFormat(path, file)
    if (format === 'ndjson') return (first, signal) => lineRows(path, first, signal)
    const { database } = this.store
    return async function* (first, signal) {
      const header = format === 'csv' ? await readCsvHeader(path, file.delimiter, signal) : undefined
      for await (const rows of readTableFile(database, { path, format, delimiter: file.delimiter, header }, first, signal)) {
        yield rows.map((row) => ('json' in row ? { payload: Buffer.from(row.json, 'utf8') } : { payload: row.bytes, problem: row.problem }))
      }
    }
  }
}

async function* lineRows(path: string, first: number, signal: AbortSignal): AsyncGenerator<readonly SourceRow[]> {
  let toSkip = first
  let isStart = true
  for await (const lines of readLines(path, signal)) {
    if (isStart && lines[0] !== undefined) {
      refuseArray(path, lines[0].toString('utf8'))
      isStart = false
    }
    const skipped = Math.min(toSkip, lines.length)
    toSkip -= skipped
    yield lines.slice(skipped).map((payload) => ({ payload }))
  }
}

/** An array of objects is no event, and its lines are none either where it has several. */
function refuseArray(path: string, firstLine: string): void {
  if (/^\s*\[\s*(?:\{|$)/.test(firstLine)) throw new AppError('FILE_UNREADABLE', `${path} is an array of JSON, not a line of JSON an event.`, { hint: "jq -c '.[]' turns it into lines." })
}

function fileFormat(path: string, { format }: FileOptions): FileFormat {
  if (format !== undefined) return format
  const name = path.toLowerCase().replace(/\.gz$/, '')
  if (name.endsWith('.csv') || name.endsWith('.tsv')) return 'csv'
  if (name.endsWith('.parquet') || name.endsWith('.pq')) return 'parquet'
  if (/\.(ndjson|jsonl|json|txt|log)$/.test(name)) return 'ndjson'
  throw new AppError('BAD_REQUEST', `The name of ${path} does not tell its format.`, { hint: 'Say it with --format csv, ndjson or parquet.' })
}

function sourceName(path: string): string {
  return basename(path).replace(/\.gz$/i, '').replace(/\.[^.]+$/, '') || basename(path)
}

async function fileStat(path: string): Promise<{ mtimeMs: number }> {
  try {
    const found = await stat(path)
    if (!found.isFile()) throw new AppError('FILE_UNREADABLE', `${path} is not a file.`)
    return found
  } catch (cause) {
    if (cause instanceof AppError) throw cause
    throw new AppError('FILE_UNREADABLE', `${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, { hint: 'Check the path and the right to read it.', cause })
  }
}
