import { useComputedColorScheme } from '@mantine/core'
import { useMemo } from 'react'
import type { CallOutput } from '../../shared/contract/calls.ts'
import { useCall } from '../api/use-call.ts'
import { typeColor } from '../charts/type-colors.ts'

/** The event types of the workspace, most frequent first, and the colour that each has on every screen. */
export interface Types {
  readonly list: CallOutput<'types.list'>
  readonly color: (type: string) => string
}

export function useTypes(): Types {
  const scheme = useComputedColorScheme('light')
  const { data } = useCall('types.list', {})
  return useMemo(() => {
    const codes = new Map((data ?? []).map(({ type, code }) => [type, code]))
    return { list: data ?? [], color: (type) => typeColor(codes.get(type) ?? 14, scheme) }
  }, [data, scheme])
}
