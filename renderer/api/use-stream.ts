import { keepPreviousData, useQuery, type UseQueryResult } from '@tanstack/react-query'
import { Table, tableFromIPC } from 'apache-arrow'
import type { Client } from '../../shared/contract/client.ts'
import type { StreamInput, StreamName } from '../../shared/contract/streams.ts'
import { useEngine, useEngineState } from './context.tsx'
import { startJob } from './jobs.ts'

/** When a stream is read. */
export interface StreamOptions {
  readonly enabled?: boolean | undefined
  /** Asks again after so many milliseconds. */
  readonly refetchMs?: number | undefined
  /** Shown in the status bar, with the rows so far and a cancel, while it takes long. */
  readonly label: string
  /** Frees what nobody looks at after so many milliseconds; large slices should go soon. */
  readonly keepMs?: number | undefined
}

/** Reads a whole stream into one Arrow table; a new input keeps the old table on screen until the new one is there. */
export function useStream<N extends StreamName>(name: N, input: StreamInput<N>, { enabled = true, refetchMs, label, keepMs = 30_000 }: StreamOptions): UseQueryResult<Table> {
  const engine = useEngine()
  const { status } = useEngineState()
  return useQuery<Table>({
    queryKey: [name, input],
    enabled: enabled && status === 'open',
    refetchInterval: refetchMs ?? false,
    gcTime: keepMs,
    placeholderData: keepPreviousData as never,
    queryFn: ({ signal }) => readTable(engine.client, name, input, label, signal),
  })
}

/** Reads a whole stream into one Arrow table. @throws AppError as the engine failed, CANCELLED */
export async function readTable<N extends StreamName>(client: Client, name: N, input: StreamInput<N>, label: string, signal: AbortSignal): Promise<Table> {
  const tables: Table[] = []
  await eachBatch(client, name, input, label, signal, (bytes) => {
    const table = tableFromIPC(bytes)
    tables.push(table)
    return table.numRows
  })
  const [first, ...rest] = tables
  return first === undefined ? new Table() : first.concat(...rest)
}

/** Hands over each Arrow IPC batch of a stream as it comes; `take` answers how many rows it was. */
export async function eachBatch<N extends StreamName>(client: Client, name: N, input: StreamInput<N>, label: string, signal: AbortSignal, take: (bytes: Uint8Array) => number | Promise<number>): Promise<void> {
  const controller = new AbortController()
  const abort = (): void => controller.abort()
  if (signal.aborted) abort()
  signal.addEventListener('abort', abort)
  const job = startJob(label, abort)
  let rows = 0
  try {
    for await (const bytes of client.stream(name, input, controller.signal)) {
      rows += await take(bytes)
      job.progress(rows)
    }
  } finally {
    signal.removeEventListener('abort', abort)
    job.done()
  }
}
