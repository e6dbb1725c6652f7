import { tableFromIPC, type Vector } from 'apache-arrow'

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

/** A column's values; timestamps as the 64-bit integers that they are, because Arrow's accessor rounds them to milliseconds. */
function values(vector: Vector | null): readonly unknown[] {
  if (vector === null) return []
  return vector.data.flatMap((part) => {
    const raw: unknown = part.values
    if (!String(part.type).startsWith('Timestamp')) return Array.from({ length: part.length }, (_, row) => part.getValid(row) ? undefined : null).map((missing, row) => (missing === null ? null : vector.get(row) as unknown))
    return [...(raw as BigInt64Array).subarray(0, part.length)]
  })
}
