import { Paper, Stack, Table, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { useCall } from '../../api/use-call.ts'
import { FailureNote } from '../../ui/failure-note.tsx'
import { SourceRow } from './source-row.tsx'

/** What the workspace reads from, with what has been read of it. Offsets that were gone are named. */
export function SourceList(): ReactNode {
  const { data: sources, error } = useCall('sources.list', {})
  const { data: pipeline } = useCall('pipeline.state', {}, { refetchMs: 3000 })
  if (error !== null) return <FailureNote error={error} />
  if (sources === undefined || sources.length === 0) return null
  const pipelines = new Map((pipeline?.sources ?? []).map((one) => [one.source, one]))
  return (
    <Paper p="md" radius="md">
      <Stack gap="xs">
        <Title order={4}>Sources of this workspace</Title>
        <Table fz="xs" verticalSpacing={4} aria-label="Sources">
          <Table.Thead><Table.Tr><Table.Th>Source</Table.Th><Table.Th>Kind</Table.Th><Table.Th>State</Table.Th><Table.Th ta="right">Events</Table.Th><Table.Th ta="right">Dead letters</Table.Th><Table.Th ta="right">Late</Table.Th><Table.Th ta="right">Bytes</Table.Th><Table.Th>Gaps</Table.Th><Table.Th /></Table.Tr></Table.Thead>
          <Table.Tbody>{sources.map((source) => <SourceRow key={source.name} source={source} pipeline={pipelines.get(source.name)} />)}</Table.Tbody>
        </Table>
      </Stack>
    </Paper>
  )
}
