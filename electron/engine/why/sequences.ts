import type { EventColumns, FieldColumn } from '../../../shared/behavior/match/columns.ts'
import type { LoadedColumns, LoadedField } from '../store/read-columns.ts'

/** The events of whole users, cut into the sequences of a behavior. */
export interface Sequences {
  readonly columns: EventColumns
  /** Where each row stands among the events of its user. */
  readonly rowOf: Int32Array
}

/**
 * Cuts columns that are ordered by the first field of a behavior's key by the other fields as well. An event in which one
 * of these is null takes part in no sequence.
 *
 * @param fields the columns that the matcher needs
 */
export function cutSequences(loaded: LoadedColumns, others: readonly string[], fields: readonly string[]): Sequences {
  const keys = others.map((path) => loaded.fields.get(path)).map(codesOf)
  if (keys.length === 0) return { columns: loaded, rowOf: Int32Array.from({ length: loaded.length }, (_, row) => row) }
  const rows = new Int32Array(loaded.length)
  const starts: number[] = []
  let length = 0
  const differ = (left: number, right: number): number => {
    for (const key of keys) if (key[left] !== key[right]) return (key[left] as number) - (key[right] as number)
    return 0
  }
  for (let user = 0; user + 1 < loaded.starts.length; user++) {
    const from = length
    for (let row = loaded.starts[user] as number; row < (loaded.starts[user + 1] as number); row++) if (keys.every((key) => isValue(key[row]))) rows[length++] = row
    rows.subarray(from, length).sort((left, right) => differ(left, right) || left - right)
    for (let at = from; at < length; at++) if (at === from || differ(rows[at - 1] as number, rows[at] as number) !== 0) starts.push(at)
  }
  starts.push(length)
  const rowOf = rows.slice(0, length)
  const columns: EventColumns = {
    length,
    starts: Int32Array.from(starts),
    time: Float64Array.from(rowOf, (row) => loaded.time[row] as number),
    type: Int32Array.from(rowOf, (row) => loaded.type[row] as number),
    types: loaded.types,
    fields: new Map(fields.flatMap((path) => (loaded.fields.has(path) ? [[path, gather(loaded.fields.get(path) as LoadedField, rowOf)] as const] : []))),
  }
  return { columns, rowOf }
}

function codesOf(field: LoadedField | undefined): Int32Array | Float64Array {
  if (field === undefined) throw new Error('a field of the key was not read')
  return field.kind === 'text' ? field.codes : field.values
}

function isValue(code: number | undefined): boolean {
  return code !== undefined && code !== -1 && !Number.isNaN(code)
}

function gather(field: LoadedField, rows: Int32Array): FieldColumn {
  return field.kind === 'text' ? { ...field, codes: Int32Array.from(rows, (row) => field.codes[row] as number) } : { ...field, values: Float64Array.from(rows, (row) => field.values[row] as number) }
}
