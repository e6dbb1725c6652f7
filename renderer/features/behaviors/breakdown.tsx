import { Group, Loader, Select, Text } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { useCall } from '../../api/use-call.ts'
import { FailureNote } from '../../ui/failure-note.tsx'
import { formatCount } from '../../ui/format.ts'
import { safeText } from '../../ui/safe-text.ts'
import classes from './behaviors.module.css'

/** Matches by an attribute of their first event. */
export function Breakdown({ name }: { readonly name: string }): ReactNode {
  const { data: sources } = useCall('sources.list', {})
  const attributes = [...new Set((sources ?? []).flatMap(({ mapping }) => mapping.attributes.map((attribute) => attribute.name)))]
  const [chosen, setChosen] = useState<string>()
  const attribute = chosen ?? attributes[0]
  const { data, error } = useCall('behaviors.breakdown', { name, attribute: attribute ?? '', limit: 50 }, { enabled: attribute !== undefined, label: 'Counting by attribute' })
  if (attribute === undefined) return <Text size="sm" c="dimmed">The events of this workspace have no attributes; its sources’ mapping says which they have.</Text>
  const most = Math.max(1, ...(data ?? []).map(({ occurrences }) => occurrences))
  return (
    <>
      <Group mb="xs" gap="xs"><Text size="sm">by</Text><Select size="xs" w={220} aria-label="Attribute" value={attribute} onChange={(value) => setChosen(value ?? undefined)} data={attributes} searchable allowDeselect={false} /><Text size="xs" c="dimmed">of the first event of each match</Text></Group>
      <FailureNote error={error} />
      {data === undefined ? error === null && <Loader size="sm" /> : (
        <div className={classes.funnel}>
          {data.map(({ value, occurrences, users }) => (
            <div key={value ?? '\0'} style={{ display: 'contents' }}>
              <Text size="sm" className="one-line" {...(value === null ? { c: 'dimmed' } : {})}><bdi>{value === null ? 'none' : safeText(value, 60)}</bdi></Text>
              <div className={classes.funnelBar}><i style={{ width: `${(occurrences / most) * 100}%` }} /><span>{formatCount(occurrences)}</span></div>
              <Text size="xs" c="dimmed" className="numeric">{formatCount(users)} {users === 1 ? 'user' : 'users'}</Text>
            </div>
          ))}
          {data.length === 50 && <Text size="xs" c="dimmed" style={{ gridColumn: '1 / -1' }}>The 50 most frequent are shown.</Text>}
        </div>
      )}
    </>
  )
}
