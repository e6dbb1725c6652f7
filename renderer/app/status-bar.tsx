import { Badge, Button, Group, Progress, Text, Tooltip } from '@mantine/core'
import { useEffect, useState, type ReactNode } from 'react'
import type { SourcePipeline } from '../../shared/model/pipeline.ts'
import { useEngineEvent, useEngineState } from '../api/context.tsx'
import { useJobs } from '../api/jobs.ts'
import { useCall } from '../api/use-call.ts'
import { formatBytes, formatCount, formatCounted, formatRate } from '../ui/format.ts'
import { safeText } from '../ui/safe-text.ts'
import { stateColors, stateNames } from '../ui/source-state.ts'

/** One line at the foot of every screen: each source with its state, what is stored, and the work under way. */
export function StatusBar(): ReactNode {
  const { status } = useEngineState()
  const { data: pipeline } = useCall('pipeline.state', {})
  const { data: info } = useCall('workspace.info', {})
  const [live, setLive] = useState<ReadonlyMap<string, SourcePipeline>>(new Map())
  useEngineEvent('pipeline.progress', (source) => setLive((before) => new Map(before).set(source.source, source)))
  const sources = [...new Map([...(pipeline?.sources ?? []).map((source) => [source.source, source] as const), ...live]).values()]
  return (
    <Group h="100%" px="sm" gap="md" wrap="nowrap" justify="space-between" fz="xs">
      <Group gap="md" wrap="nowrap" style={{ minWidth: 0, overflow: 'hidden' }}>
        {status !== 'open' && <Text size="xs" c="dimmed">{status === 'connecting' ? 'Opening the workspace…' : 'Engine away'}</Text>}
        {sources.map((source) => (
          <Tooltip key={source.source} label={`${formatCount(source.events)} events in this run, ${formatCount(source.deadLetters)} dead letters${source.lag === undefined ? '' : `, ${formatCount(source.lag)} behind the head`}`}>
            <Group gap={6} wrap="nowrap">
              <Badge size="xs" variant="dot" tt="none" color={stateColors[source.state]}>{stateNames[source.state]}</Badge>
              <Text size="xs" className="one-line" maw={180}>{safeText(source.source, 60)}</Text>
              {source.state !== 'finished' && source.state !== 'stopped' && <Text size="xs" c="dimmed" className="numeric">{formatRate(source.stages.at(-1)?.rate ?? 0)}</Text>}
            </Group>
          </Tooltip>
        ))}
      </Group>
      <Group gap="md" wrap="nowrap">
        <Jobs />
        {info !== undefined && <Text size="xs" c="dimmed" className="numeric" style={{ whiteSpace: 'nowrap' }}>{formatCounted(info.events, 'event')} · {formatCounted(info.users, 'user')} · {formatBytes(info.fileBytes)}</Text>}
      </Group>
    </Group>
  )
}

/** Work that has taken more than half a second, with how far it is and a way out. */
function Jobs(): ReactNode {
  const jobs = useJobs()
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    if (jobs.length === 0) return undefined
    const timer = setInterval(() => setNow(Date.now()), 250)
    return () => clearInterval(timer)
  }, [jobs.length])
  const slow = jobs.filter(({ startedAt }) => now - startedAt > 500)
  const [first] = slow
  if (first === undefined) return null
  return (
    <Group gap={6} wrap="nowrap" role="status">
      <Progress w={70} size="sm" aria-label={first.label} value={first.total === undefined ? 100 : (100 * first.rows) / first.total} animated striped />
      <Text size="xs" style={{ whiteSpace: 'nowrap' }}>{first.label}{first.rows > 0 ? ` · ${formatCount(first.rows)}` : ''}{slow.length > 1 ? ` · ${slow.length - 1} more` : ''}</Text>
      <Button size="compact-xs" variant="default" onClick={() => first.cancel()}>Cancel</Button>
    </Group>
  )
}
