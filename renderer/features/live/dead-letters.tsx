import { Badge, Button, Code, Group, ScrollArea, Stack, Table, Text, UnstyledButton } from '@mantine/core'
import { IconMoodSmile } from '@tabler/icons-react'
import { useState, type ReactNode } from 'react'
import type { DeadLetter } from '../../../shared/model/dead-letter.ts'
import { useAction, useCall } from '../../api/use-call.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { FailureNote } from '../../ui/failure-note.tsx'
import { formatCount } from '../../ui/format.ts'
import { HexView } from '../../ui/hex-view.tsx'
import { safeText } from '../../ui/safe-text.ts'
import { TimeText } from '../../ui/time-text.tsx'

const pageRows = 100
const utf8 = new TextDecoder()

/** Records that could not be decoded or mapped: by reason, and each with its bytes. Nothing of them is lost. */
export function DeadLetters(): ReactNode {
  const { data: summary, error } = useCall('deadLetters.summary', {})
  const [chosen, setChosen] = useState<{ readonly source: string; readonly reason: string } | undefined>(undefined)
  const [page, setPage] = useState(0)
  const { data } = useCall('deadLetters.list', { ...(chosen ?? {}), limit: pageRows, offset: page * pageRows })
  const retry = useAction('deadLetters.retry', 'Decoding dead letters anew')
  if (error !== null) return <FailureNote error={error} />
  if (summary?.length === 0) return <EmptyState icon={IconMoodSmile} title="No dead letters">Every record could be decoded and mapped. One that cannot would be kept whole here, with the reason.</EmptyState>
  const choose = (next: typeof chosen): void => {
    setChosen(next)
    setPage(0)
  }
  return (
    <ScrollArea h="100%" type="auto">
      <Stack p="xs" gap="sm">
        <Table fz="xs" verticalSpacing={4} aria-label="Dead letters by reason">
          <Table.Thead><Table.Tr><Table.Th>Source</Table.Th><Table.Th>Reason</Table.Th><Table.Th ta="right">Records</Table.Th><Table.Th>First</Table.Th><Table.Th>Last</Table.Th><Table.Th /></Table.Tr></Table.Thead>
          <Table.Tbody>
            {(summary ?? []).map(({ source, reason, waiting, count, first, last }) => (
              <Table.Tr key={`${source} ${reason}`} style={chosen?.source === source && chosen.reason === reason ? { background: 'var(--mantine-color-default-hover)' } : {}}>
                <Table.Td className="record-text">{safeText(source, 80)}</Table.Td>
                <Table.Td><UnstyledButton fz="xs" td="underline" onClick={() => choose(chosen?.source === source && chosen.reason === reason ? undefined : { source, reason })}>{reason.replaceAll('_', ' ')}</UnstyledButton> {waiting && <Badge size="xs" color="blue" variant="light">waits for the registry</Badge>}</Table.Td>
                <Table.Td ta="right" className="numeric">{formatCount(count)}</Table.Td>
                <Table.Td><TimeText time={first} /></Table.Td>
                <Table.Td><TimeText time={last} /></Table.Td>
                <Table.Td><Button size="compact-xs" variant="default" loading={retry.isPending} onClick={() => retry.mutate({ source })}>Decode again</Button></Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
        <FailureNote error={retry.error} />
        {retry.data !== undefined && <Text size="xs" role="status">{formatCount(retry.data.events)} became events, {formatCount(retry.data.dead)} are still dead.</Text>}
        {(data?.letters ?? []).map((letter) => <Letter key={`${letter.source} ${letter.position.partition} ${letter.position.offset}`} letter={letter} />)}
        {data !== undefined && data.total > pageRows && (
          <Group gap="xs"><Button size="compact-xs" variant="default" disabled={page === 0} onClick={() => setPage(page - 1)}>Newer</Button><Text size="xs">{formatCount(page * pageRows + 1)} to {formatCount(Math.min(data.total, (page + 1) * pageRows))} of {formatCount(data.total)}</Text><Button size="compact-xs" variant="default" disabled={(page + 1) * pageRows >= data.total} onClick={() => setPage(page + 1)}>Older</Button></Group>
        )}
      </Stack>
    </ScrollArea>
  )
}

function Letter({ letter }: { readonly letter: DeadLetter }): ReactNode {
  const [open, setOpen] = useState(false)
  const { position } = letter
  return (
    <Stack gap={4} p={6} style={{ border: '1px solid var(--mantine-color-default-border)', borderRadius: 4 }}>
      <UnstyledButton onClick={() => setOpen(!open)} aria-expanded={open}>
        <Group gap="sm" wrap="nowrap" fz="xs">
          <Badge size="xs" variant="light" color="red" tt="none" style={{ flex: 'none' }}>{letter.reason.replaceAll('_', ' ')}</Badge>
          <span className="mono" style={{ flex: 'none' }}>{safeText(position.topic, 60)}/{position.partition}@{position.offset.toString()}</span>
          <span className="one-line">{safeText(letter.detail, 300)}</span>
        </Group>
      </UnstyledButton>
      {open && (
        <Stack gap={6}>
          <Text size="xs">{safeText(letter.detail, 2000)} <TimeText time={letter.brokerTime} /></Text>
          {letter.headers.length > 0 && <Text size="xs" className="record-text">{letter.headers.map(({ name, value }) => `${safeText(name, 80)}: ${value === undefined ? 'null' : safeText(utf8.decode(value), 200)}`).join(' · ')}</Text>}
          {letter.payload === undefined ? <Text size="xs" c="dimmed">The payload is null.</Text> : <><Code block fz="xs" mah={140} style={{ overflow: 'auto' }} className="record-text">{safeText(utf8.decode(letter.payload.subarray(0, 20_000)), 5000)}</Code><HexView bytes={letter.payload} label="Payload" height={160} /></>}
        </Stack>
      )}
    </Stack>
  )
}
