import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useEngineEvent } from '../api/context.tsx'

/** What hangs on the stored events and is asked again when there are more of them. */
const livingQueries = new Set(['workspace.info', 'pipeline.state', 'types.list', 'sources.list', 'deadLetters.summary'])
/** Small questions, but not so small that every batch should ask them. */
const pauseMs = 1500

/** Asks small questions again, now and then, while events come in; a source that ends or fails does so at once. */
export function useLiveRefresh(): void {
  const queries = useQueryClient()
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  const refresh = (): void => {
    timer.current = undefined
    void queries.invalidateQueries({ predicate: ({ queryKey: [name] }) => livingQueries.has(name as string) })
  }
  useEngineEvent('pipeline.progress', () => {
    timer.current ??= setTimeout(refresh, pauseMs)
  })
  useEngineEvent('source.changed', refresh)
  useEffect(() => () => clearTimeout(timer.current), [])
}
