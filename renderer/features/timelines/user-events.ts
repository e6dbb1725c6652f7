import { useQueries, type UseQueryResult } from '@tanstack/react-query'
import type { Table } from 'apache-arrow'
import { useEffect, useRef } from 'react'
import { cellAt, columnsOf } from '../../analysis/cells.ts'
import { useEngine, useEngineEvent, useEngineState } from '../../api/context.tsx'
import { readTable } from '../../api/use-stream.ts'
import type { EventFilter } from '../../../shared/model/event-filter.ts'
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
  /** Whether someone's events are read for the first time. */
  readonly loading: boolean
  /** Reads what came in since. */
  readonly reload: () => void
}

/** One function for ever, so that the combined result stays the same as long as its parts do. */
function combine(results: readonly UseQueryResult<UserEvents>[]): Loaded {
  return { users: results.flatMap(({ data }) => (data === undefined ? [] : [data])), error: results.find(({ error }) => error !== null)?.error, loading: results.some(({ isLoading }) => isLoading), reload: () => results.forEach(({ refetch }) => void refetch({ cancelRefetch: false })) }
}

/** More than any one user has; what is cut off would be silence. */
const mostEvents = 5_000_000

/** Whether a filter leaves out events of a user. Which users are looked at is chosen otherwise. */
export function isNarrowed({ from, to, sources, types, text }: EventFilter): boolean {
  return [from, to, sources, types, text].some((part) => part !== undefined)
}

/** Reads timelines as far as the filter lets them through, without payloads: those are asked for event by event. */
export function useUserEvents(keys: readonly string[], attributes: readonly string[], { from, to, sources, types, text }: EventFilter): Loaded {
  const engine = useEngine()
  const { status } = useEngineState()
  return useQueries({
    combine,
    queries: keys.map((key) => ({
      queryKey: ['user events', key, attributes, { from, to, sources, types, text }],
      enabled: status === 'open',
      gcTime: 60_000,
      // a user who is looked at again may have done more since
      staleTime: 0,
      queryFn: async ({ signal }: { readonly signal: AbortSignal }) => {
        const columns = [...fixedColumns, ...attributes]
        const label = `Reading the timeline of ${key.slice(0, 40)}`
        const plain = sources === undefined && types === undefined && text === undefined
        return toUserEvents(key, plain ? await readTable(engine.client, 'timeline.events', { key, from, to, columns }, label, signal) : await readTable(engine.client, 'events.slice', { filter: { from, to, sources, types, text, keys: [key] }, limit: mostEvents, newest: false, columns }, label, signal))
      },
    })),
  })
}

/** How long events are left to gather before they are read, in milliseconds. */
const pauseMs = 2000

/** Reads what came in since, now and then, while events come in. */
export function useFollowing(isFollowing: boolean, reload: () => void): void {
  const seen = useRef(new Map<string, number>())
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  const read = useRef(reload)
  useEffect(() => {
    read.current = isFollowing ? reload : () => undefined
  }, [isFollowing, reload])
  useEngineEvent('pipeline.progress', ({ source, events }) => {
    if (!isFollowing || seen.current.get(source) === events) return
    seen.current.set(source, events)
    timer.current ??= setTimeout(() => {
      timer.current = undefined
      read.current()
    }, pauseMs)
  })
  useEffect(() => () => clearTimeout(timer.current), [])
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
