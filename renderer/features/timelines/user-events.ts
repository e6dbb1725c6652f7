import { useQueries, type UseQueryResult } from '@tanstack/react-query'
import type { Table } from 'apache-arrow'
import { cellAt, columnsOf } from '../../analysis/cells.ts'
import { useEngine, useEngineState } from '../../api/context.tsx'
import { readTable } from '../../api/use-stream.ts'
import { toMillis } from '../../ui/format.ts'

/** The events of one user as columns, in order. */
export interface UserEvents {
  readonly key: string
  /** Epoch milliseconds. */
  readonly time: Float64Array
  /** An index into `typeNames`. */
  readonly type: Int32Array
  readonly typeNames: readonly string[]
  readonly table: Table
}

const fixedColumns = ['source', 'topic', 'partition', 'offset', 'time', 'type', 'late']

interface Loaded {
  readonly users: readonly UserEvents[]
  readonly error: unknown
  readonly loading: boolean
}

/** One function for ever, so that the combined result stays the same as long as its parts do. */
function combine(results: readonly UseQueryResult<UserEvents>[]): Loaded {
  return { users: results.flatMap(({ data }) => (data === undefined ? [] : [data])), error: results.find(({ error }) => error !== null)?.error, loading: results.some(({ isLoading }) => isLoading) }
}

/** Reads whole timelines, without payloads: those are asked for event by event. */
export function useUserEvents(keys: readonly string[], attributes: readonly string[]): Loaded {
  const engine = useEngine()
  const { status } = useEngineState()
  return useQueries({
    combine,
    queries: keys.map((key) => ({
      queryKey: ['user events', key, attributes],
      enabled: status === 'open',
      gcTime: 60_000,
      queryFn: async ({ signal }: { readonly signal: AbortSignal }) => toUserEvents(key, await readTable(engine.client, 'timeline.events', { key, columns: [...fixedColumns, ...attributes] }, `Reading the timeline of ${key.slice(0, 40)}`, signal)),
    })),
  })
}

function toUserEvents(key: string, table: Table): UserEvents {
  const columns = columnsOf(table)
  const times = columns.find(({ name }) => name === 'time')
  const types = columns.find(({ name }) => name === 'type')
  const time = new Float64Array(table.numRows)
  const type = new Int32Array(table.numRows)
  const codes = new Map<string, number>()
  for (let row = 0; times !== undefined && types !== undefined && row < table.numRows; row++) {
    time[row] = toMillis(cellAt(times.values, 'time', row) as bigint)
    const name = String(cellAt(types.values, 'text', row))
    const code = codes.get(name) ?? codes.size
    codes.set(name, code)
    type[row] = code
  }
  return { key, time, type, typeNames: [...codes.keys()], table }
}
