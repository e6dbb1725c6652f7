import { Alert, Button, Center, Group, Progress, Stack, Text } from '@mantine/core'
import { IconInfoCircle, IconSearch } from '@tabler/icons-react'
import { useQueryClient, type UseQueryResult } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import type { CallName } from '../../../shared/contract/calls.ts'
import { useEngineEvent } from '../../api/context.tsx'
import { useCall } from '../../api/use-call.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { FailureNote } from '../../ui/failure-note.tsx'
import { formatCount } from '../../ui/format.ts'
import { safeText } from '../../ui/safe-text.ts'

/** The answer of a search: how far it is with a way to end it, what went wrong and what to do, or what was found. */
export function Answer<T>({ call, query, children }: { readonly call: CallName; readonly query: UseQueryResult<T>; readonly children: (data: T) => ReactNode }): ReactNode {
  const { data, dataUpdatedAt, error, isFetching, refetch } = query
  const { data: info } = useCall('workspace.info', {})
  const events = info?.events ?? 0
  // an answer stays as it is while one reads it, and says when there is more to look at
  const [answered, setAnswered] = useState({ at: dataUpdatedAt, events })
  if (answered.at !== dataUpdatedAt) setAnswered({ at: dataUpdatedAt, events })
  if (isFetching) return <Looking call={call} />
  // without the former answer: it was of another question
  if (error !== null) return <Stack p="sm"><FailureNote error={error} onRetry={() => void refetch()} /></Stack>
  if (data === undefined) return <EmptyState icon={IconSearch} title="Nothing was looked for to the end" actions={<Button size="xs" onClick={() => void refetch()}>Look again</Button>}>The search was ended before it had an answer.</EmptyState>
  return (
    <>
      {events > answered.events && <Group gap="xs" mb={6}><Text size="xs" c="dimmed">{formatCount(events - answered.events)} events have come since.</Text><Button size="compact-xs" variant="light" onClick={() => void refetch()}>Look again</Button></Group>}
      {children(data)}
    </>
  )
}

function Looking({ call }: { readonly call: CallName }): ReactNode {
  const queries = useQueryClient()
  const [share, setShare] = useState(0)
  useEngineEvent('job.progress', ({ job, done, total }) => {
    if (job === 'discover') setShare(total === undefined || total === 0 ? 0 : done / total)
  })
  return (
    <Center p="xl" mih={220}>
      <Stack w={360} gap="xs">
        <Group justify="space-between">
          <Text size="sm" role="status">Looking through all events…</Text>
          <Button size="compact-xs" variant="default" onClick={() => void queries.cancelQueries({ queryKey: [call] })}>Cancel</Button>
        </Group>
        <Progress value={Math.max(3, share * 100)} animated aria-label="How far the search is" />
      </Stack>
    </Center>
  )
}

/** What should be known of an answer beside its findings. */
export function Notes({ notes }: { readonly notes: readonly string[] }): ReactNode {
  if (notes.length === 0) return null
  return <Alert variant="light" color="gray" p="xs" icon={<IconInfoCircle size={17} />}>{notes.map((note) => <Text key={note} size="xs">{safeText(note, 1000)}</Text>)}</Alert>
}
