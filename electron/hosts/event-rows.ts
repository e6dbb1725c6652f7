import { DataType, tableFromIPC, type Vector } from 'apache-arrow'
import { attributeOfField, eventColumns } from '../../shared/model/event-columns.ts'
import { formatTime } from './output.ts'

/** One event of a stream, as the command line shows it. */
export interface EventRow {
  readonly time: bigint
  readonly brokerTime: bigint
  readonly type: string
  readonly source: string
  readonly topic: string
  readonly partition: number
  readonly offset: bigint
  readonly key: string | null
  readonly late: boolean
  readonly id: string | null
  readonly correlationid: string | null
  readonly causationid: string | null
  /** JSON text, or plain text where the payload is no JSON. */
  readonly payload: string | null
  readonly attributes: Readonly<Record<string, unknown>>
}

/** Reads the events of one Arrow batch; every column behind those that all events have is an attribute. Times are microseconds. */
export function* readEvents(bytes: Uint8Array): Generator<EventRow> {
  for (const batch of tableFromIPC(bytes).batches) {
    const readers = batch.schema.fields.map((_, index) => columnReader(batch.getChildAt(index)))
    const attributes = batch.schema.fields.map(({ name }, index) => ({ name: attributeOfField(name), index })).slice(eventColumns.length)
    for (let row = 0; row < batch.numRows; row++) {
      const at = (name: (typeof eventColumns)[number]): unknown => readers[eventColumns.indexOf(name)]?.(row) ?? null
      yield {
        time: at('time') as bigint,
        brokerTime: at('broker_time') as bigint,
        type: at('type') as string,
        source: at('source') as string,
        topic: at('topic') as string,
        partition: at('partition') as number,
        offset: at('offset') as bigint,
        key: at('key') as string | null,
        late: at('late') as boolean,
        id: at('id') as string | null,
        correlationid: at('correlationid') as string | null,
        causationid: at('causationid') as string | null,
        payload: at('payload') as string | null,
        attributes: Object.fromEntries(
          attributes.flatMap(({ name, index }) => {
            const value = readers[index]?.(row) ?? null
            if (value === null) return []
            return [[name, DataType.isTimestamp(batch.schema.fields[index]?.type) ? formatTime(value as bigint) : value]]
          }),
        ),
      }
    }
  }
}

/** Reads a column's value by row. Arrow gives a timestamp as milliseconds, which loses the microseconds; its memory has them. */
function columnReader(column: Vector | null): (row: number) => unknown {
  if (column === null) return () => null
  if (!DataType.isTimestamp(column.type)) return (row) => column.get(row) as unknown
  const values = column.data[0]?.values as BigInt64Array | undefined
  return (row) => (column.isValid(row) ? values?.[row] : null)
}
