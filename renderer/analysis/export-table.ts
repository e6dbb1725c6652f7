import type { Table } from 'apache-arrow'
import { parquetWriteBuffer, type ColumnSource, type SchemaElement } from 'hyparquet-writer'
import { csvLine } from '../ui/csv.ts'
import { formatUtc } from '../ui/format.ts'
import { cellAt, columnsOf, type CellKind } from './cells.ts'

/** A table as CSV, header first. Times are ISO 8601 in UTC with microseconds. */
export function toCsv(table: Table): string[] {
  const columns = columnsOf(table)
  const lines = [csvLine(columns.map(({ name }) => name))]
  for (let row = 0; row < table.numRows; row++) {
    lines.push(
      csvLine(
        columns.map(({ kind, values }) => {
          const value = cellAt(values, kind, row)
          return kind === 'time' && value !== null ? formatUtc(value as bigint) : value
        }),
      ),
    )
  }
  return lines
}

/** What a column is in Parquet (Parquet format, "Logical Types"); what has no counterpart is its JSON text. */
const parquetTypes: Readonly<Record<CellKind, Omit<SchemaElement, 'name'>>> = {
  time: { type: 'INT64', converted_type: 'TIMESTAMP_MICROS', logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MICROS' } },
  integer: { type: 'INT64' },
  number: { type: 'DOUBLE' },
  boolean: { type: 'BOOLEAN' },
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  other: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
}

/** A table as a Parquet file, compressed with Snappy. */
export function toParquet(table: Table): ArrayBuffer {
  const columns = columnsOf(table)
  const schema: SchemaElement[] = [{ name: 'root', num_children: columns.length }, ...columns.map(({ name, kind }) => ({ name, repetition_type: 'OPTIONAL' as const, ...parquetTypes[kind] }))]
  const columnData: ColumnSource[] = columns.map(({ name, kind, values }) => ({ name, data: Array.from({ length: table.numRows }, (_, row) => toParquetValue(kind, cellAt(values, kind, row))) }))
  return parquetWriteBuffer({ columnData, schema })
}

function toParquetValue(kind: CellKind, value: ReturnType<typeof cellAt>): unknown {
  if (value === null) return undefined
  if (kind === 'integer') return BigInt(value)
  return kind === 'other' ? String(value) : value
}
