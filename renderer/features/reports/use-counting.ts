import { useDebouncedValue } from '@mantine/hooks'
import { useQueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { CallInput } from '../../../shared/contract/calls.ts'
import { SectionName, type Report } from '../../../shared/report/model.ts'
import { useCall } from '../../api/use-call.ts'
import { withWords } from './preview-html.ts'
import { sectionsOf, toRequest, type ReportState } from './state.ts'

/** A report that is counted, or was. */
export interface Counting {
  readonly report: Report | undefined
  /** Whether it is the report of what is chosen now, and may be handed over. */
  readonly isCurrent: boolean
  readonly isCounting: boolean
  readonly error: Error | null
  readonly cancel: () => void
  readonly again: () => void
}

/**
 * The report of what is chosen. Words and the order of sections need no counting, so they change at once; for the rest it
 * is counted anew, and until then the former one shows.
 */
export function useCounting(state: ReportState, names: readonly string[]): Counting {
  const queries = useQueryClient()
  const { title, notes } = state
  const sections = sectionsOf(state)
  const wanted = JSON.stringify({ ...toRequest({ ...state, title: undefined, notes: undefined }, names), sections: SectionName.options.filter((one) => sections.includes(one)) })
  const [asked] = useDebouncedValue(wanted, 250)
  const request = useMemo(() => JSON.parse(asked) as CallInput<'reports.make'>, [asked])
  const { data, error, isFetching, isPlaceholderData, refetch } = useCall('reports.make', request, { enabled: (request.names ?? []).length > 0, label: 'Counting the report' })
  const isCurrent = data !== undefined && !isFetching && !isPlaceholderData && error === null && asked === wanted
  const isSame = data?.asked.names.join('\n') === names.join('\n')
  return {
    report: data === undefined || (!isSame && isFetching) ? undefined : withWords(data, { title, notes, sections }),
    isCurrent,
    isCounting: isFetching,
    error,
    cancel: () => void queries.cancelQueries({ queryKey: ['reports.make', request] }),
    again: () => void refetch(),
  }
}
