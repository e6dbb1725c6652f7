import { AppError } from '../../../shared/errors.ts'
import { identifier, literal, row, rows, type DuckDBConnection } from './database.ts'

/** A table that says more about the values of a field. */
export interface ContextFile {
  /** A CSV file with a header, or a Parquet file. */
  readonly path: string
  /** The column whose values are those of the field. */
  readonly column: string
}

/** A column of a context table for the values that were asked about, in their order. */
export type ContextColumn = { readonly name: string; readonly values: readonly (string | undefined)[] } | { readonly name: string; readonly numbers: Float64Array }

/** What a context table says. */
export interface Context {
  readonly columns: readonly ContextColumn[]
  /** How many of the values were found. */
  readonly found: number
  /** Values that stand in several rows that differ; the least value of each column was taken. */
  readonly doubled: number
}

/**
 * Looks values up in a file. Values are compared as texts.
 *
 * @throws AppError FILE_UNREADABLE, or BAD_REQUEST when the file has no such column
 */
export async function readContext(connection: DuckDBConnection, { path, column }: ContextFile, values: readonly string[]): Promise<Context> {
  const source = /\.parquet$/i.test(path) ? `read_parquet(${literal(path)})` : `read_csv(${literal(path)}, header = true, sample_size = 50000, types = {${literal(column)}: 'VARCHAR'})`
  const columns = await describe(connection, path, column, source)
  try {
    await connection.run('CREATE OR REPLACE TEMP TABLE why_values (value VARCHAR, place INTEGER)')
    for (let from = 0; from < values.length; from += 1000) {
      const some = values.slice(from, from + 1000)
      await connection.run(`INSERT INTO why_values VALUES ${some.map((_, index) => `($${index + 1}, ${from + index})`).join(', ')}`, some)
    }
    const least = columns.map(({ name }, index) => `min(c.${identifier(name)}) AS c${index}`)
    const differs = columns.map(({ name }) => `count(DISTINCT c.${identifier(name)}) > 1`)
    await connection.run(`CREATE OR REPLACE TEMP TABLE why_context AS SELECT ${['v.place', ...least, `${differs.length === 0 ? 'false' : differs.join(' OR ')} AS doubled`].join(', ')}
      FROM why_values v JOIN ${source} c ON CAST(c.${identifier(column)} AS VARCHAR) = v.value GROUP BY v.place`)
    const { found, doubled } = await row(connection, 'SELECT count(*) AS found, count(*) FILTER (doubled) AS doubled FROM why_context')
    const read: ContextColumn[] = []
    for (const [index, { name, isNumber }] of columns.entries()) {
      const cells = await rows(connection, `SELECT place, CAST(c${index} AS ${isNumber ? 'DOUBLE' : 'VARCHAR'}) AS value FROM why_context WHERE c${index} IS NOT NULL`)
      if (isNumber) {
        const numbers = new Float64Array(values.length).fill(Number.NaN)
        for (const { place, value } of cells) numbers[place as number] = value as number
        read.push({ name, numbers })
      } else {
        const texts = new Array<string | undefined>(values.length).fill(undefined)
        for (const { place, value } of cells) texts[place as number] = value as string
        read.push({ name, values: texts })
      }
    }
    return { columns: read, found: Number(found), doubled: Number(doubled) }
  } finally {
    await connection.run('DROP TABLE IF EXISTS why_context; DROP TABLE IF EXISTS why_values')
  }
}

/** The first columns of a file that lists days: as texts, in the order of the file. */
export async function readTexts(connection: DuckDBConnection, path: string): Promise<{ readonly names: readonly string[]; readonly rows: readonly (readonly (string | null)[])[] }> {
  const source = /\.parquet$/i.test(path) ? `read_parquet(${literal(path)})` : `read_csv(${literal(path)}, header = true, all_varchar = true)`
  try {
    const result = await connection.runAndReadAll(`SELECT CAST(COLUMNS(*) AS VARCHAR) FROM ${source}`)
    return { names: result.columnNames(), rows: result.getRowsJS() as (string | null)[][] }
  } catch (cause) {
    throw unreadable(path, cause)
  }
}

async function describe(connection: DuckDBConnection, path: string, column: string, source: string): Promise<readonly { readonly name: string; readonly isNumber: boolean }[]> {
  let described: readonly Record<string, unknown>[]
  try {
    described = await rows(connection, `DESCRIBE SELECT * FROM ${source}`)
  } catch (cause) {
    // the option that keeps the joined column a text names it, and fails where it is not there
    const names = await readTexts(connection, path).then((read) => read.names)
    if (names.includes(column)) throw unreadable(path, cause)
    throw missing(path, column, names)
  }
  const names = described.map((one) => one.column_name as string)
  if (!names.includes(column)) throw missing(path, column, names)
  // a number that tells things apart, such as a category's, is no quantity
  return described.filter((one) => one.column_name !== column).map((one) => ({ name: one.column_name as string, isNumber: /^(DOUBLE|FLOAT|DECIMAL|.*INT)/.test(one.column_type as string) && !/(^|_)(id|code|nr|no)$/i.test(one.column_name as string) }))
}

function missing(path: string, column: string, names: readonly string[]): AppError {
  return new AppError('BAD_REQUEST', `${path} has no column ${column}.`, { hint: `Its columns are ${names.join(', ')}.` })
}

function unreadable(path: string, cause: unknown): AppError {
  return new AppError('FILE_UNREADABLE', `${path} cannot be read: ${cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause)}`, { hint: 'A CSV file with a header or a Parquet file is wanted. Check the path.', cause })
}
