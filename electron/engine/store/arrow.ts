import { setImmediate } from 'node:timers/promises'
import { makeData, RecordBatch, Schema, Field, Struct, Table, tableToIPC, Utf8, Binary, Bool, Int32, Int64, Float64, TimestampMicrosecond, type Data, type DataType } from 'apache-arrow'
import { DuckDBTypeId, type DuckDBDataChunk, type DuckDBMaterializedResult, type DuckDBResult, type DuckDBType } from '@duckdb/node-api'
import duckdb from '@duckdb/node-bindings'

/**
 * Turns a streaming result into Arrow IPC streams, each complete with its schema, of about `batchRows` rows. Columns are
 * copied from DuckDB's memory whole where they have the same shape there and in Arrow (numbers, times, validity), and
 * byte by byte where they do not (texts): a value of JavaScript is never made. BIGINT is int64, TIMESTAMP is a timestamp
 * in microseconds, UTC.
 */
export async function* toArrow(result: DuckDBResult, batchRows = 65_536): AsyncGenerator<Uint8Array> {
  for await (const table of arrowTables(result, batchRows)) yield tableToIPC(table, 'stream')
}

/** {@link toArrow} for readers in this process, without the way through bytes. */
export async function* arrowTables(result: DuckDBResult, batchRows = 65_536): AsyncGenerator<Table> {
  const names = result.columnNames()
  const types = result.columnTypes()
  const schema = new Schema(names.map((name, index) => new Field(name, arrowType(types[index]), true)))
  let chunks: DuckDBDataChunk[] = []
  let count = 0
  let sent = false
  const flush = (): Table => {
    const table = toTable(schema, types, chunks, count)
    chunks = []
    count = 0
    sent = true
    return table
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

/** After so many chunks others have a turn. */
const chunksOfTurn = 512

/**
 * A result of INTEGER and DOUBLE columns as arrays, copied straight from DuckDB's memory: for millions of rows that are
 * looked at once. NULL is -1 and NaN. The result is whole and not a stream: of that each chunk is waited for in another
 * thread, which takes three times what copying its rows does.
 */
export async function readNumbers(result: DuckDBMaterializedResult): Promise<readonly (Int32Array | Float64Array)[]> {
  const columns = result.columnTypes().map((type) => numbersFor(type, result.rowCount))
  const chunks = result.chunkCount
  let row = 0
  for (let index = 0; index < chunks; index++) {
    if (index % chunksOfTurn === chunksOfTurn - 1) await setImmediate()
    const chunk = result.getChunk(index)
    const count = chunk.rowCount
    for (const [column, into] of columns.entries()) {
      const part = new VectorPart(duckdb.data_chunk_get_vector(chunk.chunk, column), count)
      const data = part.data(into.BYTES_PER_ELEMENT)
      if (into instanceof Int32Array) into.set(new Int32Array(data.buffer, data.byteOffset, count), row)
      else into.set(new Float64Array(data.buffer, data.byteOffset, count), row)
      const validity = part.validity()
      if (validity === null) continue
      const missing = into instanceof Int32Array ? -1 : Number.NaN
      for (let at = 0; at < count; at++) if (((validity[at >> 3] ?? 0) & (1 << (at & 7))) === 0) into[row + at] = missing
    }
    // asked for last: a chunk that nothing looks at any more may be freed, and its memory with it
    row += chunk.rowCount
  }
  return columns
}

function numbersFor(type: DuckDBType, rows: number): Int32Array | Float64Array {
  if (type.typeId === DuckDBTypeId.INTEGER) return new Int32Array(rows)
  if (type.typeId === DuckDBTypeId.DOUBLE) return new Float64Array(rows)
  throw new Error(`no array of numbers for ${String(type)}`)
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

function toTable(schema: Schema, types: readonly DuckDBType[], chunks: readonly DuckDBDataChunk[], count: number): Table {
  const children = schema.fields.map((field, index) => {
    const parts = chunks.map((chunk) => new VectorPart(duckdb.data_chunk_get_vector(chunk.chunk, index), chunk.rowCount))
    return columnData(field.type as DataType, types[index]?.typeId, parts, count)
  })
  const struct = makeData({ type: new Struct(schema.fields), length: count, nullCount: 0, children })
  return new Table([new RecordBatch(schema, struct)])
}

/** One column of one chunk, as it lies in DuckDB's memory (duckdb.h, "duckdb_vector_get_data"). */
class VectorPart {
  readonly rows: number
  private readonly vector: duckdb.Vector

  constructor(vector: duckdb.Vector, rows: number) {
    this.vector = vector
    this.rows = rows
  }

  /** The values, each `width` bytes wide. Where a value is NULL there may be anything. */
  data(width: number): Uint8Array {
    return duckdb.vector_get_data(this.vector, this.rows * width)
  }

  /** One bit a row, lowest first as in Arrow, set where there is a value; null when there are no NULLs. */
  validity(): Uint8Array | null {
    return duckdb.vector_get_validity(this.vector, Math.ceil(this.rows / 64) * 8)
  }
}

type Numbers = Int32Array | Float64Array | BigInt64Array | Uint8Array | Uint16Array
type NumbersOf = { readonly BYTES_PER_ELEMENT: number; new (buffer: ArrayBufferLike, offset: number, length: number): Numbers }

function columnData(type: DataType, stored: DuckDBTypeId | undefined, parts: readonly VectorPart[], count: number): Data {
  const { nullBitmap, nullCount } = joinValidity(parts, count)
  const common = { type, length: count, nullCount, nullBitmap }
  if (type instanceof Utf8 || type instanceof Binary) return makeData({ ...common, ...joinTexts(parts, nullBitmap, count) } as never)
  if (type instanceof Bool) return makeData({ ...common, data: joinBits(parts, count) } as never)
  if (type instanceof Float64) return makeData({ ...common, data: joinNumbers(parts, Float64Array, new Float64Array(count)) } as never)
  if (type instanceof Int32) {
    const from = stored === DuckDBTypeId.UTINYINT ? Uint8Array : stored === DuckDBTypeId.USMALLINT ? Uint16Array : Int32Array
    return makeData({ ...common, data: joinNumbers(parts, from, new Int32Array(count)) } as never)
  }
  return makeData({ ...common, data: joinNumbers(parts, BigInt64Array, new BigInt64Array(count)) } as never)
}

function joinNumbers<T extends Int32Array | Float64Array | BigInt64Array>(parts: readonly VectorPart[], from: NumbersOf, into: T): T {
  let row = 0
  for (const part of parts) {
    const data = part.data(from.BYTES_PER_ELEMENT)
    into.set(new from(data.buffer, data.byteOffset, part.rows) as never, row)
    row += part.rows
  }
  return into
}

function joinBits(parts: readonly VectorPart[], count: number): Uint8Array {
  const bits = new Uint8Array(Math.ceil(count / 8))
  let row = 0
  for (const part of parts) for (const byte of part.data(1)) setBit(bits, row++, byte === 1)
  return bits
}

function joinValidity(parts: readonly VectorPart[], count: number): { readonly nullBitmap: Uint8Array; readonly nullCount: number } {
  const nullBitmap = new Uint8Array(Math.ceil(count / 8)).fill(0xff)
  let nullCount = 0
  let row = 0
  for (const part of parts) {
    const validity = part.validity()
    for (let index = 0; validity !== null && index < part.rows; index++) {
      if (((validity[index >> 3] ?? 0) & (1 << (index & 7))) !== 0) continue
      setBit(nullBitmap, row + index, false)
      nullCount++
    }
    row += part.rows
  }
  return { nullBitmap, nullCount }
}

/**
 * A text is 16 bytes in DuckDB: its length, and then itself when it has at most 12 bytes, or else a pointer
 * (duckdb.h, "duckdb_string_t").
 */
function joinTexts(parts: readonly VectorPart[], validity: Uint8Array, count: number): { readonly valueOffsets: Int32Array; readonly data: Uint8Array } {
  const valueOffsets = new Int32Array(count + 1)
  let bytes: Buffer = Buffer.allocUnsafe(Math.max(1024, count * 16))
  let end = 0
  let row = 0
  for (const part of parts) {
    const slots = part.data(16)
    const view = new DataView(slots.buffer, slots.byteOffset, slots.byteLength)
    for (let index = 0; index < part.rows; index++, row++) {
      if (((validity[row >> 3] ?? 0) & (1 << (row & 7))) !== 0) {
        const length = view.getUint32(index * 16, true)
        if (end + length > bytes.length) bytes = grown(bytes, end + length)
        if (length <= 12) for (let at = 0; at < length; at++) bytes[end + at] = slots[index * 16 + 4 + at] ?? 0
        else bytes.set(duckdb.get_data_from_pointer(slots.buffer as ArrayBuffer, slots.byteOffset + index * 16 + 8, length), end)
        end += length
      }
      valueOffsets[row + 1] = end
    }
  }
  return { valueOffsets, data: bytes.subarray(0, end) }
}

function grown(bytes: Buffer, wanted: number): Buffer {
  const larger = Buffer.allocUnsafe(Math.max(wanted, bytes.length * 2))
  larger.set(bytes)
  return larger
}

function setBit(bits: Uint8Array, row: number, value: boolean): void {
  const mask = 1 << (row & 7)
  bits[row >> 3] = value ? (bits[row >> 3] ?? 0) | mask : (bits[row >> 3] ?? 0) & ~mask
}
