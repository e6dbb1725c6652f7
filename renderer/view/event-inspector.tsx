import { Anchor, Badge, Button, Code, Group, ScrollArea, Stack, Table, Tabs, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import type { Position } from '../../shared/model/position.ts'
import type { CallOutput } from '../../shared/contract/calls.ts'
import { useCall } from '../api/use-call.ts'
import { CopyValue } from '../ui/copy-value.tsx'
import { FailureNote } from '../ui/failure-note.tsx'
import { formatBytes, formatDuration, formatUtc } from '../ui/format.ts'
import { HexView } from '../ui/hex-view.tsx'
import { JsonTree } from '../ui/json-tree.tsx'
import { safeText } from '../ui/safe-text.ts'
import { TimeText } from '../ui/time-text.tsx'
import { useTypes } from './use-types.ts'

type Detail = CallOutput<'event.get'>

/** Which event, by its place in its source. */
export interface EventPlace {
  readonly source: string
  readonly position: Position
}

const utf8 = new TextDecoder()

/** One event whole: what it says, the bytes as they came, where it is from, and which events belong to it. */
export function EventInspector({ source, position, onOpenEvent, onOpenUser }: EventPlace & { readonly onOpenEvent?: (place: EventPlace & { readonly key: string | undefined; readonly time: bigint }) => void; readonly onOpenUser?: (key: string, time: bigint) => void }): ReactNode {
  const { data, error, refetch } = useCall('event.get', { source, position })
  const types = useTypes()
  if (data === undefined) return <FailureNote error={error} onRetry={() => void refetch()} />
  const { key } = data
  return (
    <ScrollArea h="100%" type="auto" offsetScrollbars>
      <Stack gap="sm" p="sm">
        <Group justify="space-between" wrap="nowrap" align="flex-start">
          <Group gap={8} wrap="nowrap" style={{ minWidth: 0 }}>
            <span style={{ width: 10, height: 10, borderRadius: 3, background: types.color(data.type), flex: 'none' }} />
            <Text fw={650} className="record-text">{safeText(data.type, 200)}</Text>
          </Group>
          <Group gap={4} wrap="nowrap">
            {data.late && <Badge size="sm" color="orange" variant="light">late</Badge>}
            <Badge size="sm" variant="default" tt="none">{data.decoder}</Badge>
          </Group>
        </Group>
        {key !== undefined && onOpenUser !== undefined && <Button size="compact-sm" variant="light" onClick={() => onOpenUser(key, data.time)}>Open the timeline of {safeText(key, 40)}</Button>}
        <Facts event={data} />
        <Tabs defaultValue="payload" keepMounted={false} styles={{ tab: { paddingInline: 9 } }}>
          <Tabs.List>
            <Tabs.Tab value="payload">Payload</Tabs.Tab>
            <Tabs.Tab value="attributes">Attributes</Tabs.Tab>
            <Tabs.Tab value="headers">Headers</Tabs.Tab>
            <Tabs.Tab value="raw">Raw bytes</Tabs.Tab>
            <Tabs.Tab value="related">Related</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="payload" pt="xs">{data.data === undefined ? <Text size="sm" c="dimmed">The payload was not decoded to JSON; its bytes are under Raw.</Text> : <><Group justify="flex-end"><CopyValue value={data.data} name="the payload" /></Group><JsonTree text={data.data} /></>}</Tabs.Panel>
          <Tabs.Panel value="attributes" pt="xs"><Attributes event={data} /></Tabs.Panel>
          <Tabs.Panel value="headers" pt="xs"><Headers event={data} /></Tabs.Panel>
          <Tabs.Panel value="raw" pt="xs"><Raw event={data} /></Tabs.Panel>
          <Tabs.Panel value="related" pt="xs"><Related source={source} position={position} onOpenEvent={onOpenEvent} /></Tabs.Panel>
        </Tabs>
      </Stack>
    </ScrollArea>
  )
}

function Facts({ event }: { readonly event: Detail }): ReactNode {
  const lateness = Number(event.brokerTime - event.time) / 1000
  const place = `${event.position.topic}/${event.position.partition}@${event.position.offset}`
  const facts: (readonly [string, ReactNode, string | undefined])[] = [
    ['Key', event.key === undefined ? <i>none</i> : <bdi>{safeText(event.key, 300)}</bdi>, event.key],
    ['Position', <span className="mono" key="position">{safeText(place, 200)}</span>, place],
    ['Source', <bdi key="source">{safeText(event.source, 100)}</bdi>, undefined],
    ['Event time', <TimeText key="time" time={event.time} />, formatUtc(event.time)],
    ['Broker time', <span key="broker"><TimeText time={event.brokerTime} /> <Text span c="dimmed" size="xs">{lateness === 0 ? 'the same' : `${formatDuration(Math.abs(lateness))} ${lateness > 0 ? 'behind' : 'ahead of'} the event`}</Text></span>, formatUtc(event.brokerTime)],
    ['Stored', <TimeText key="ingested" time={event.ingestedAt} />, undefined],
    ...([['Id', event.id], ['Subject', event.subject], ['Origin', event.origin], ['Sequence', event.sequence], ['Correlation', event.correlationid], ['Causation', event.causationid], ['Trace', event.traceparent], ['Data schema', event.dataschema], ['Schema', event.schema?.toString()]] as const).flatMap(([name, value]) => (value === undefined ? [] : [[name, <bdi key={name}>{safeText(value, 300)}</bdi>, value] as const])),
  ]
  return (
    <Table withRowBorders={false} verticalSpacing={2} horizontalSpacing={6} fz="xs">
      <Table.Tbody>
        {facts.map(([name, shown, copied]) => (
          <Table.Tr key={name}>
            <Table.Th scope="row" w={92} c="dimmed" fw={500} style={{ verticalAlign: 'top' }}>{name}</Table.Th>
            <Table.Td className="record-text">{shown}</Table.Td>
            <Table.Td w={26}>{copied !== undefined && <CopyValue value={copied} name={name.toLowerCase()} />}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}

function Attributes({ event }: { readonly event: Detail }): ReactNode {
  if (event.attributes.length === 0) return <Text size="sm" c="dimmed">The mapping of this source has no attributes.</Text>
  return (
    <Table verticalSpacing={3} fz="xs" aria-label="Attributes">
      <Table.Thead><Table.Tr><Table.Th>Attribute</Table.Th><Table.Th>Value</Table.Th><Table.Th>Taken from</Table.Th></Table.Tr></Table.Thead>
      <Table.Tbody>
        {event.attributes.map(({ name, type, path, value }) => (
          <Table.Tr key={name}>
            <Table.Td className="record-text">{name} <Text span c="dimmed" size="xs">{type}</Text></Table.Td>
            <Table.Td className="record-text">{value === null || value === undefined ? <i>null</i> : type === 'time' && typeof value === 'bigint' ? <TimeText time={value} /> : <bdi>{safeText(String(value as string | number | boolean | bigint), 1000)}</bdi>}</Table.Td>
            <Table.Td className="record-text"><Code fz="xs">{safeText(path, 200)}</Code></Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}

function Headers({ event }: { readonly event: Detail }): ReactNode {
  if (event.raw.headers.length === 0) return <Text size="sm" c="dimmed">The record has no headers.</Text>
  return (
    <Table verticalSpacing={3} fz="xs" aria-label="Headers">
      <Table.Tbody>
        {event.raw.headers.map(({ name, value }, index) => (
          <Table.Tr key={index}>
            <Table.Th scope="row" fw={500} className="record-text">{safeText(name, 200)}</Table.Th>
            <Table.Td className="record-text">{value === undefined ? <i>null</i> : <bdi>{safeText(utf8.decode(value), 2000)}</bdi>}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}

function Raw({ event: { raw } }: { readonly event: Detail }): ReactNode {
  return (
    <Stack gap="xs">
      {([['Key', raw.key], ['Payload', raw.payload]] as const).map(([name, bytes]) => (
        <div key={name}>
          <Group justify="space-between"><Text size="xs" fw={600}>{name}{bytes === undefined ? '' : `, ${formatBytes(bytes.length)}`}</Text>{bytes !== undefined && <CopyValue value={Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')} name={`${name.toLowerCase()} as hexadecimal`} />}</Group>
          {bytes === undefined ? <Text size="sm" c="dimmed">null</Text> : <HexView bytes={bytes} label={name} />}
        </div>
      ))}
    </Stack>
  )
}

function Related({ source, position, onOpenEvent }: EventPlace & { readonly onOpenEvent: Parameters<typeof EventInspector>[0]['onOpenEvent'] }): ReactNode {
  const { data, error } = useCall('event.related', { source, position, limit: 200 })
  if (error !== null) return <FailureNote error={error} />
  if (data?.length === 0) return <Text size="sm" c="dimmed">No event names this one as its cause, and none shares its correlation.</Text>
  return (
    <Table verticalSpacing={3} fz="xs" aria-label="Related events">
      <Table.Tbody>
        {(data ?? []).map((one) => (
          <Table.Tr key={`${one.source} ${one.position.partition} ${one.position.offset}`}>
            <Table.Td>{one.relation}</Table.Td>
            <Table.Td><Anchor component="button" size="xs" onClick={() => onOpenEvent?.({ source: one.source, position: one.position, key: one.key, time: one.time })}>{safeText(one.type, 80)}</Anchor></Table.Td>
            <Table.Td><TimeText time={one.time} /></Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}
