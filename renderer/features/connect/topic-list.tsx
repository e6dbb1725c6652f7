import { Checkbox, Group, Stack, Text, TextInput } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useRef, useState, type ReactNode } from 'react'
import type { Connection } from '../../../shared/model/connection.ts'
import type { TopicInfo } from '../../../shared/model/topic.ts'
import { useCall } from '../../api/use-call.ts'
import { formatCount, formatRate } from '../../ui/format.ts'
import { safeText } from '../../ui/safe-text.ts'
import { TimeText } from '../../ui/time-text.tsx'
import classes from './connect.module.css'

/** The topics of a cluster, found as one types; what comes into each is looked up when it is in sight. */
export function TopicList({ topics, connection, chosen, onChange }: { readonly topics: readonly TopicInfo[]; readonly connection: Connection; readonly chosen: readonly string[]; readonly onChange: (topics: readonly string[]) => void }): ReactNode {
  const [search, setSearch] = useState('')
  const [internal, setInternal] = useState(false)
  const scroller = useRef<HTMLDivElement>(null)
  const shown = topics.filter((topic) => (internal || !topic.internal) && topic.name.toLowerCase().includes(search.toLowerCase()))
  // eslint-disable-next-line react-hooks/incompatible-library -- the virtualizer keeps its own state; nothing here is memoized on it
  const rows = useVirtualizer({ count: shown.length, getScrollElement: () => scroller.current, estimateSize: () => 28, overscan: 4 })
  const flip = (name: string): void => onChange(chosen.includes(name) ? chosen.filter((other) => other !== name) : [...chosen, name])
  return (
    <Stack gap={4}>
      <Group gap="sm">
        <TextInput size="xs" w={280} placeholder={`Search ${topics.length} topics`} aria-label="Search topics" leftSection={<IconSearch size={14} />} value={search} onChange={(event) => setSearch(event.currentTarget.value)} />
        <Checkbox size="xs" label="internal ones" checked={internal} onChange={(event) => setInternal(event.currentTarget.checked)} />
      </Group>
      <div className={classes.topicHead}><span>Topic</span><span>Partitions</span><span>Records</span><span>Rate</span><span>First</span><span>Last</span></div>
      <div ref={scroller} className={classes.topics} style={{ height: Math.min(230, Math.max(1, shown.length) * 28 + 4) }} tabIndex={0} role="group" aria-label="Topics">
        <div style={{ height: rows.getTotalSize(), position: 'relative' }}>
          {rows.getVirtualItems().map(({ index, start }) => {
            const topic = shown[index]
            return topic === undefined ? null : <Row key={topic.name} topic={topic} connection={connection} top={start} checked={chosen.includes(topic.name)} onFlip={() => flip(topic.name)} />
          })}
        </div>
        {shown.length === 0 && <Text size="xs" c="dimmed" p="xs">No topic has this name.</Text>}
      </div>
    </Stack>
  )
}

function Row({ topic, connection, top, checked, onFlip }: { readonly topic: TopicInfo; readonly connection: Connection; readonly top: number; readonly checked: boolean; readonly onFlip: () => void }): ReactNode {
  const { data } = useCall('topic.stats', { connection, topic: topic.name }, { enabled: topic.records > 0 })
  return (
    <div className={classes.topic} style={{ transform: `translateY(${top}px)` }}>
      <Checkbox size="xs" checked={checked} onChange={onFlip} label={<bdi>{safeText(topic.name, 120)}</bdi>} />
      <span className="numeric">{formatCount(topic.partitions.length)}</span>
      <span className="numeric">{formatCount(topic.records)}</span>
      <span className="numeric">{data?.perSecond === undefined ? '–' : formatRate(data.perSecond)}</span>
      <span>{data?.first === undefined ? '–' : <TimeText time={data.first} />}</span>
      <span>{data?.last === undefined ? '–' : <TimeText time={data.last} />}</span>
    </div>
  )
}
