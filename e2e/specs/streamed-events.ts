import { DataType, tableFromIPC, type Vector } from 'apache-arrow'

/** An event as the streams `timeline.events` and `events.slice` give it. Times in microseconds since the epoch. */
export interface StreamedEvent {
  readonly source: string
  readonly topic: string
  readonly partition: number
  readonly offset: bigint
  readonly time: bigint
  readonly broker_time: bigint
  readonly type: string
  readonly key: string | null
  readonly late: boolean
  readonly id: string | null
  readonly payload: string | null
  /** Attributes by name. */
  readonly [column: string]: unknown
}

/** Reads the Arrow IPC batches of a stream of events to their end. */
export async function readEvents(batches: AsyncIterable<Uint8Array>): Promise<StreamedEvent[]> {
  const events: StreamedEvent[] = []
  for await (const bytes of batches) {
    const table = tableFromIPC(bytes)
    const columns = table.schema.fields.map(({ name }) => [name, values(table.getChild(name))] as const)
    for (let row = 0; row < table.numRows; row++) events.push(Object.fromEntries(columns.map(([name, column]) => [name, column[row]])) as StreamedEvent)
  }
  return events
}

function values(vector: Vector | null): readonly unknown[] {
  if (vector === null) return []
  if (!DataType.isTimestamp(vector.type)) return [...vector]
  // Arrow's accessor gives milliseconds as a double; the column itself is exact
  return vector.data.flatMap((part) => [...(part.values as BigInt64Array).subarray(0, part.length)].map((time, row) => (part.getValid(row) ? time : null)))
}
