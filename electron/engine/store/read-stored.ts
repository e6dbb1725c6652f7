import type { RecordBatch } from '../sources/record-batch.ts'
import { rows, type DuckDBConnection } from './database.ts'
import type { PartitionStates } from './partitions.ts'
import { toBatch } from './replay.ts'
import type { StoredSource } from './sources.ts'

/**
 * The newest records of a source as they came, dead letters included, from every partition alike: at most `count`, or one
 * a partition where there are more partitions than that.
 */
export async function readStored(connection: DuckDBConnection, source: StoredSource, states: PartitionStates, count: number): Promise<RecordBatch> {
  const each = Math.max(1, Math.floor(count / Math.max(1, states.size)))
  const columns = 'partition, "offset", epoch_us(broker_time) AS broker_us, record_key, headers, payload'
  const found: Record<string, unknown>[] = []
  for (const [partition, { ranges }] of states) {
    const wanted: Record<string, unknown>[] = []
    // the log may have gaps, so the last offsets may be few records
    for (const range of [...ranges].reverse()) {
      const lacking = each - wanted.length
      if (lacking <= 0) break
      const first = range.next - BigInt(lacking) > range.first ? range.next - BigInt(lacking) : range.first
      const where = `WHERE source = ${source.code} AND partition = ${partition} AND "offset" >= ${first} AND "offset" < ${range.next}`
      wanted.unshift(...(await rows(connection, `SELECT ${columns} FROM events ${where} UNION ALL SELECT ${columns} FROM recent ${where} UNION ALL SELECT ${columns} FROM dead_letters ${where} AND reason <> 'bad_row' ORDER BY "offset"`)))
    }
    found.push(...wanted)
  }
  return toBatch(found)
}
