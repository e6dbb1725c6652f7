import type { LoadedColumns, LoadedField } from './read-columns.ts'

/** Some rows of columns, in the order in which they are named, as sequences that begin at `starts`. */
export function takeRows(columns: Omit<LoadedColumns, 'length' | 'starts'>, rows: Int32Array, starts: Int32Array): LoadedColumns {
  const integers = (values: Int32Array): Int32Array => taken(values, rows, new Int32Array(rows.length))
  const doubles = (values: Float64Array): Float64Array => taken(values, rows, new Float64Array(rows.length))
  const { positions } = columns
  return {
    length: rows.length,
    starts,
    time: doubles(columns.time),
    type: integers(columns.type),
    types: columns.types,
    fields: new Map([...columns.fields].map(([path, field]): [string, LoadedField] => [path, field.kind === 'text' ? { ...field, codes: integers(field.codes) } : { ...field, values: doubles(field.values) }])),
    positions: positions === undefined ? undefined : { source: integers(positions.source), partition: integers(positions.partition), offset: doubles(positions.offset) },
  }
}

function taken<T extends Int32Array | Float64Array>(values: T, rows: Int32Array, into: T): T {
  for (let at = 0; at < rows.length; at++) into[at] = values[rows[at] as number] as number
  return into
}
