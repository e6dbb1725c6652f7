import { Badge, Button, Group, Paper, Stack, Table, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { useAction, useCall } from '../../api/use-call.ts'
import { FailureNote } from '../../ui/failure-note.tsx'
import { formatBytes, formatCount } from '../../ui/format.ts'
import { safeText } from '../../ui/safe-text.ts'
import { stateColors, stateNames } from '../../ui/source-state.ts'

/** What the workspace reads from, with what has been read of it. Offsets that were gone are named. */
export function SourceList(): ReactNode {
  const { data: sources, error } = useCall('sources.list', {})
  const { data: pipeline } = useCall('pipeline.state', {}, { refetchMs: 3000 })
  const demo = useAction('demo.start', 'Opening the demo shop')
  const stop = useAction('tail.stop', 'Stopping')
  if (error !== null) return <FailureNote error={error} />
  if (sources === undefined || sources.length === 0) return null
  const stateOf = new Map((pipeline?.sources ?? []).map(({ source, state }) => [source, state]))
  return (
    <Paper p="md" radius="md">
      <Stack gap="xs">
        <Title order={4}>Sources of this workspace</Title>
        <Table fz="xs" verticalSpacing={4} aria-label="Sources">
          <Table.Thead><Table.Tr><Table.Th>Source</Table.Th><Table.Th>Kind</Table.Th><Table.Th>State</Table.Th><Table.Th ta="right">Events</Table.Th><Table.Th ta="right">Dead letters</Table.Th><Table.Th ta="right">Late</Table.Th><Table.Th ta="right">Bytes</Table.Th><Table.Th>Gaps</Table.Th><Table.Th /></Table.Tr></Table.Thead>
          <Table.Tbody>
            {sources.map((source) => {
              const state = stateOf.get(source.name)
              const runs = state !== undefined && !['finished', 'stopped', 'failed'].includes(state)
              return (
                <Table.Tr key={source.name}>
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
                      {runs && <Button size="compact-xs" variant="default" onClick={() => stop.mutate({ source: source.name })}>Stop</Button>}
                    </Group>
                  </Table.Td>
                </Table.Tr>
              )
            })}
          </Table.Tbody>
        </Table>
        <FailureNote error={demo.error ?? stop.error} />
      </Stack>
    </Paper>
  )
}
