import { makeData, RecordBatch, Schema, Field, Struct, Table, tableToIPC, Utf8, Binary, Bool, Int32, Int64, Float64, TimestampMicrosecond, type Data, type DataType } from 'apache-arrow'
import type { DuckDBDataChunk, DuckDBResult, DuckDBType } from '@duckdb/node-api'
import { DuckDBTypeId } from '@duckdb/node-api'

/**
 * Turns a streaming result into Arrow IPC streams, each complete with its schema, of at most `batchRows` rows. Columns
 * are copied whole where their memory has the same shape in DuckDB and Arrow (numbers, times); texts and bytes are
 * copied value by value. BIGINT is int64, TIMESTAMP is a timestamp in microseconds, UTC.
 */
export async function* toArrow(result: DuckDBResult, batchRows = 65_536): AsyncGenerator<Uint8Array> {
  const names = result.columnNames()
  const types = result.columnTypes()
  const schema = new Schema(names.map((name, index) => new Field(name, arrowType(types[index]), true)))
  let chunks: DuckDBDataChunk[] = []
  let count = 0
  let sent = false
  const flush = (): Uint8Array => {
    const bytes = toIpc(schema, chunks, count)
    chunks = []
    count = 0
    sent = true
    return bytes
  }
  for (;;) {
    const chunk = await result.fetchChunk()
    if (chunk === null || chunk.rowCount === 0) break
    chunks.push(chunk)
    count += chunk.rowCount
    if (count >= batchRows) yield flush()
  }
  // an empty result still tells its columns
  if (count > 0 || !sent) yield flush()
}

function arrowType(type: DuckDBType | undefined): DataType {
  switch (type?.typeId) {
    case DuckDBTypeId.BOOLEAN:
      return new Bool()
    case DuckDBTypeId.UTINYINT:
    case DuckDBTypeId.USMALLINT:
    case DuckDBTypeId.INTEGER:
      return new Int32()
    case DuckDBTypeId.BIGINT:
      return new Int64()
    case DuckDBTypeId.DOUBLE:
      return new Float64()
    case DuckDBTypeId.TIMESTAMP:
      return new TimestampMicrosecond('UTC')
    case DuckDBTypeId.VARCHAR:
      return new Utf8()
    case DuckDBTypeId.BLOB:
      return new Binary()
    default:
      throw new Error(`no Arrow type for ${String(type)}`)
  }
}

function toIpc(schema: Schema, chunks: readonly DuckDBDataChunk[], count: number): Uint8Array {
  const children = schema.fields.map((field, index) => columnData(field.type as DataType, chunks, index, count))
  const struct = makeData({ type: new Struct(schema.fields), length: count, nullCount: 0, children })
  return tableToIPC(new Table([new RecordBatch(schema, struct)]), 'stream')
}

function columnData(type: DataType, chunks: readonly DuckDBDataChunk[], column: number, count: number): Data {
  const nullBitmap = new Uint8Array(Math.ceil(count / 8))
  let nullCount = 0
  const eachValue = (take: (value: unknown, row: number) => void): void => {
    let row = 0
    for (const chunk of chunks) {
      const vector = chunk.getColumnVector(column)
      for (let index = 0; index < chunk.rowCount; index++, row++) {
        const value = vector.getItem(index) as unknown
        if (value === null) nullCount++
        else {
          nullBitmap[row >> 3] = (nullBitmap[row >> 3] ?? 0) | (1 << (row & 7))
          take(value, row)
        }
      }
    }
  }
  const fixed = <T extends Int32Array | Float64Array | BigInt64Array>(data: T, read: (value: never) => T[number]): Data => {
    eachValue((value, row) => {
      data[row] = read(value as never)
    })
    return makeData({ type, length: count, nullCount, nullBitmap, data } as never)
  }
  if (type instanceof Int32) return fixed(new Int32Array(count), (value: number) => value)
  if (type instanceof Float64) return fixed(new Float64Array(count), (value: number) => value)
  if (type instanceof Int64) return fixed(new BigInt64Array(count), (value: bigint) => value)
  if (type instanceof TimestampMicrosecond) return fixed(new BigInt64Array(count), (value: { micros: bigint }) => value.micros)
  if (type instanceof Bool) {
    const data = new Uint8Array(Math.ceil(count / 8))
    eachValue((value, row) => {
      if (value === true) data[row >> 3] = (data[row >> 3] ?? 0) | (1 << (row & 7))
    })
    return makeData({ type, length: count, nullCount, nullBitmap, data })
  }
  return textData(type, eachValue, count, () => nullCount, nullBitmap)
}

function textData(type: DataType, eachValue: (take: (value: unknown, row: number) => void) => void, count: number, nullCount: () => number, nullBitmap: Uint8Array): Data {
  const valueOffsets = new Int32Array(count + 1)
  const parts: Buffer[] = []
  let length = 0
  let next = 0
  eachValue((value, row) => {
    valueOffsets.fill(length, next, row + 1)
    const bytes = typeof value === 'string' ? Buffer.from(value, 'utf8') : Buffer.from((value as { bytes: Uint8Array }).bytes)
    parts.push(bytes)
    length += bytes.length
    next = row + 1
  })
  valueOffsets.fill(length, next)
  return makeData({ type, length: count, nullCount: nullCount(), nullBitmap, valueOffsets, data: Buffer.concat(parts) } as never)
}
