import { rows, type DuckDBConnection } from './database.ts'
import type { Range, Ranges } from './ranges.ts'

/** What one partition of a source has given so far. Stored in the transaction that stores its events. */
export interface PartitionState {
  readonly ranges: Ranges
  /** Newest event time in microseconds, never more than a day ahead of the broker's clock; the watermark follows it. */
  readonly newestTime: bigint | undefined
  readonly events: number
  readonly dead: number
  readonly late: number
  /** Bytes of keys and values as they came. */
  readonly bytes: number
}

/** A source's partitions by number. */
export type PartitionStates = ReadonlyMap<number, PartitionState>

/** A partition of which nothing has been read. */
export const emptyPartition: PartitionState = { ranges: [], newestTime: undefined, events: 0, dead: 0, late: 0, bytes: 0 }

/** Reads the state of every partition of a source. */
export async function loadPartitions(connection: DuckDBConnection, source: number): Promise<PartitionStates> {
  const states = new Map<number, PartitionState>()
  const counted = await rows(
    connection,
    'SELECT partition, epoch_us(newest_time) AS newest, events, dead, late, bytes FROM partitions WHERE source = $1',
    [source],
  )
  for (const row of counted) {
    states.set(row.partition as number, {
      ranges: [],
      newestTime: (row.newest as bigint | null) ?? undefined,
      events: Number(row.events),
      dead: Number(row.dead),
      late: Number(row.late),
      bytes: Number(row.bytes),
    })
  }
  const read = await rows(connection, 'SELECT partition, first_offset, next_offset FROM ranges WHERE source = $1 ORDER BY partition, first_offset', [source])
  for (const row of read) {
    const partition = row.partition as number
    const state = states.get(partition) ?? emptyPartition
    const range: Range = { first: row.first_offset as bigint, next: row.next_offset as bigint }
    states.set(partition, { ...state, ranges: [...state.ranges, range] })
  }
  return states
}

/** Statements that replace the stored state of some partitions; part of the transaction that stores their events. */
export function savePartitionsSql(source: number, changed: PartitionStates): string {
  if (changed.size === 0) return ''
  // numbers only, so the text of the statements cannot carry anything else
  const where = `WHERE source = ${source} AND partition IN (${[...changed.keys()].join(', ')})`
  const counts = [...changed].map(
    ([partition, state]) =>
      `(${source}, ${partition}, ${state.newestTime === undefined ? 'NULL' : `make_timestamp(${state.newestTime})`}, ${state.events}, ${state.dead}, ${state.late}, ${state.bytes})`,
  )
  const ranges = [...changed].flatMap(([partition, state]) => state.ranges.map((range) => `(${source}, ${partition}, ${range.first}, ${range.next})`))
  const insertRanges = ranges.length === 0 ? '' : `INSERT INTO ranges VALUES ${ranges.join(', ')};`
  return `DELETE FROM partitions ${where}; DELETE FROM ranges ${where}; INSERT INTO partitions VALUES ${counts.join(', ')}; ${insertRanges}`
}
