import { Badge, Group, SegmentedControl, Text } from '@mantine/core'
import { IconAlarm, IconRepeat } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { FoundRecurring } from '../../../shared/model/discovery.ts'
import { useCall } from '../../api/use-call.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { formatCount, formatMinute, formatShare, formatUtc } from '../../ui/format.ts'
import { safeText } from '../../ui/safe-text.ts'
import { useView } from '../../view/view.ts'
import { Answer, Notes } from './answer.tsx'
import classes from './discover.module.css'
import { FindingList, FindingRow } from './finding-list.tsx'
import { SlotPlot } from './slot-plot.tsx'
import type { TabProps } from './state.ts'
import { TypeChips } from './type-chips.tsx'
import { periodWords, phaseWords, subject } from './words.ts'

/** Events that come back at a period: how surely, which came and which did not, and when the next should. */
export function RecurringTab({ state, setState }: TabProps): ReactNode {
  const { filter: { from, to } } = useView()
  const query = useCall('discover.recurring', { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }), ...(state.by === undefined ? {} : { by: [state.by] }) }, { label: 'Looking for recurring events' })
  return (
    <>
      <Group className={classes.controls} gap="sm">
        <Text size="xs">Look at</Text>
        <SegmentedControl size="xs" aria-label="Look at" value={state.by ?? 'all'} onChange={(by) => setState({ by: by === 'all' ? undefined : by }, { replace: true })} data={[{ value: 'all', label: 'everything' }, { value: 'type', label: 'types' }, { value: 'attribute', label: 'types with a value' }, { value: 'key', label: 'single users' }]} />
      </Group>
      <div className={classes.results}>
        <Answer call="discover.recurring" query={query}>
          {({ recurring, tried, until, notes }) => (
            <>
              {recurring.length === 0 ? <EmptyState icon={IconRepeat} title="Nothing comes back at a period">{formatCount(tried)} series of events were tried. It takes several periods within the time that is selected to be sure of one.</EmptyState> : (
                <FindingList label="Recurring events" summary={<><b>{formatCount(recurring.length)}</b> found, of {formatCount(tried)} series of events that were tried. Complete until {formatMinute(until / 1000)}.</>} csv={{ name: 'recurring', head: ['what', 'period_s', 'next', 'hits', 'missed', 'slots', 'jitter_s', 'p', 'overdue', 'users', 'behavior'], rows: () => recurring.map((found) => [subject(found), found.period / 1e6, formatUtc(found.next / 1000), found.hits.length, found.missed.length, found.slots, found.jitter / 1e6, found.p, found.overdue, found.users, found.behavior]) }}>
                  {recurring.map((found) => <Recurring key={found.behavior} found={found} isOpen={state.finding === found.behavior} onOpen={() => setState({ finding: found.behavior })} />)}
                </FindingList>
              )}
              <Notes notes={notes} />
            </>
          )}
        </Answer>
      </div>
    </>
  )
}

function Recurring({ found, isOpen, onOpen }: { readonly found: FoundRecurring; readonly isOpen: boolean; readonly onOpen: () => void }): ReactNode {
  const { type, attribute, value, key, hits, slots, overdue, next, p, users, events } = found
  return (
    <FindingRow name={safeText(subject(found), 120)} isOpen={isOpen} alarm={overdue > 0} onOpen={onOpen}>
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <div style={{ minWidth: 0 }}>
          <Group gap={6}><TypeChips types={[type]} />{attribute !== undefined && <Text size="sm">where {safeText(attribute, 40)} is <b><bdi>{safeText(value ?? '', 60)}</bdi></b></Text>}{key !== undefined && <Text size="sm">of <b><bdi>{safeText(key, 60)}</bdi></b></Text>}</Group>
          <Text mt={4} fw={650}>{periodWords(found.period)}, {phaseWords(found)}</Text>
          <Text size="sm" c="dimmed">It came {formatCount(hits.length)} of {formatCount(slots)} times ({formatShare(hits.length / slots)}) · {formatCount(events)} events{users > 0 ? ` of ${formatCount(users)} ${users === 1 ? 'user' : 'users'}` : ''} · {p < 1e-6 ? 'beyond any chance (p < 0.000001)' : `by chance in ${p.toPrecision(1)} of all cases`}</Text>
        </div>
        {overdue > 0 ? <Badge size="lg" color="red" variant="filled" tt="none" leftSection={<IconAlarm size={15} />} role="alert">Overdue: {formatCount(overdue)} did not come</Badge> : <Badge size="lg" variant="light" tt="none">next {formatMinute(next / 1000)}</Badge>}
      </Group>
      <SlotPlot found={found} />
    </FindingRow>
  )
}
