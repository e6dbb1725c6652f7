import { Button, Group, NumberInput, Paper, Select, Stack, Text, TextInput, Title } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useMemo, useState, type ReactNode } from 'react'
import type { Mapping } from '../../../shared/model/mapping.ts'
import type { EndAt, StartAt } from '../../../shared/model/source.ts'
import { useAction, useCall } from '../../api/use-call.ts'
import { FailureNote } from '../../ui/failure-note.tsx'
import { safeText } from '../../ui/safe-text.ts'
import { fromLocalInput } from '../../view/time-presets.ts'
import { emptyFields, holdsSecret, toConnection, type ConnectionFields } from './connection-fields.ts'
import { ConnectionForm } from './connection-form.tsx'
import { Layers } from './layers.tsx'
import { MappingEditor } from './mapping-editor.tsx'
import { Remember, useRemember } from './remember.tsx'
import { SamplePreview } from './sample-preview.tsx'
import { TopicList } from './topic-list.tsx'

const sampleRecords = 100

/** From a broker's address to flowing, decoded, mapped events; each step opens when the one before it can. */
export function KafkaSteps(): ReactNode {
  const navigate = useNavigate()
  const { data: sources } = useCall('sources.list', {})
  const [fields, setFields] = useState<ConnectionFields>(emptyFields)
  const [topics, setTopics] = useState<readonly string[]>([])
  const [edited, setEdited] = useState<{ readonly topic: string; readonly mapping: Mapping } | undefined>(undefined)
  const [start, setStart] = useState<StartAt | undefined>({ at: 'beginning' })
  const [end, setEnd] = useState<EndAt | undefined>({ at: 'never' })
  const [lateness, setLateness] = useState(60)
  const remember = useRemember()
  const diagnose = useAction('connection.diagnose', 'Testing the connection')
  const list = useAction('topics.list', 'Listing topics')
  const sample = useAction('topic.sample', 'Reading a sample')
  const tail = useAction('tail.start', 'Starting the tail')
  const connection = useMemo(() => toConnection(fields), [fields])
  const presets = (sources ?? []).flatMap(({ name, connection: stored }) => (stored === undefined ? [] : [{ name, connection: stored }]))
  const [first] = topics
  const mapping = edited !== undefined && edited.topic === first ? edited.mapping : sample.data?.guess.mapping

  const change = (next: ConnectionFields): void => {
    setFields(next)
    diagnose.reset()
    list.reset()
    sample.reset()
    setTopics([])
  }
  const choose = (next: readonly string[]): void => {
    setTopics(next)
    const [topic] = next
    if (topic === undefined) sample.reset()
    else if (topic !== first) sample.mutate({ connection, topic, count: sampleRecords })
  }
  const begin = (): void => {
    if (start === undefined || end === undefined) return
    // the mapping was looked at for one topic; others guess their own
    const own = topics.length === 1 && mapping !== undefined ? { mapping } : {}
    tail.mutate({ connection, topics: [...topics], start, end, latenessMs: lateness * 1000, ...remember.choice, ...own }, { onSuccess: () => void navigate({ to: '/live' }) })
  }
  return (
    <Stack gap="md">
      <Step number={1} title="Where is the cluster?">
        <ConnectionForm fields={fields} presets={presets} onChange={change} />
        <Group gap="xs">
          <Button size="xs" variant="default" disabled={fields.brokers.trim() === ''} loading={diagnose.isPending} onClick={() => diagnose.mutate({ connection })}>Test</Button>
          <Button size="xs" disabled={fields.brokers.trim() === ''} loading={list.isPending} onClick={() => list.mutate({ connection })}>List topics</Button>
          {(diagnose.isPending || list.isPending) && <Button size="xs" variant="subtle" color="gray" onClick={() => { diagnose.cancel(); list.cancel() }}>Cancel</Button>}
        </Group>
        <FailureNote error={diagnose.error ?? list.error} />
        {diagnose.data !== undefined && <Layers results={diagnose.data} />}
      </Step>
      {list.data !== undefined && (
        <Step number={2} title="Which topics?">
          <TopicList topics={list.data} connection={connection} chosen={topics} onChange={choose} />
        </Step>
      )}
      {first !== undefined && (
        <Step number={3} title={`How is ${safeText(first, 60)} read?`}>
          {sample.isPending && <Text size="xs" c="dimmed">Reading its newest records…</Text>}
          <FailureNote error={sample.error} onRetry={() => sample.mutate({ connection, topic: first, count: sampleRecords })} />
          {sample.data !== undefined && mapping !== undefined && (
            sample.data.records.length === 0 ? <Text size="sm">The topic is empty. The mapping is guessed from its first records once they come.</Text> : (
              <>
                <MappingEditor mapping={mapping} guess={sample.data.guess} onChange={(next) => setEdited({ topic: first, mapping: next })} />
                <SamplePreview records={sample.data.records} mapping={mapping} topic={first} />
              </>
            )
          )}
          {topics.length > 1 && <Text size="xs" c="dimmed">The other {topics.length - 1} topics get a mapping of their own, guessed in the same way; it can be changed later without asking Kafka again.</Text>}
        </Step>
      )}
      {first !== undefined && sample.data !== undefined && (
        <Step number={4} title="From when until when?">
          <Group gap="md" align="flex-end">
            <Bound label="Start" choices={[['beginning', 'at the beginning'], ['latest', 'with what comes now'], ['offset', 'at an offset'], ['time', 'at a time']]} onChange={(bound) => setStart(bound as StartAt | undefined)} />
            <Bound label="End" choices={[['never', 'never: follow the topic'], ['now', 'at its end as it is now'], ['offset', 'before an offset'], ['time', 'before a time']]} onChange={(bound) => setEnd(bound as EndAt | undefined)} />
            <NumberInput size="xs" w={150} label="Allowed lateness" suffix=" s" min={0} value={lateness} onChange={(value) => setLateness(Number(value) || 0)} />
            <Button onClick={begin} loading={tail.isPending} disabled={start === undefined || end === undefined}>Start</Button>
          </Group>
          {holdsSecret(connection) && <Remember {...remember} />}
          <FailureNote error={tail.error} />
          <Text size="xs" c="dimmed">Nothing is written to the broker: no consumer group is left behind, no offset is committed. What is read is kept in this workspace, with its position.</Text>
        </Step>
      )}
    </Stack>
  )
}

function Step({ number, title, children }: { readonly number: number; readonly title: string; readonly children: ReactNode }): ReactNode {
  return (
    <Paper p="md" radius="md">
      <Stack gap="sm">
        <Title order={4}>{number}. {title}</Title>
        {children}
      </Stack>
    </Paper>
  )
}

type Choice = 'beginning' | 'latest' | 'never' | 'now' | 'offset' | 'time'

/** Where reading begins or ends; undefined while an offset or a time is still missing. */
function Bound({ label, choices, onChange }: { readonly label: string; readonly choices: readonly (readonly [Choice, string])[]; readonly onChange: (bound: { readonly at: Choice; readonly offset?: bigint; readonly time?: number } | undefined) => void }): ReactNode {
  const [at, setAt] = useState<Choice>(choices[0]?.[0] ?? 'beginning')
  const choose = (next: Choice): void => {
    setAt(next)
    onChange(next === 'offset' || next === 'time' ? undefined : { at: next })
  }
  return (
    <Group gap={6} align="flex-end">
      <Select size="xs" w={190} label={label} data={choices.map(([value, text]) => ({ value, label: text }))} value={at} onChange={(value) => value !== null && choose(value)} allowDeselect={false} />
      {at === 'offset' && <TextInput size="xs" w={110} aria-label={`${label} offset`} placeholder="offset" onChange={(event) => onChange(/^\d+$/.test(event.currentTarget.value) ? { at, offset: BigInt(event.currentTarget.value) } : undefined)} />}
      {at === 'time' && <TextInput size="xs" type="datetime-local" step={1} aria-label={`${label} time`} onChange={(event) => { const time = fromLocalInput(event.currentTarget.value); onChange(time === undefined ? undefined : { at, time }) }} />}
    </Group>
  )
}
