import duckdb from '@duckdb/node-bindings'
import { BIGINT, BLOB, DuckDBDataChunk, INTEGER, TIMESTAMP, UTINYINT, VARCHAR, type DuckDBType } from '@duckdb/node-api'
import { decoders } from '../../../shared/model/decoder.ts'
import type { Decoded, Header } from '../decode/record.ts'
import type { RecordBatch } from '../sources/record-batch.ts'
import type { DuckDBConnection } from './database.ts'

/** Columns of the temporary table `incoming`: one batch as it came, before the mapping. */
const columns: readonly (readonly [name: string, type: DuckDBType, sql: string])[] = [
  ['partition', INTEGER, 'INTEGER'],
  ['offset', BIGINT, 'BIGINT'],
  ['broker_time', TIMESTAMP, 'TIMESTAMP'],
  ['decoder', UTINYINT, 'UTINYINT'],
  ['schema', INTEGER, 'INTEGER'],
  ['reason', VARCHAR, 'VARCHAR'],
  ['detail', VARCHAR, 'VARCHAR'],
  ['context', VARCHAR, 'VARCHAR'],
  ['record_key', BLOB, 'BLOB'],
  ['headers', VARCHAR, 'VARCHAR'],
  ['payload', BLOB, 'BLOB'],
  ['data', VARCHAR, 'VARCHAR'],
]
const types = columns.map(([, type]) => type)
const definition = columns.map(([name, , sql]) => `"${name}" ${sql}`).join(', ')

/** DuckDB's vector size: the most rows a data chunk holds. */
const chunkRows = 2048

/**
 * Writes a batch into the temporary table `incoming`, replacing what was there. Bytes go into DuckDB's vectors as they
 * are, without becoming JavaScript strings; this is the hot path (about 0.8 µs a record).
 */
export async function writeIncoming(connection: DuckDBConnection, batch: RecordBatch, decoded: readonly Decoded[]): Promise<void> {
  await connection.run(`CREATE OR REPLACE TEMP TABLE incoming (${definition})`)
  const appender = await connection.createAppender('incoming', 'main', 'temp')
  for (let start = 0; start < batch.size; start += chunkRows) {
    appender.appendDataChunk(toChunk(batch, decoded, start, Math.min(chunkRows, batch.size - start)))
  }
  appender.closeSync()
}

function toChunk(batch: RecordBatch, decoded: readonly Decoded[], start: number, count: number): DuckDBDataChunk {
  const chunk = DuckDBDataChunk.create(types, count)
  const [partition, offset, brokerTime, decoder, schema, reason, detail, context, recordKey, headers, payload, data] = types.map((_, index) => duckdb.data_chunk_get_vector(chunk.chunk, index)) as [
    Vector, Vector, Vector, Vector, Vector, Vector, Vector, Vector, Vector, Vector, Vector, Vector,
  ]
  copyNumbers(partition, batch.partitions.slice(start, start + count))
  copyNumbers(offset, batch.offsets.slice(start, start + count))
  copyNumbers(brokerTime, batch.brokerTimes.slice(start, start + count))

  const decoderCodes = new Uint8Array(count)
  const schemas = new Int32Array(count)
  const hasSchema = new Validity(count)
  const reasons = new Texts(reason, count)
  const details = new Texts(detail, count)
  const contexts = new Texts(context, count)
  const recordKeys = new Texts(recordKey, count)
  const headerTexts = new Texts(headers, count)
  const payloads = new Texts(payload, count)
  const datas = new Texts(data, count)
  for (let index = 0; index < count; index++) {
    const row = start + index
    const made = decoded[row]
    if (made === undefined) throw new Error(`record ${row} of ${batch.size} has no decoding`)
    if (made.kind === 'event') {
      decoderCodes[index] = decoders.indexOf(made.decoder)
      if (made.context !== null) contexts.setText(index, made.context)
      if (made.data !== null) datas.setText(index, made.data)
    } else {
      reasons.setText(index, made.reason)
      details.setText(index, made.detail)
    }
    if (made.schema !== null) {
      schemas[index] = made.schema
      hasSchema.set(index)
    }
    const key = batch.keys[row]
    if (key) recordKeys.setBytes(index, key)
    const value = batch.values[row]
    if (value) payloads.setBytes(index, value)
    const recordHeaders = batch.headers[row]
    if (recordHeaders) headerTexts.setText(index, headersToText(recordHeaders))
  }
  copyNumbers(decoder, decoderCodes)
  copyNumbers(schema, schemas)
  hasSchema.write(schema)
  for (const texts of [reasons, details, contexts, recordKeys, headerTexts, payloads, datas]) texts.finish()
  return chunk
}

type Vector = duckdb.Vector

/** Which rows of a vector hold a value: a bit a row, as DuckDB keeps it. */
class Validity {
  private readonly bits: Uint8Array
  private marked = 0
  private readonly count: number

  constructor(count: number) {
    this.count = count
    this.bits = new Uint8Array(Math.ceil(count / 64) * 8)
  }

  set(index: number): void {
    this.bits[index >> 3] = (this.bits[index >> 3] ?? 0) | (1 << (index & 7))
    this.marked++
  }

  write(vector: Vector): void {
    if (this.marked === this.count) return
    duckdb.vector_ensure_validity_writable(vector)
    duckdb.copy_data_to_vector_validity(vector, 0, this.bits.buffer as ArrayBuffer, 0, this.bits.byteLength)
  }
}

/** A column of texts or bytes; rows that are not set are NULL. */
class Texts {
  private readonly vector: Vector
  private readonly validity: Validity

  constructor(vector: Vector, count: number) {
    this.vector = vector
    this.validity = new Validity(count)
  }

  setBytes(index: number, bytes: Uint8Array): void {
    duckdb.vector_assign_string_element_len(this.vector, index, bytes)
    this.validity.set(index)
  }

  setText(index: number, text: string): void {
    // a lone surrogate becomes U+FFFD in UTF-8, so what reaches a VARCHAR is always valid
    duckdb.vector_assign_string_element_len(this.vector, index, Buffer.from(text, 'utf8'))
    this.validity.set(index)
  }

  finish(): void {
    this.validity.write(this.vector)
  }
}

function copyNumbers(vector: Vector, values: Int32Array | BigInt64Array | Uint8Array): void {
  duckdb.copy_data_to_vector(vector, 0, values.buffer as ArrayBuffer, values.byteOffset, values.byteLength)
}

/**
 * Headers as the JSON text `[["name", value], …]` in their order; a value is a string where its bytes are UTF-8, else
 * `{"base64": …}`, and null where it is null. Nothing is lost: {@link headersFromText} gives the same bytes back.
 */
export function headersToText(headers: readonly Header[]): string {
  return JSON.stringify(headers.map(({ name, value }) => [name, value === null ? null : encodeValue(value)]))
}

/** The inverse of {@link headersToText}. */
export function headersFromText(text: string): readonly Header[] {
  const pairs = JSON.parse(text) as [string, string | null | { base64: string }][]
  return pairs.map(([name, value]) => ({
    name,
    value: value === null ? null : typeof value === 'string' ? Buffer.from(value, 'utf8') : Buffer.from(value.base64, 'base64'),
  }))
}

function encodeValue(value: Buffer): string | { base64: string } {
  const text = value.toString('utf8')
  return Buffer.from(text, 'utf8').equals(value) ? text : { base64: value.toString('base64') }
}
