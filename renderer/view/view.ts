import { useMemo } from 'react'
import { z } from 'zod'
import type { EventFilter } from '../../shared/model/event-filter.ts'
import { useSearchState, type SetSearchState } from './search-state.ts'

const texts = z.array(z.string()).optional().catch(undefined)
/** Epoch milliseconds: an URL that people read and edit holds no microseconds. */
const milliseconds = z.number().int().optional().catch(undefined)

/**
 * What all screens look at: the one time range and filter of the app. It lives in the URL, so that a link restores the
 * view, and going back goes back. A part that makes no sense is left out rather than refused.
 */
export const View = z.object({ from: milliseconds, to: milliseconds, sources: texts, types: texts, keys: texts, text: z.string().optional().catch(undefined) })
export type View = z.infer<typeof View>

/** Everything. */
export const noFilter: View = { from: undefined, to: undefined, sources: undefined, types: undefined, keys: undefined, text: undefined }

/** The view as the engine takes it. */
export function toFilter(view: View): EventFilter {
  const microseconds = (value: number | undefined): bigint | undefined => (value === undefined ? undefined : BigInt(value) * 1000n)
  return {
    from: microseconds(view.from),
    to: microseconds(view.to),
    sources: some(view.sources),
    types: some(view.types),
    keys: some(view.keys),
    text: view.text === '' ? undefined : view.text,
  }
}

function some(values: string[] | undefined): string[] | undefined {
  return values === undefined || values.length === 0 ? undefined : values
}

/** The view, the filter that it makes, and how to change parts of it. */
export function useView(): { readonly view: View; readonly filter: EventFilter; readonly setView: SetSearchState<View> } {
  const [view, setView] = useSearchState(View)
  const filter = useMemo(() => toFilter(view), [view])
  return { view, filter, setView }
}
