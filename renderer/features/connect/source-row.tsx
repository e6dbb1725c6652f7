import { Badge, Button, Group, Table, Text, Tooltip } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { toFailure } from '../../../shared/errors.ts'
import type { SourcePipeline } from '../../../shared/model/pipeline.ts'
import type { SourceState } from '../../../shared/model/workspace.ts'
import { useAction } from '../../api/use-call.ts'
import { FailureNote } from '../../ui/failure-note.tsx'
import { formatBytes, formatCount } from '../../ui/format.ts'
import { safeText } from '../../ui/safe-text.ts'
import { stateColors, stateNames } from '../../ui/source-state.ts'
import { AskSecrets } from './ask-secrets.tsx'
import { MappingChange } from './mapping-change.tsx'

/** How many columns the table of sources has. */
export const sourceColumns = 9

/** One source: what has been read of it, and what can be done with it. */
export function SourceRow({ source, pipeline }: { readonly source: SourceState; readonly pipeline: SourcePipeline | undefined }): ReactNode {
  const [isAsking, setAsking] = useState(false)
  const [isMapping, setMapping] = useState(false)
  const demo = useAction('demo.start', 'Opening the demo shop')
  const stop = useAction('tail.stop', 'Stopping')
  const again = useAction('tail.again', `Starting ${source.name}`)
  const state = pipeline?.state
  const runs = state !== undefined && !['finished', 'stopped', 'failed'].includes(state)
  const startAgain = (): void => {
    setAsking(false)
    again.mutate({ source: source.name }, { onError: (error) => setAsking(toFailure(error).code === 'SECRET_MISSING') })
  }
  const asked = (): void => {
    setAsking(false)
    again.reset()
  }
  const failure = runs ? undefined : pipeline?.failure
  // a wrong password is asked for again, rather than only told of
  const isRefused = failure?.code === 'CONNECT_SASL' || failure?.code === 'SECRET_MISSING'
  const error = demo.error ?? stop.error ?? (isAsking ? undefined : again.error) ?? (failure === undefined || isAsking ? undefined : failure)
  return (
    <>
      <Table.Tr>
        <Table.Td className="record-text">{safeText(source.name, 80)}</Table.Td>
        <Table.Td>{source.kind}</Table.Td>
        <Table.Td>{state === undefined ? <Text size="xs" c="dimmed">not running</Text> : <Badge size="sm" variant="dot" color={stateColors[state]} tt="none">{stateNames[state]}</Badge>}</Table.Td>
        <Table.Td ta="right" className="numeric">{formatCount(source.events)}</Table.Td>
        <Table.Td ta="right" className="numeric">{formatCount(source.deadLetters)}</Table.Td>
        <Table.Td ta="right" className="numeric">{formatCount(source.late)}</Table.Td>
        <Table.Td ta="right" className="numeric">{formatBytes(source.bytes)}</Table.Td>
        <Table.Td>{source.gaps.length === 0 ? '' : <Text size="xs" c="orange">{source.gaps.map(({ partition, first, next }) => `${partition}@${first}–${next - 1n}`).join(', ')}</Text>}</Table.Td>
        <Table.Td>
          <Group gap={4} justify="flex-end" wrap="nowrap">
            {source.kind === 'demo' && !runs && <Button size="compact-xs" variant="light" loading={demo.isPending} onClick={() => demo.mutate({ seed: 1, days: 0, eventsPerDay: 28_600, live: true })}>Go on live</Button>}
            {source.kind === 'kafka' && !runs && <Tooltip label="Goes on where it left off"><Button size="compact-xs" variant="light" loading={again.isPending} onClick={isRefused ? () => setAsking(true) : startAgain}>Start again</Button></Tooltip>}
            {runs && <Button size="compact-xs" variant="default" onClick={() => stop.mutate({ source: source.name })}>Stop</Button>}
            <Tooltip label="What is key, type, time and attribute; decodes the history anew"><Button size="compact-xs" variant="default" onClick={() => setMapping(true)}>Mapping…</Button></Tooltip>
          </Group>
          {isMapping && <MappingChange source={source} onClose={() => setMapping(false)} />}
        </Table.Td>
      </Table.Tr>
      {(isAsking || (error !== undefined && error !== null)) && (
        <Table.Tr>
          <Table.Td colSpan={sourceColumns}>{isAsking ? <AskSecrets source={source} onDone={asked} /> : <FailureNote error={error} />}</Table.Td>
        </Table.Tr>
      )}
    </>
  )
}
