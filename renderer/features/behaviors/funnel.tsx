import { Loader, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useCall } from '../../api/use-call.ts'
import { FailureNote } from '../../ui/failure-note.tsx'
import { formatCount } from '../../ui/format.ts'
import { safeText } from '../../ui/safe-text.ts'
import classes from './behaviors.module.css'

/** How many come as far as each step, and where they are lost. Counted over all events when it is looked at. */
export function Funnel({ text, name }: { readonly text: string; readonly name: string | undefined }): ReactNode {
  const { data, error, isFetching } = useCall('behaviors.funnel', { text, ...(name === undefined ? {} : { name }) }, { label: 'Counting steps' })
  if (error !== null) return <FailureNote error={error} />
  if (data === undefined) return <Loader size="sm" />
  if (data.length === 0) return <Text size="sm" c="dimmed">It counts many at once and has no steps of its own; look at the behavior that it stands on.</Text>
  const most = Math.max(1, ...data.map(({ occurrences }) => occurrences))
  return (
    <div className={classes.funnel} role="table" aria-label="Steps" aria-busy={isFetching}>
      {data.map(({ step, occurrences, users }, index) => {
        const before = data[index - 1]
        const share = before === undefined || before.occurrences === 0 ? undefined : occurrences / before.occurrences
        return (
          <div key={`${index} ${step}`} role="row" style={{ display: 'contents' }}>
            {before !== undefined && <Text className={classes.drop} role="cell">{before.occurrences >= occurrences ? `${formatCount(before.occurrences - occurrences)} lost here` : ''}{share === undefined ? '' : `${before.occurrences >= occurrences ? ', ' : ''}${percent(share)} go on`}</Text>}
            <Text size="sm" fw={600} className="one-line" role="rowheader" style={{ gridColumn: 1 }}>{safeText(step, 60)}</Text>
            <div className={classes.funnelBar} role="cell"><i style={{ width: `${(occurrences / most) * 100}%` }} /><span>{formatCount(occurrences)}</span></div>
            <Text size="xs" c="dimmed" role="cell" className="numeric">{formatCount(users)} {users === 1 ? 'user' : 'users'}{index === 0 || (data[0]?.occurrences ?? 0) === 0 ? '' : ` · ${percent(occurrences / (data[0]?.occurrences ?? 1))} of all starts`}</Text>
          </div>
        )
      })}
    </div>
  )
}

function percent(share: number): string {
  const value = share * 100
  return `${value >= 10 || value === 0 ? Math.round(value) : value.toFixed(1)} %`
}
