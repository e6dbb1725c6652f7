import { ActionIcon, Badge, Group, Progress, Stack, Text, Tooltip } from '@mantine/core'
import { IconPlayerPause, IconPlayerPlay, IconPlayerStop } from '@tabler/icons-react'
import { useEffect, useState, type ReactNode } from 'react'
import type { SourcePipeline, StageState } from '../../../shared/model/pipeline.ts'
import { useEngineEvent } from '../../api/context.tsx'
import { useAction, useCall } from '../../api/use-call.ts'
import { FailureNote } from '../../ui/failure-note.tsx'
import { formatBytes, formatCount, formatDuration, formatRate, formatShare } from '../../ui/format.ts'
import { safeText } from '../../ui/safe-text.ts'
import { stateColors, stateNames } from '../../ui/source-state.ts'
import classes from './live.module.css'

const ended = new Set<SourcePipeline['state']>(['finished', 'stopped', 'failed'])

/** Every source that runs, or ran since the workspace was opened, with its stages as they are. */
export function PipelinePanel(): ReactNode {
  const { data } = useCall('pipeline.state', {})
  const [live, setLive] = useState<ReadonlyMap<string, SourcePipeline>>(new Map())
  useEngineEvent('pipeline.progress', (source) => setLive((before) => new Map(before).set(source.source, source)))
  const sources = [...new Map([...(data?.sources ?? []).map((source) => [source.source, source] as const), ...live]).values()]
  if (sources.length === 0) return <Text size="sm" c="dimmed" p="xs">No source is running. What is stored is below; start one under Connect.</Text>
  return <Stack gap={4} p="xs" mah={190} style={{ overflow: 'auto' }}>{sources.map((source) => <SourceRow key={source.source} source={source} />)}</Stack>
}

function SourceRow({ source }: { readonly source: SourcePipeline }): ReactNode {
  const pause = useAction('tail.pause', 'Pausing')
  const resume = useAction('tail.resume', 'Resuming')
  const stop = useAction('tail.stop', 'Stopping')
  const name = { source: source.source }
  return (
    <Stack gap={4}>
      <Group gap="md" wrap="nowrap" className={classes.source}>
        <Stack gap={0} w={190} style={{ flex: 'none' }}>
          <Text fw={600} size="sm" className="one-line">{safeText(source.source, 60)}</Text>
          <Badge size="sm" variant="dot" color={stateColors[source.state]} tt="none">{stateNames[source.state]}{source.state === 'reconnecting' && source.nextAttempt !== undefined ? <Countdown until={source.nextAttempt} /> : null}</Badge>
        </Stack>
        {source.stages.map((stage, index) => <Stage key={stage.stage} stage={stage} first={index === 0} />)}
        <Figure name="lag" value={source.lag === undefined ? '–' : formatCount(source.lag)} about="Records between what is stored and the head of the log" />
        <Figure name="commit" value={source.commitDelayMs === undefined ? '–' : formatDuration(source.commitDelayMs)} about="How old the oldest record of the last commit was, from its arrival here" />
        <Figure name="late" value={formatCount(source.late)} about="Events older than their partition's watermark" />
        <Figure name="dead" value={formatCount(source.deadLetters)} about="Records that could not be decoded or mapped: kept whole below" />
        <Group gap={2} wrap="nowrap" ml="auto">
          {!ended.has(source.state) && (source.state === 'paused'
            ? <Tooltip label="Resume"><ActionIcon variant="subtle" onClick={() => resume.mutate(name)} aria-label={`Resume ${source.source}`}><IconPlayerPlay size={16} /></ActionIcon></Tooltip>
            : <Tooltip label="Pause: nothing is read until you resume"><ActionIcon variant="subtle" color="gray" onClick={() => pause.mutate(name)} aria-label={`Pause ${source.source}`}><IconPlayerPause size={16} /></ActionIcon></Tooltip>)}
          {!ended.has(source.state) && <Tooltip label="Stop; reading goes on where it was when you start again"><ActionIcon variant="subtle" color="gray" onClick={() => stop.mutate(name)} aria-label={`Stop ${source.source}`}><IconPlayerStop size={16} /></ActionIcon></Tooltip>}
        </Group>
      </Group>
      <FailureNote error={source.failure ?? pause.error ?? resume.error ?? stop.error} />
    </Stack>
  )
}

const stageNames = { source: 'source', decode: 'decode', store: 'store' } as const

function Stage({ stage, first }: { readonly stage: StageState; readonly first: boolean }): ReactNode {
  const filled = stage.queueLimitBytes === 0 ? 0 : stage.queuedBytes / stage.queueLimitBytes
  return (
    <Group gap={8} wrap="nowrap">
      {!first && <Text c="dimmed" aria-hidden>→</Text>}
      <Tooltip label={`${formatCount(stage.records)} records have left this stage; busy ${formatShare(stage.busy)} of the time; ${formatBytes(stage.queuedBytes)} of at most ${formatBytes(stage.queueLimitBytes)} wait before it`}>
        <Stack gap={2} w={112} className={classes.stage}>
          <Group justify="space-between" gap={4} wrap="nowrap"><Text size="xs" fw={600}>{stageNames[stage.stage]}</Text><Text size="xs" className="numeric">{formatRate(stage.rate)}</Text></Group>
          <Progress size={4} value={100 * Math.min(1, filled)} color={filled > 0.8 ? 'orange' : 'teal'} aria-label={`Queue before ${stage.stage}`} />
          <Text size="xs" c="dimmed" className="numeric">busy {formatShare(stage.busy)}</Text>
        </Stack>
      </Tooltip>
    </Group>
  )
}

function Figure({ name, value, about }: { readonly name: string; readonly value: string; readonly about: string }): ReactNode {
  return (
    <Tooltip label={about}>
      <Stack gap={0} miw={52}>
        <Text size="xs" c="dimmed">{name}</Text>
        <Text size="sm" className="numeric" style={{ whiteSpace: 'nowrap' }}>{value}</Text>
      </Stack>
    </Tooltip>
  )
}

function Countdown({ until }: { readonly until: number }): ReactNode {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 500)
    return () => clearInterval(timer)
  }, [])
  return `, next attempt in ${Math.max(0, Math.ceil((until - now) / 1000))} s`
}
