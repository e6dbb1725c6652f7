import { keepPreviousData, useMutation, useQuery, type UseMutationResult, type UseQueryResult } from '@tanstack/react-query'
import { useState } from 'react'
import type { CallInput, CallName, CallOutput } from '../../shared/contract/calls.ts'
import { useEngine, useEngineState } from './context.tsx'
import { startJob } from './jobs.ts'

/** When a call is made. */
export interface CallOptions {
  /** Asks only when true; true where it is left out. */
  readonly enabled?: boolean | undefined
  /** Asks again after so many milliseconds. */
  readonly refetchMs?: number | undefined
  /** Shown in the status bar while the call takes long. */
  readonly label?: string | undefined
}

/** Asks the engine one question and keeps the answer; a new input keeps the old answer on screen until the new one is there. */
export function useCall<N extends CallName>(name: N, input: CallInput<N>, { enabled = true, refetchMs, label }: CallOptions = {}): UseQueryResult<CallOutput<N>> {
  const engine = useEngine()
  const { status } = useEngineState()
  return useQuery<CallOutput<N>>({
    queryKey: [name, input],
    enabled: enabled && status === 'open',
    refetchInterval: refetchMs ?? false,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const controller = new AbortController()
      signal.addEventListener('abort', () => controller.abort())
      const job = label === undefined ? undefined : startJob(label, () => controller.abort())
      try {
        return await engine.client.call(name, input, controller.signal)
      } finally {
        job?.done()
      }
    },
  })
}

/** Asks the engine to do something when the user says so. The label shows in the status bar while it lasts, with a cancel. */
export function useAction<N extends CallName>(name: N, label: string): UseMutationResult<CallOutput<N>, Error, CallInput<N>> & { readonly cancel: () => void } {
  const engine = useEngine()
  const [controllers] = useState(() => new Set<AbortController>())
  const mutation = useMutation<CallOutput<N>, Error, CallInput<N>>({
    mutationFn: async (input) => {
      const controller = new AbortController()
      controllers.add(controller)
      const job = startJob(label, () => controller.abort())
      try {
        return await engine.client.call(name, input, controller.signal)
      } finally {
        controllers.delete(controller)
        job.done()
      }
    },
  })
  return { ...mutation, cancel: () => controllers.forEach((controller) => controller.abort()) }
}
