import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BIGINT, BLOB, BOOLEAN, DOUBLE, DuckDBDataChunk, DuckDBInstance, INTEGER, TIMESTAMP, USMALLINT, UTINYINT, VARCHAR } from '@duckdb/node-api'
import duckdb from '@duckdb/node-bindings'
import { fileMb } from './ingest.ts'
import { shopRecords } from './shop-records.ts'

/**
 * Part (c) of the ingest bench: the rows that (b) ends up with, ready in memory, written by the appender alone into the
 * same columns, as typed vectors, 20,000 rows a transaction, each durable. Half of the rows stand in memory at a time.
 */
const wanted = Number(process.argv[4] ?? 0)
const batchRows = 20_000
const folder = mkdtempSync(join(tmpdir(), 'undercurrent-bench-'))
const file = join(folder, 'bare.duckdb')
const instance = await DuckDBInstance.create(file, { threads: '2', memory_limit: '320MB', checkpoint_threshold: '256MB' })
const connection = await instance.connect()
const nullTexts = ['id', 'subject', 'origin', 'sequence', 'correlationid', 'causationid', 'traceparent', 'dataschema', 'context', 'headers', 'data']
const columns = [
  ['source', USMALLINT], ['partition', INTEGER], ['offset', BIGINT], ['time', TIMESTAMP], ['broker_time', TIMESTAMP], ['ingested_at', TIMESTAMP],
  ['key', INTEGER], ['type', INTEGER], ['decoder', UTINYINT], ['late', BOOLEAN], ['price', DOUBLE],
  ['record_key', BLOB], ['payload', BLOB], ['product_id', VARCHAR], ['user_session', VARCHAR], ['path', VARCHAR], ['referrer', VARCHAR], ['device', VARCHAR],
  ...nullTexts.map((name) => [name, VARCHAR] as const),
] as const
const types = columns.map(([, type]) => type)
await connection.run(`CREATE TABLE events (${columns.map(([name, type]) => `"${name}" ${type.toString()}`).join(', ')}); CREATE TABLE ranges (next BIGINT); INSERT INTO ranges VALUES (0)`)

interface Row {
  readonly texts: readonly (Buffer | null)[]
  readonly key: number
  readonly time: bigint
  readonly price: number
}

function toRow(value: string): Row {
  const event = JSON.parse(value) as { event_time: string; user_id: string; price: number; product_id: string; user_session: string; page: { path: string; referrer: string | null }; device: string }
  const texts = [event.user_id, value, event.product_id, event.user_session, event.page.path, event.page.referrer, event.device].map((text) => (text === null ? null : Buffer.from(text)))
  return { texts, key: Number(event.user_id.slice(1)), time: BigInt(Date.parse(event.event_time)) * 1000n, price: event.price }
}

function toChunk(rows: readonly Row[], first: number): DuckDBDataChunk {
  const count = rows.length
  const chunk = DuckDBDataChunk.create(types, count)
  const vectors = types.map((_, index) => duckdb.data_chunk_get_vector(chunk.chunk, index))
  const times = BigInt64Array.from(rows, ({ time }) => time)
  const numbers = [
    new Uint16Array(count), new Int32Array(count), BigInt64Array.from(rows, (_, index) => BigInt(first + index)), times, times, times,
    Int32Array.from(rows, ({ key }) => key), new Int32Array(count), new Uint8Array(count), new Uint8Array(count), Float64Array.from(rows, ({ price }) => price),
  ]
  for (const [index, values] of numbers.entries()) duckdb.copy_data_to_vector(vectors[index] as duckdb.Vector, 0, values.buffer, 0, values.byteLength)
  for (let text = 0; text < 7; text++) {
    const vector = vectors[numbers.length + text] as duckdb.Vector
    const validity = new Uint8Array(Math.ceil(count / 64) * 8)
    for (let index = 0; index < count; index++) {
      const bytes = rows[index]?.texts[text] ?? null
      if (bytes === null) continue
      duckdb.vector_assign_string_element_len(vector, index, bytes)
      validity[index >> 3] = (validity[index >> 3] ?? 0) | (1 << (index & 7))
    }
    setValidity(vector, validity)
  }
  for (let index = numbers.length + 7; index < vectors.length; index++) setValidity(vectors[index] as duckdb.Vector, new Uint8Array(Math.ceil(count / 64) * 8))
  return chunk
}

function setValidity(vector: duckdb.Vector, bits: Uint8Array): void {
  duckdb.vector_ensure_validity_writable(vector)
  duckdb.copy_data_to_vector_validity(vector, 0, bits.buffer as ArrayBuffer, 0, bits.byteLength)
}

let milliseconds = 0
let cpu = 0
let events = 0
const source = shopRecords(wanted, 4)
while (events < wanted) {
  const rows: Row[] = []
  while (rows.length < Math.min(batchRows * 10, wanted - events)) rows.push(toRow((source.next().value as { value: string }).value))
  const cpuBefore = process.cpuUsage()
  const started = performance.now()
  for (let at = 0; at < rows.length; at += batchRows) {
    const batch = rows.slice(at, at + batchRows)
    await connection.run('BEGIN')
    const appender = await connection.createAppender('events')
    for (let start = 0; start < batch.length; start += 2048) appender.appendDataChunk(toChunk(batch.slice(start, start + 2048), events + at + start))
    appender.closeSync()
    await connection.run(`UPDATE ranges SET next = ${events + at + batch.length}`)
    await connection.run('COMMIT')
  }
  milliseconds += performance.now() - started
  const { user, system } = process.cpuUsage(cpuBefore)
  cpu += user + system
  events += rows.length
}
const mb = fileMb(file)
connection.closeSync()
instance.closeSync()
rmSync(folder, { recursive: true, force: true })
process.stdout.write(`${JSON.stringify({ events, seconds: milliseconds / 1000, peakMb: process.resourceUsage().maxRSS / 1024, cpuSeconds: cpu / 1e6, notes: { 'file MB': mb } })}\n`)
