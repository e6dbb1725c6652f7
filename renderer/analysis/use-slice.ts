import { keepPreviousData, useQuery, type UseQueryResult } from '@tanstack/react-query'
import type { Table } from 'apache-arrow'
import { useEffect, useState } from 'react'
import type { EventFilter } from '../../shared/model/event-filter.ts'
import { toFailure } from '../../shared/errors.ts'
import { useEngine, useEngineState } from '../api/context.tsx'
import { hashKey } from '../api/query-client.ts'
import { Slice } from './slice.ts'

/** A slice on its way to a screen. The one before stays until the next is there. */
export interface SliceState {
  readonly slice: Slice | undefined
  readonly loading: boolean
  readonly error: unknown
  /** Loads the slice anew, such as when more events have come in. */
  readonly reload: () => void
}

/**
 * Keeps the slice that a filter selects in the window's DuckDB while the component is there. `columns` names those that
 * are needed; leave `payload` out wherever it can be.
 */
export function useSlice(filter: EventFilter, { limit, columns, coded = true, enabled = true }: { readonly limit: number; readonly columns?: readonly string[]; readonly coded?: boolean; readonly enabled?: boolean }): SliceState {
  const engine = useEngine()
  const { status } = useEngineState()
  const [turn, setTurn] = useState(0)
  const [held, setHeld] = useState<{ readonly slice: Slice | undefined; readonly loaded: string | undefined; readonly error: unknown }>({ slice: undefined, loaded: undefined, error: undefined })
  const wanted = hashKey([filter, limit, columns, coded, turn])
  const ready = enabled && status === 'open'

  useEffect(() => {
    if (!ready) return undefined
    const controller = new AbortController()
    Slice.load(engine.client, { filter, limit, columns, coded }, controller.signal).then(
      (slice) => (controller.signal.aborted ? void slice.close() : setHeld({ slice, loaded: wanted, error: undefined })),
      (error: unknown) => !controller.signal.aborted && setHeld((before) => ({ ...before, loaded: wanted, error: toFailure(error).code === 'CANCELLED' ? undefined : error })),
    )
    return () => controller.abort()
    // the text of the request stands for its parts, which are new objects at every render
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [engine, ready, wanted])

  // a slice is freed when another has taken its place, and with the component
  const { slice } = held
  useEffect(() => () => void slice?.close(), [slice])

  return { slice, loading: ready && held.loaded !== wanted, error: held.error, reload: () => setTurn((before) => before + 1) }
}

/** The answer of a slice to a query, kept on screen until the next one is there. Nothing is asked while there is no slice or no SQL. */
export function useSliceQuery(slice: Slice | undefined, sql: string | undefined): UseQueryResult<Table> {
  return useQuery<Table>({
    queryKey: ['slice', slice?.id, sql],
    enabled: slice !== undefined && sql !== undefined,
    placeholderData: keepPreviousData,
    gcTime: 10_000,
    queryFn: ({ signal }) => {
      if (slice === undefined || sql === undefined) throw new Error('no slice to ask')
      return slice.query(sql, signal)
    },
  })
}
