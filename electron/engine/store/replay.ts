import type { Mapping } from '../../../shared/model/mapping.ts'
import { waitingReasons } from '../../../shared/model/decoder.ts'
import type { PayloadFormat } from '../../../shared/model/source.ts'
import type { Decoded, RawRecord } from '../decode/record.ts'
import type { RecordBatch } from '../sources/record-batch.ts'
import { RecordBatchBuilder } from '../sources/record-batch.ts'
import { eventOrder } from './compact.ts'
import { rows, row, transaction, type Database, type DuckDBConnection } from './database.ts'
import { commitMany } from './hidden-until-commit.ts'
import { headersFromText, writeIncoming } from './incoming.ts'
import { planMapped } from './ingest.ts'
import { mappingSql } from './mapping-sql.ts'
import { loadPartitions, savePartitionsSql, type PartitionState, type PartitionStates } from './partitions.ts'
import { updateSource, type StoredSource } from './sources.ts'

/** Decodes records once more, from the bytes that were kept. */
export type Redecode = (batch: RecordBatch) => Promise<readonly Decoded[]>

/** Decodes a part of a source's history once more. `waited` are the rows that were waiting for a registry before. */
export type RedecodeHistory = (batch: RecordBatch, waited: ReadonlySet<number>) => Promise<readonly Decoded[]>

/** Offsets that one step of a replay reads: about one run. */
const stepOffsets = 160_000n

/** Dead letters that decoding decides about; a row that its file could not give stays what it is. */
const decodable = "reason <> 'bad_row'"

/** After the minutes that it may take, it can wait for a moment in which nobody reads: without one all rows are held in memory once more. */
const patienceMs = 10_000

/** Where the replayed rows wait until all of them are there. */
const shadow = 'replayed'

/**
 * Decodes and maps everything of a source anew from the stored bytes, dead letters included, and then puts it in the
 * place of the old, in one transaction: until then the old events stay as they are, and a crash leaves them so.
 */
export async function replaySource(
  database: Database,
  source: StoredSource,
  change: { readonly mapping: Mapping; readonly format: PayloadFormat },
  redecode: RedecodeHistory,
  onProgress: (done: number, total: number) => void,
): Promise<void> {
  const connection = database.writer
  const changed: StoredSource = { ...source, ...change }
  await transaction(connection, () => updateColumns(connection, source, changed))
  await dropShadows(connection)
  await connection.run(`CREATE TABLE ${shadow}_events AS FROM events LIMIT 0; CREATE TABLE ${shadow}_dead AS FROM dead_letters LIMIT 0`)
  const before = await loadPartitions(connection, source.code)
  const total = [...before.values()].reduce((sum, state) => sum + state.events + state.dead, 0)
  const kept = new Map((await rows(connection, `SELECT partition, count(*) AS n FROM dead_letters WHERE source = ${source.code} AND NOT ${decodable} GROUP BY partition`)).map(({ partition, n }) => [partition as number, Number(n)]))
  let states: PartitionStates = new Map(
    [...before].map(([partition, state]): [number, PartitionState] => [partition, { ...state, newestTime: undefined, events: 0, dead: kept.get(partition) ?? 0, late: 0, bytes: 0 }]),
  )
  let done = 0
  for (const [partition, { ranges }] of before) {
    for (const range of ranges) {
      for (let first = range.first; first < range.next; first += stepOffsets) {
        const next = first + stepOffsets < range.next ? first + stepOffsets : range.next
        const { batch, waited } = await readRaw(connection, source, partition, first, next)
        if (batch.size === 0) continue
        const current = states
        states = await transaction(connection, () => replayBatch(connection, changed, current, batch, (records) => redecode(records, waited)))
        done += batch.size
        onProgress(done, total)
      }
    }
  }
  const replace = async (): Promise<void> => {
    for (const table of ['events', 'recent']) await connection.run(`DELETE FROM ${table} WHERE source = ${source.code}`)
    await connection.run(`DELETE FROM dead_letters WHERE source = ${source.code} AND ${decodable}`)
    await connection.run(`INSERT INTO events BY NAME FROM ${shadow}_events; INSERT INTO dead_letters FROM ${shadow}_dead`)
    await connection.run(savePartitionsSql(source.code, states))
    await updateSource(connection, changed)
  }
  await transaction(connection, replace, () => commitMany(database, connection, ['events', 'dead_letters'], patienceMs))
  await dropShadows(connection)
}

/** Removes what a replay that was cut off has left behind. */
export async function dropShadows(connection: DuckDBConnection): Promise<void> {
  await connection.run(`DROP TABLE IF EXISTS ${shadow}_events; DROP TABLE IF EXISTS ${shadow}_dead`)
}

/** What one step of a retry has done, and behind which dead letter the next one begins; undefined at the end. */
export interface Retried {
  readonly events: number
  readonly dead: number
  readonly after: { readonly partition: number; readonly offset: bigint } | undefined
}

/** Dead letters that one step of a retry reads. */
const retryRecords = 5_000

/** Tries dead letters once more, some of them at a time; what decodes now becomes events, the rest stays with its reason of now. */
export async function retryDeadLetters(connection: DuckDBConnection, source: StoredSource, reasons: readonly string[], after: Retried['after'], redecode: Redecode): Promise<Retried> {
  const wanted = reasons.map((reason) => `'${reason}'`).join(', ')
  const behind = after === undefined ? '' : `AND (partition, "offset") > (${after.partition}, ${after.offset})`
  const found = await rows(
    connection,
    `SELECT partition, "offset", epoch_us(broker_time) AS broker_us, record_key, headers, payload FROM dead_letters
     WHERE source = ${source.code} AND reason IN (${wanted}) ${behind} ORDER BY partition, "offset" LIMIT ${retryRecords}`,
  )
  const last = found.at(-1)
  if (last === undefined) return { events: 0, dead: 0, after: undefined }
  const next = { partition: last.partition as number, offset: last.offset as bigint }
  const batch = toBatch(found)
  const decoded = await redecode(batch)
  // while the registry is still away there is nothing to write
  if (decoded.every((made) => made.kind === 'dead' && waitingReasons.includes(made.reason))) return { events: 0, dead: found.length, after: next }
  return transaction(connection, async () => {
    const before = await loadPartitions(connection, source.code)
    await writeIncoming(connection, batch, decoded)
    const perPartition = await rows(connection, 'SELECT partition, count(*) AS n FROM incoming GROUP BY partition')
    const without = new Map(before)
    for (const { partition, n } of perPartition) {
      const state = before.get(partition as number)
      if (state !== undefined) without.set(partition as number, { ...state, dead: state.dead - Number(n) })
    }
    await connection.run(`DELETE FROM dead_letters d USING incoming i WHERE d.source = ${source.code} AND d.partition = i.partition AND d."offset" = i."offset"`)
    await connection.run(mappingSql(source.mapping, source.topic))
    const { sql, states: after } = await planMapped(connection, source, without, { events: 'recent', dead: 'dead_letters' })
    await connection.run(sql)
    // the bytes were counted when the records first came
    const states = new Map([...after].map(([partition, state]): [number, PartitionState] => [partition, { ...state, bytes: before.get(partition)?.bytes ?? state.bytes }]))
    await connection.run(savePartitionsSql(source.code, states))
    const { dead } = await row(connection, `SELECT count(*) AS dead FROM mapped WHERE reason IS NOT NULL`)
    return { events: batch.size - Number(dead), dead: Number(dead), after: next }
  })
}

async function updateColumns(connection: DuckDBConnection, source: StoredSource, changed: StoredSource): Promise<void> {
  // the columns of the new attributes have to be there for the shadow table; the mapping itself changes at the end
  await updateSource(connection, changed)
  await updateSource(connection, source)
}

async function replayBatch(connection: DuckDBConnection, source: StoredSource, states: PartitionStates, batch: RecordBatch, redecode: Redecode): Promise<PartitionStates> {
  await writeIncoming(connection, batch, await redecode(batch))
  await connection.run(mappingSql(source.mapping, source.topic))
  const planned = await planMapped(connection, source, states, { events: `${shadow}_events`, dead: `${shadow}_dead` }, `key, ${eventOrder}`)
  await connection.run(planned.sql)
  return planned.states
}

async function readRaw(connection: DuckDBConnection, source: StoredSource, partition: number, first: bigint, next: bigint): Promise<{ readonly batch: RecordBatch; readonly waited: ReadonlySet<number> }> {
  const columns = 'partition, "offset", epoch_us(broker_time) AS broker_us, record_key, headers, payload'
  const where = `WHERE source = ${source.code} AND partition = ${partition} AND "offset" >= ${first} AND "offset" < ${next}`
  const found = await rows(
    connection,
    `SELECT ${columns}, NULL AS reason FROM events ${where} UNION ALL SELECT ${columns}, NULL FROM recent ${where} UNION ALL SELECT ${columns}, reason FROM dead_letters ${where} AND ${decodable} ORDER BY "offset"`,
  )
  const waited = found.flatMap(({ reason }, row) => ((waitingReasons as readonly unknown[]).includes(reason) ? [row] : []))
  return { batch: toBatch(found), waited: new Set(waited) }
}

/** Rows of partition, offset, broker_us, record_key, headers and payload as the batch that they once were part of. */
export function toBatch(found: readonly Record<string, unknown>[]): RecordBatch {
  const builder = new RecordBatchBuilder()
  for (const record of found) {
    const { key, value, headers } = rawRecord(record)
    builder.add(record.partition as number, Number(record.offset), Number(record.broker_us), key, value, headers)
  }
  return builder.take()
}

function rawRecord(record: Record<string, unknown>): RawRecord {
  const bytes = (value: unknown): Buffer | null => (value === null ? null : Buffer.from(value as Uint8Array))
  return { key: bytes(record.record_key), value: bytes(record.payload), headers: record.headers === null ? null : headersFromText(record.headers as string) }
}
