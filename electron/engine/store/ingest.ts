import type { Decoded } from '../decode/record.ts'
import type { RecordBatch } from '../sources/record-batch.ts'
import { atomically, identifier, literal, type DuckDBConnection } from './database.ts'
import { rowGroupRows } from './compact.ts'
import { hiddenUntilCommit } from './hidden-until-commit.ts'
import { writeIncoming } from './incoming.ts'
import { attributeColumn, mappingSql } from './mapping-sql.ts'
import { eventColumnNames } from './migrations.ts'
import { emptyPartition, savePartitionsSql, type PartitionState, type PartitionStates } from './partitions.ts'
import { addRange } from './ranges.ts'
import { Watermarks, type LateRow } from './watermarks.ts'
import type { StoredSource } from './sources.ts'

/** Where mapped rows go. */
export interface Tables {
  readonly events: string
  readonly dead: string
}

/** Where new records go. */
const arrival: Tables = { events: 'recent', dead: 'dead_letters' }

/** What one transaction has stored. */
export interface Stored {
  readonly events: number
  readonly dead: number
  readonly late: number
  readonly bytes: number
}

/**
 * Decodes JSON and maps a batch into the temporary table `mapped` of a connection. It writes nothing to the store, so a
 * second connection can prepare the next batch while this one is being stored.
 */
export async function prepareBatch(connection: DuckDBConnection, source: StoredSource, batch: RecordBatch, decoded: readonly Decoded[]): Promise<void> {
  if (batch.size === 0) return
  await writeIncoming(connection, batch, decoded)
  await remapBatch(connection, source)
}

/** Maps the batch that was written to `incoming` last. */
export async function remapBatch(connection: DuckDBConnection, source: StoredSource): Promise<void> {
  await connection.run(mappingSql(source.mapping, source.topic))
}

/**
 * Stores a batch that was prepared on this connection and says how far its partitions have been read, in one
 * transaction: after any crash, either both are there or neither.
 *
 * @param states what has been read of the source so far; the caller keeps the returned states for the next batch
 * @throws AppError CONFLICT when the batch overlaps what has been read
 */
export async function commitBatch(connection: DuckDBConnection, source: StoredSource, states: PartitionStates, batch: RecordBatch): Promise<{ readonly stored: Stored; readonly states: PartitionStates }> {
  const mapped = batch.size === 0 ? { sql: '', states } : await planMapped(connection, source, states, arrival)
  const changed = new Map<number, PartitionState>()
  for (const { partition, first, next } of batch.progress) {
    const state = changed.get(partition) ?? mapped.states.get(partition) ?? emptyPartition
    changed.set(partition, { ...state, ranges: addRange(state.ranges, { first, next }) })
  }
  const gaps = batch.gaps.map((gap) => `INSERT INTO gaps VALUES (${source.code}, ${gap.partition}, ${gap.first}, ${gap.next}, ${literal(gap.reason)}, now()::TIMESTAMP);`)
  const hidden = batch.size < rowGroupRows ? [] : [arrival.events, arrival.dead].map(hiddenUntilCommit)
  // one text for the whole transaction: each statement sent by itself would cost a trip to DuckDB's thread and back
  await atomically(connection, `${mapped.sql}${hidden.join('')}${savePartitionsSql(source.code, changed)}${gaps.join('')}`)
  const after = new Map([...states, ...changed])
  return { stored: difference(states, after), states: after }
}

/**
 * What it takes to move the rows of the temporary table `mapped` into the store: statements for the caller's transaction
 * (new dictionary entries, events, dead letters), and the states of the partitions afterwards, not yet saved.
 *
 * @param order how the events are to lie in their table; as they came where it is left out
 */
export async function planMapped(connection: DuckDBConnection, source: StoredSource, states: PartitionStates, tables: Tables, order?: string): Promise<{ readonly sql: string; readonly states: PartitionStates }> {
  const watermarks = new Watermarks(source.latenessMs, states)
  await watermarks.pass(connection)
  await markLate(connection, watermarks.late)
  const deadLetters = `INSERT INTO ${tables.dead} SELECT ${source.code}, partition, "offset", broker_time, now()::TIMESTAMP, reason, detail, schema, record_key, headers, payload
    FROM mapped WHERE reason IS NOT NULL;`
  const sql = [encodeKeys, encodeTypes, insertEvents(source, tables.events, watermarks.late.length > 0, order), ...(watermarks.hasDead ? [deadLetters] : [])].join('')
  return { sql, states: watermarks.states }
}

/**
 * Fills the temporary table `batch_keys` with the code of each key of the batch; a new key gets the next free code and
 * goes into the dictionary. The dictionary is scanned once and never copied: a batch has few keys, a dictionary may have
 * millions.
 */
const encodeKeys = `CREATE OR REPLACE TEMP TABLE batch_keys AS
  SELECT text, coalesce(code, (SELECT coalesce(max(code), -1) FROM keys) + (row_number() OVER (PARTITION BY code IS NULL))::INTEGER) AS code, code IS NULL AS is_new
  FROM (SELECT DISTINCT key_text AS text FROM mapped WHERE reason IS NULL AND key_text IS NOT NULL) LEFT JOIN keys ON keys.key = text;
INSERT INTO keys SELECT code, text FROM batch_keys WHERE is_new;`

/** Types are few, so their dictionary itself is joined. */
const encodeTypes = `INSERT INTO types SELECT (SELECT coalesce(max(code), -1) FROM types) + row_number() OVER (), text
  FROM (SELECT DISTINCT type_text AS text FROM mapped WHERE reason IS NULL) ANTI JOIN types ON types.type = text;`

function insertEvents(source: StoredSource, table: string, someAreLate: boolean, order: string | undefined): string {
  const values: Record<string, string> = {
    source: String(source.code),
    ingested_at: 'now()::TIMESTAMP',
    key: 'batch_keys.code',
    type: 'types.code',
    // the left join finds a row only where the event is late
    late: someAreLate ? 'late_rows."offset" IS NOT NULL' : 'false',
  }
  const columns = [...eventColumnNames, ...source.mapping.attributes.map((attribute) => attributeColumn(attribute.name))]
  return `INSERT INTO ${table} (${columns.map(identifier).join(', ')})
    SELECT ${columns.map((column) => `${values[column] ?? `mapped.${identifier(column)}`} AS ${identifier(column)}`).join(', ')}
    FROM mapped LEFT JOIN batch_keys ON batch_keys.text = key_text LEFT JOIN types ON types.type = type_text
    ${someAreLate ? 'LEFT JOIN late_rows ON late_rows.partition = mapped.partition AND late_rows."offset" = mapped."offset"' : ''}
    WHERE reason IS NULL ${order === undefined ? '' : `ORDER BY ${order}`};`
}

/** Fills the temporary table `late_rows` with the positions of late events. */
async function markLate(connection: DuckDBConnection, late: readonly LateRow[]): Promise<void> {
  if (late.length === 0) return
  await connection.run('CREATE OR REPLACE TEMP TABLE late_rows (partition INTEGER, "offset" BIGINT)')
  const appender = await connection.createAppender('late_rows', 'main', 'temp')
  for (const { partition, offset } of late) {
    appender.appendInteger(partition)
    appender.appendBigInt(offset)
    appender.endRow()
  }
  appender.closeSync()
}

function difference(before: PartitionStates, after: PartitionStates): Stored {
  const total = (states: PartitionStates, field: 'events' | 'dead' | 'late' | 'bytes'): number => [...states.values()].reduce((sum, state) => sum + state[field], 0)
  const gained = (field: 'events' | 'dead' | 'late' | 'bytes'): number => total(after, field) - total(before, field)
  return { events: gained('events'), dead: gained('dead'), late: gained('late'), bytes: gained('bytes') }
}
