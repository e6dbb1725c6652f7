/**
 * Events as the matcher takes them: columns of typed arrays, the events of one sequence side by side and in order.
 * Times are microseconds since the epoch; a double holds them exactly until the year 2255.
 */
export interface EventColumns {
  readonly length: number
  /** Sequence s has the rows from `starts[s]` up to `starts[s + 1]`; one entry more than there are sequences. */
  readonly starts: Int32Array
  readonly time: Float64Array
  /** An index into `types`. */
  readonly type: Int32Array
  readonly types: readonly string[]
  /** The fields that the behavior asks for, by path; one that is not here is null in every event. */
  readonly fields: ReadonlyMap<string, FieldColumn>
}

/** A field of every event. Numbers and times are doubles, booleans 0 and 1; NaN is null. Texts are codes; -1 is null. */
export type FieldColumn =
  | { readonly kind: 'number' | 'time' | 'boolean'; readonly values: Float64Array }
  | { readonly kind: 'text'; readonly codes: Int32Array; readonly dictionary: readonly string[] }

/** A value of an expression. Times and durations are numbers. */
export type Value = number | string | boolean | null

/** The value of a field in a row. */
export function fieldValue(column: FieldColumn | undefined, row: number): Value {
  if (column === undefined) return null
  if (column.kind === 'text') {
    const code = column.codes[row] ?? -1
    return code === -1 ? null : (column.dictionary[code] ?? null)
  }
  const value = column.values[row] ?? Number.NaN
  if (Number.isNaN(value)) return null
  return column.kind === 'boolean' ? value === 1 : value
}
