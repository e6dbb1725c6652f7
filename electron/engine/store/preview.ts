import type { Mapping } from '../../../shared/model/mapping.ts'
import type { MappedRecord, SampleRecord } from '../../../shared/model/sample.ts'
import type { Decoded } from '../decode/record.ts'
import { RecordBatchBuilder } from '../sources/record-batch.ts'
import { rows, type Database } from './database.ts'
import { writeIncoming } from './incoming.ts'
import { attributeColumn, mappingSql } from './mapping-sql.ts'

/**
 * What a mapping makes of records that were looked at, by the very rules that storing them will follow; nothing is
 * stored. In the order of the records.
 *
 * @throws AppError BAD_MAPPING when a path cannot be read
 */
export async function previewMapping(database: Database, records: readonly SampleRecord[], mapping: Mapping, topic: string): Promise<MappedRecord[]> {
  const builder = new RecordBatchBuilder()
  for (const [index, record] of records.entries()) {
    const headers = record.headers.map(({ name, value }) => ({ name, value: value === undefined ? null : Buffer.from(value) }))
    builder.add(record.partition, index, record.brokerTime * 1000, record.key === undefined ? null : Buffer.from(record.key), record.data === undefined ? null : Buffer.from(record.data), headers.length === 0 ? null : headers)
  }
  const connection = await database.connect()
  try {
    await writeIncoming(connection, builder.take(), records.map(toDecoded))
    await connection.run(mappingSql(mapping, topic))
    const mapped = await rows(connection, 'SELECT * REPLACE (epoch_us(time) AS time) FROM mapped ORDER BY "offset"')
    return mapped.map((row) => ({
      ...(typeof row.key_text === 'string' ? { key: row.key_text } : {}),
      ...(typeof row.type_text === 'string' ? { type: row.type_text } : {}),
      ...(typeof row.time === 'bigint' ? { time: row.time } : {}),
      attributes: Object.fromEntries(mapping.attributes.flatMap(({ name }) => {
        const value = row[attributeColumn(name)]
        return value === null || value === undefined ? [] : [[name, textOf(value)]]
      })),
      ...(typeof row.reason === 'string' ? { problem: typeof row.detail === 'string' ? row.detail : row.reason } : {}),
    }))
  } finally {
    connection.closeSync()
  }
}

function textOf(value: unknown): string {
  return value instanceof Date ? value.toISOString() : typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean' ? String(value) : JSON.stringify(value)
}

function toDecoded({ decoder, data, context, dead }: SampleRecord): Decoded {
  if (dead !== undefined) return { kind: 'dead', reason: dead.reason, detail: dead.detail, schema: null }
  return { kind: 'event', decoder: decoder ?? 'json', data: data ?? null, context: context ?? null, schema: null }
}
