import { Badge, Group, Stack, Table, Text, useComputedColorScheme } from '@mantine/core'
import { useMemo, type ReactNode } from 'react'
import type { Mapping } from '../../../shared/model/mapping.ts'
import type { MappedRecord, SampleRecord } from '../../../shared/model/sample.ts'
import { useCall } from '../../api/use-call.ts'
import { typeColor } from '../../charts/type-colors.ts'
import type { TimelineEvents } from '../../charts/timeline/layout.ts'
import { TimelineCanvas } from '../../charts/timeline/timeline-canvas.tsx'
import { FailureNote } from '../../ui/failure-note.tsx'
import { formatTime, toMillis } from '../../ui/format.ts'
import { safeText } from '../../ui/safe-text.ts'
import { TimeText } from '../../ui/time-text.tsx'
import classes from './connect.module.css'

const shownRecords = 20

/** What the mapping makes of the sample: as lanes, and record by record, before anything is stored. */
export function SamplePreview({ records, mapping, topic }: { readonly records: readonly SampleRecord[]; readonly mapping: Mapping; readonly topic: string }): ReactNode {
  const { data, error } = useCall('mapping.preview', { records: [...records], mapping, topic })
  const mapped = data ?? []
  const problems = mapped.filter(({ problem }) => problem !== undefined).length
  return (
    <Stack gap="xs">
      <FailureNote error={error} />
      <Group gap="xs">
        <Text size="xs" fw={650}>The timeline that comes of it</Text>
        {problems > 0 ? <Badge size="sm" color="orange" variant="light" tt="none">{problems} of {records.length} would be dead letters</Badge> : mapped.length > 0 && <Badge size="sm" color="teal" variant="light" tt="none">every record becomes an event</Badge>}
      </Group>
      <div className={classes.lanes}><Lanes mapped={mapped} /></div>
      <div className={classes.records} tabIndex={0} role="region" aria-label="Records of the sample">
        <Table fz="xs" verticalSpacing={3} stickyHeader>
          <Table.Thead><Table.Tr><Table.Th>Position</Table.Th><Table.Th>Key</Table.Th><Table.Th>Type</Table.Th><Table.Th>Time</Table.Th><Table.Th>Record</Table.Th></Table.Tr></Table.Thead>
          <Table.Tbody>
            {records.slice(0, shownRecords).map((record, index) => {
              const one: MappedRecord | undefined = mapped[index]
              return (
                <Table.Tr key={`${record.partition} ${record.offset}`}>
                  <Table.Td className="mono">{record.partition}@{record.offset.toString()}</Table.Td>
                  <Table.Td className="one-line" maw={170}>{one?.key === undefined ? <i>none</i> : safeText(one.key, 80)}</Table.Td>
                  <Table.Td className="one-line" maw={170}>{one?.type === undefined ? '' : safeText(one.type, 80)}</Table.Td>
                  <Table.Td style={{ whiteSpace: 'nowrap' }}>{one?.time === undefined ? '' : <TimeText time={one.time} />}</Table.Td>
                  <Table.Td className="record-text mono">
                    {one?.problem !== undefined && <Text size="xs" c="red">{safeText(one.problem, 300)}</Text>}
                    {safeText(record.data ?? record.dead?.detail ?? '', 260)}
                    {record.headers.length > 0 && <Text size="xs" c="dimmed">{safeText(record.headers.map(({ name, value }) => `${name}: ${value ?? 'null'}`).join(' · '), 200)}</Text>}
                  </Table.Td>
                </Table.Tr>
              )
            })}
          </Table.Tbody>
        </Table>
      </div>
    </Stack>
  )
}

function Lanes({ mapped }: { readonly mapped: readonly MappedRecord[] }): ReactNode {
  // these types have no codes yet: nothing is stored
  const scheme = useComputedColorScheme('light')
  const { events, laneNames, typeNames } = useMemo(() => {
    const usable = mapped.filter((one) => one.time !== undefined && one.type !== undefined && one.problem === undefined).sort((a, b) => ((a.time ?? 0n) < (b.time ?? 0n) ? -1 : 1))
    const keys = [...new Set(usable.map(({ key }) => key ?? 'no key'))].slice(0, 40)
    const names = [...new Set(usable.map(({ type }) => type ?? ''))]
    const kept = usable.filter(({ key }) => keys.includes(key ?? 'no key'))
    const made: TimelineEvents = { time: Float64Array.from(kept, ({ time }) => toMillis(time ?? 0n)), lane: Int32Array.from(kept, ({ key }) => keys.indexOf(key ?? 'no key')), type: Int32Array.from(kept, ({ type }) => names.indexOf(type ?? '')), lanes: keys.length }
    return { events: made, laneNames: keys.map((key) => safeText(key, 40)), typeNames: names }
  }, [mapped])
  if (events.time.length === 0) return <Text size="xs" c="dimmed" p="xs">Nothing to draw yet.</Text>
  return <TimelineCanvas ref={null} events={events} laneNames={laneNames} colorOf={(type) => typeColor(type, scheme)} selected={undefined} axis="time" describe={({ first, count }) => `${count === 1 ? safeText(typeNames[events.type[first] ?? 0] ?? '', 60) : `${count} events`}\n${formatTime(events.time[first] ?? 0)}`} onSelect={() => undefined} onRange={() => undefined} />
}
