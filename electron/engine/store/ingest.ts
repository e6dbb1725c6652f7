import type { Decoded } from '../decode/record.ts'
import type { RecordBatch } from '../sources/record-batch.ts'
import { identifier, transaction, type DuckDBConnection } from './database.ts'
import { writeIncoming } from './incoming.ts'
import { attributeColumn, mappingSql } from './mapping-sql.ts'
import { eventColumnNames } from './migrations.ts'
import { emptyPartition, savePartitions, type PartitionState, type PartitionStates } from './partitions.ts'
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
  return transaction(connection, async () => {
    const counted = batch.size === 0 ? states : await storeMapped(connection, source, states, arrival)
    const changed = new Map<number, PartitionState>()
    for (const { partition, first, next } of batch.progress) {
      const state = changed.get(partition) ?? counted.get(partition) ?? emptyPartition
      changed.set(partition, { ...state, ranges: addRange(state.ranges, { first, next }) })
    }
    await savePartitions(connection, source.code, changed)
    for (const gap of batch.gaps) {
      await connection.run('INSERT INTO gaps VALUES ($1, $2, $3, $4, $5, now()::TIMESTAMP)', [source.code, gap.partition, gap.first, gap.next, gap.reason])
    }
    const after = new Map([...states, ...changed])
    return { stored: difference(states, after), states: after }
  })
}

/**
 * Moves the rows of the temporary table `mapped` into the store: new dictionary entries, events, dead letters. Runs
 * inside the caller's transaction and returns the new states of the partitions, not yet saved.
 */
export async function storeMapped(connection: DuckDBConnection, source: StoredSource, states: PartitionStates, tables: Tables, order?: string): Promise<PartitionStates> {
  const watermarks = new Watermarks(source.latenessMs, states)
  await watermarks.pass(connection)
  await encode(connection, 'keys', 'key')
  await encode(connection, 'types', 'type')
  await markLate(connection, watermarks.late)
  await insertEvents(connection, source, tables.events, watermarks.late.length > 0, order)
  if (watermarks.hasDead) {
    await connection.run(`INSERT INTO ${tables.dead} SELECT ${source.code}, partition, "offset", broker_time, now()::TIMESTAMP, reason, detail, schema, record_key, headers, payload
      FROM mapped WHERE reason IS NOT NULL`)
  }
  return watermarks.states
}

async function insertEvents(connection: DuckDBConnection, source: StoredSource, table: string, someAreLate: boolean, order: string | undefined): Promise<void> {
  const values: Record<string, string> = {
    source: String(source.code),
    ingested_at: 'now()::TIMESTAMP',
    key: 'batch_keys.code',
    type: 'batch_types.code',
    // the left join finds a row only where the event is late
    late: someAreLate ? 'late_rows."offset" IS NOT NULL' : 'false',
  }
  const columns = [...eventColumnNames, ...source.mapping.attributes.map((attribute) => attributeColumn(attribute.name))]
  await connection.run(`INSERT INTO ${table} (${columns.map(identifier).join(', ')})
    SELECT ${columns.map((column) => values[column] ?? `mapped.${identifier(column)}`).join(', ')}
    FROM mapped LEFT JOIN batch_keys ON batch_keys.text = key_text LEFT JOIN batch_types ON batch_types.text = type_text
    ${someAreLate ? 'LEFT JOIN late_rows ON late_rows.partition = mapped.partition AND late_rows."offset" = mapped."offset"' : ''}
    WHERE reason IS NULL ${order === undefined ? '' : `ORDER BY ${order}`}`)
}

/**
 * Fills the temporary table `batch_keys` (or `batch_types`) with the code of each text of the batch; a new text gets the
 * next free code and goes into the dictionary. The dictionary is scanned once and never copied: a batch has few texts,
 * a dictionary may have millions.
 */
async function encode(connection: DuckDBConnection, table: 'keys' | 'types', column: 'key' | 'type'): Promise<void> {
  await connection.run(`CREATE OR REPLACE TEMP TABLE batch_${table} AS
    SELECT text, coalesce(code, (SELECT coalesce(max(code), -1) FROM ${table}) + (row_number() OVER (PARTITION BY code IS NULL))::INTEGER) AS code, code IS NULL AS is_new
    FROM (SELECT DISTINCT ${column}_text AS text FROM mapped WHERE reason IS NULL AND ${column}_text IS NOT NULL) LEFT JOIN ${table} ON ${table}.${column} = text`)
  await connection.run(`INSERT INTO ${table} SELECT code, text FROM batch_${table} WHERE is_new`)
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
