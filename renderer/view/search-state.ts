import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback, useMemo } from 'react'
import type { z } from 'zod'

/** Changes parts of what the URL says; what is set to undefined leaves it. `replace` keeps the history as it is. */
export type SetSearchState<T> = (change: Partial<T>, options?: { readonly replace?: boolean }) => void

/**
 * State that lives in the URL, so that a link restores it and going back goes back. The schema should forgive: a part
 * that makes no sense is left out (`.optional().catch(undefined)`) rather than refused. Other parts of the URL stay.
 */
export function useSearchState<S extends z.ZodType>(schema: S): readonly [z.output<S>, SetSearchState<z.output<S>>] {
  const search = useSearch({ strict: false })
  const navigate = useNavigate()
  const state = useMemo(() => schema.parse(search), [schema, search])
  const set = useCallback<SetSearchState<z.output<S>>>((change, { replace = false } = {}) => void navigate({ to: '.', search: (before: Record<string, unknown>) => ({ ...before, ...change }), replace } as never), [navigate])
  return [state, set]
}
