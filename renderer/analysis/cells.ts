import { DataType, TimeUnit, type Field, type Table, type Vector } from 'apache-arrow'

/** What the values of a column are, as far as screens and exports tell them apart. */
export type CellKind = 'time' | 'integer' | 'number' | 'boolean' | 'text' | 'other'

/** The kind of an Arrow column. */
export function kindOf(field: Field): CellKind {
  const type = DataType.isDictionary(field.type) ? (field.type.dictionary as DataType) : (field.type as DataType)
  if (DataType.isTimestamp(type) || DataType.isDate(type)) return 'time'
  if (DataType.isInt(type)) return 'integer'
  if (DataType.isFloat(type) || DataType.isDecimal(type)) return 'number'
  if (DataType.isBool(type)) return 'boolean'
  if (DataType.isUtf8(type) || DataType.isLargeUtf8(type)) return 'text'
  return 'other'
}

/**
 * One value of a column in a form of JavaScript: times are microseconds (bigint), integers are number where that is
 * exact and bigint beyond, nested values are JSON text.
 */
export function cellAt(column: Vector, kind: CellKind, row: number): string | number | bigint | boolean | null {
  const value = column.get(row) as unknown
  if (value === null || value === undefined) return null
  if (kind === 'time') return exactMicros(column, row, value)
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  return JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? part.toString() : part))
}

/** Arrow's own reader turns times into floating milliseconds; the microseconds lie in the column's memory. */
function exactMicros(column: Vector, row: number, value: unknown): bigint {
  const type = column.type as DataType
  if (DataType.isTimestamp(type) && (type.unit) === TimeUnit.MICROSECOND) {
    let at = row
    for (const part of column.data) {
      if (at < part.length) return (part.values as BigInt64Array)[at] ?? 0n
      at -= part.length
    }
  }
  return BigInt(Math.round(Number(value) * 1000))
}

/** The columns of a table with their kinds. */
export function columnsOf(table: Table): readonly { readonly name: string; readonly kind: CellKind; readonly values: Vector }[] {
  return table.schema.fields.flatMap((field, index) => {
    const values = table.getChildAt(index)
    return values === null ? [] : [{ name: field.name, kind: kindOf(field), values }]
  })
}
