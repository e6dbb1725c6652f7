import { open, type FileHandle } from 'node:fs/promises'
import { AppError } from '../../../shared/errors.ts'
import { literal, rows, type Database, type DuckDBConnection } from './database.ts'

/** How DuckDB reads a file of rows. */
export interface TableFile {
  readonly path: string
  readonly format: 'csv' | 'parquet'
  readonly delimiter?: string | undefined
  /** The columns of a CSV file as its first line names them, for a file in which DuckDB does not find them by itself. */
  readonly header?: { readonly delimiter: string; readonly names: readonly string[] } | undefined
}

/** A row of a file as the JSON text of one object; a row that could not be read as it stands there, with the reason. */
export type FileRow = { readonly json: string } | { readonly bytes: Buffer; readonly problem: string }

/**
 * Reads the rows of a CSV or Parquet file in their order, in chunks. CSV values stay the texts that they are in the file
 * (the mapping gives attributes their types); Parquet values become JSON. Rows of a CSV file that do not fit its header
 * come at the end.
 *
 * @param first how many rows to leave out: those that were read before
 * @throws AppError FILE_UNREADABLE with DuckDB's reason
 */
export async function* readTableFile(database: Database, file: TableFile, first: number, signal: AbortSignal): AsyncGenerator<readonly FileRow[]> {
  const reader = await database.openReader(signal)
  const { connection } = reader
  try {
    const result = await connection.stream(`SELECT CAST(to_json(row_of_file) AS VARCHAR) AS json FROM ${await fileSql(connection, file)} row_of_file`)
    // skipped here and not in SQL: how many rows there are tells how many of those that do not fit were read before
    let toSkip = first
    for (;;) {
      const chunk = await result.fetchChunk()
      if (chunk === null || chunk.rowCount === 0) break
      if (toSkip < chunk.rowCount) yield (chunk.getColumnValues(0) as string[]).slice(toSkip).map((json) => ({ json: withoutNaN(json) }))
      toSkip = Math.max(0, toSkip - chunk.rowCount)
    }
    if (file.format === 'csv') yield (await rejectedRows(connection, file.path)).slice(toSkip)
  } catch (error) {
    throw reader.explain(error instanceof AppError ? error : unreadable(file, error))
  } finally {
    await reader.close()
  }
}

/** DuckDB writes NaN and Infinity as they are, which JSON does not know; null as JavaScript writes them. Texts are left alone. */
function withoutNaN(json: string): string {
  if (!json.includes('NaN') && !json.includes('Infinity')) return json
  return json.replace(/"(?:[^"\\]|\\.)*"|-?(?:NaN|Infinity)/g, (token) => (token.startsWith('"') ? token : 'null'))
}

async function rejectedRows(connection: DuckDBConnection, path: string): Promise<readonly FileRow[]> {
  const rejected = await rows(connection, "SELECT line, line_byte_position AS place, csv_line AS told, string_agg(error_message, '; ') AS problem FROM reject_errors GROUP BY ALL ORDER BY line, line_byte_position")
  await connection.run('DROP TABLE IF EXISTS reject_errors; DROP TABLE IF EXISTS reject_scans')
  if (rejected.length === 0) return []
  // in a compressed file the places are those of what was in it
  const file = path.endsWith('.gz') ? undefined : await open(path)
  try {
    const read: FileRow[] = []
    for (const { line, place, told, problem } of rejected) {
      const row = Buffer.from((told as string | null) ?? '')
      const bytes = file === undefined ? row : await bytesAt(file, Number(place) - 1, row.length)
      read.push({ bytes: withoutLineEnds(bytes), problem: `Line ${String(line)}: ${String(problem).split('\n')[0] ?? ''}` })
    }
    return read
  } finally {
    await file?.close()
  }
}

/** A row as it stands in the file: DuckDB, which counts bytes from one, tells it with `?` for what is not UTF-8. */
async function bytesAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position)
  return buffer.subarray(0, bytesRead)
}

/** Where lines end in CR and LF, DuckDB begins a row with the LF of the line before. */
function withoutLineEnds(bytes: Buffer): Buffer {
  let start = 0
  let end = bytes.length
  while (start < end && (bytes[start] === 10 || bytes[start] === 13)) start++
  while (end > start && (bytes[end - 1] === 10 || bytes[end - 1] === 13)) end--
  return bytes.subarray(start, end)
}

async function fileSql(connection: DuckDBConnection, { path, format, delimiter, header }: TableFile): Promise<string> {
  if (format === 'parquet') return `read_parquet(${literal(path)})`
  const csv = (...options: readonly string[]): string => `read_csv(${[literal(path), 'header = true', `quote = '"'`, `escape = '"'`, 'store_rejects = true', 'rejects_limit = 0', 'parallel = false', ...options].join(', ')})`
  const sniffed = csv('all_varchar = true', ...(delimiter === undefined ? [] : [`delim = ${literal(delimiter)}`]))
  if (header === undefined || header.names.length === 1 || (await countColumns(connection, sniffed)) > 1) return sniffed
  // one row with a broken quote among the first thousands is enough for it to take each line for one value
  const columns = uniqueNames(header.names).map((name) => `${literal(name)}: 'VARCHAR'`)
  return csv('auto_detect = false', `delim = ${literal(header.delimiter)}`, `columns = {${columns.join(', ')}}`)
}

/** How many columns DuckDB finds by itself; none where it gives up. */
async function countColumns(connection: DuckDBConnection, source: string): Promise<number> {
  try {
    return (await rows(connection, `DESCRIBE FROM ${source}`)).length
  } catch (error) {
    if (error instanceof Error && error.message.includes('sniffing')) return 0
    throw error
  }
}

/** Names as DuckDB makes them where it reads a header: none is empty, and none is there twice in any case. */
function uniqueNames(names: readonly string[]): readonly string[] {
  const taken = new Set<string>()
  return names.map((given, index) => {
    const base = given.trim() === '' ? `column${index}` : given.trim()
    let name = base
    for (let number = 1; taken.has(name.toLowerCase()); number++) name = `${base}_${number}`
    taken.add(name.toLowerCase())
    return name
  })
}

function unreadable(file: TableFile, cause: unknown): AppError {
  const reason = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause)
  return new AppError('FILE_UNREADABLE', `${file.path} cannot be read as ${file.format}: ${reason}`, { hint: 'Check the path and the format; --delimiter names what separates the columns of a CSV file.', cause })
}
