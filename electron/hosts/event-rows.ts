import { tableFromIPC, type Vector } from 'apache-arrow'
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
  readonly payload: string | null
  readonly attributes: Readonly<Record<string, unknown>>
}

const fixed = new Set(['source', 'topic', 'partition', 'offset', 'time', 'broker_time', 'type', 'key', 'late', 'id', 'correlationid', 'causationid', 'payload'])

/** Reads the events of one Arrow batch; every other column is an attribute. Times are microseconds. */
export function* readEvents(bytes: Uint8Array): Generator<EventRow> {
  const table = tableFromIPC(bytes)
  const columns = new Map(table.schema.fields.map((field, index) => [field.name, table.getChildAt(index)]))
  const times = rawTimes(columns.get('time'))
  const brokerTimes = rawTimes(columns.get('broker_time'))
  const attributes = table.schema.fields.filter(({ name }) => !fixed.has(name))
  for (let row = 0; row < table.numRows; row++) {
    const at = (name: string): unknown => columns.get(name)?.get(row) ?? null
    yield {
      time: times(row),
      brokerTime: brokerTimes(row),
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
        attributes.flatMap(({ name, type }) => {
          const value = at(name)
          if (value === null) return []
          return [[name, type.toString().startsWith('Timestamp') ? formatTime(rawTimes(columns.get(name))(row)) : value]]
        }),
      ),
    }
  }
}

/** Arrow's reader gives a timestamp as milliseconds, which loses the microseconds; the column itself has them. */
function rawTimes(column: Vector | null | undefined): (row: number) => bigint {
  const starts: number[] = []
  let rows = 0
  for (const data of column?.data ?? []) {
    starts.push(rows)
    rows += data.length
  }
  return (row) => {
    const part = starts.findLastIndex((start) => start <= row)
    const values = column?.data[part]?.values as BigInt64Array | undefined
    return values?.[row - (starts[part] ?? 0)] ?? 0n
  }
}
