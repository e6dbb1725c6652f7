import { Tooltip } from '@mantine/core'
import type { ReactNode } from 'react'
import { formatTime, formatUtc } from './format.ts'

/** A time in the user's zone, with UTC on hover. Microseconds (bigint) or milliseconds (number). */
export function TimeText({ time, as = formatTime }: { readonly time: bigint | number; readonly as?: (time: bigint | number) => string }): ReactNode {
  return (
    <Tooltip label={formatUtc(time)} openDelay={300}>
      <time dateTime={formatUtc(time)} className="mono">{as(time)}</time>
    </Tooltip>
  )
}
