import { ActionIcon, Badge, Button, Group, NumberInput, Pill, SegmentedControl, Select, Text, TextInput, Tooltip } from '@mantine/core'
import { IconArrowsMaximize, IconChevronLeft, IconChevronRight, IconFilterOff, IconLink, IconRefresh, IconTimelineEvent, IconZoomIn, IconZoomOut } from '@tabler/icons-react'
import { notifications } from '@mantine/notifications'
import { Link } from '@tanstack/react-router'
import { useCallback, useEffect, useEffectEvent, useMemo, useRef, type ReactNode } from 'react'
import { z } from 'zod'
import { cellAt, columnsOf } from '../../analysis/cells.ts'
import { useCall } from '../../api/use-call.ts'
import type { Mark } from '../../charts/timeline/layout.ts'
import { TimelineCanvas, type TimelineHandle } from '../../charts/timeline/timeline-canvas.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { FailureNote } from '../../ui/failure-note.tsx'
import { formatCount, formatCounted, formatDuration, formatTime } from '../../ui/format.ts'
import { useKeys } from '../../ui/keys.tsx'
import { safeText } from '../../ui/safe-text.ts'
import { EventInspector, type EventPlace } from '../../view/event-inspector.tsx'
import { useSearchState } from '../../view/search-state.ts'
import { fromLocalInput } from '../../view/time-presets.ts'
import { useTypes } from '../../view/use-types.ts'
import { noFilter, useView } from '../../view/view.ts'
import { arrangeMany, arrangeOne, type Align } from './arrange.ts'
import { EventList } from './event-list.tsx'
import { isNarrowed, useFollowing, useUserEvents } from './user-events.ts'
import { UserList } from './user-list.tsx'
import classes from './timelines.module.css'

/** A name in a URL: a person who writes one types 42 and not "42". */
const name = z.union([z.string(), z.number().transform(String)])

const State = z.object({
  user: name.optional().catch(undefined),
  pins: z.array(name).optional().catch(undefined),
  /** Epoch milliseconds of the event that is to be shown. */
  at: z.number().optional().catch(undefined),
  lanes: z.enum(['type', 'session']).optional().catch(undefined),
  /** Minutes. */
  gap: z.number().positive().optional().catch(undefined),
  align: z.string().optional().catch(undefined),
  /** Which event is selected, by its place in the drawing. */
  event: z.number().int().nonnegative().optional().catch(undefined),
  /** Events that are pointed out, such as the steps of a match: label, source, partition, offset. */
  marks: z.array(z.tuple([z.string(), z.string(), z.number(), z.string()])).optional().catch(undefined),
})

/** Any user, any moment, every event; or several users under each other. */
export function TimelinesScreen(): ReactNode {
  const [state, setState] = useSearchState(State)
  const types = useTypes()
  const handle = useRef<TimelineHandle>(null)
  const { data: sources } = useCall('sources.list', {})
  const { data: info } = useCall('workspace.info', {})
  const attributes = useMemo(() => [...new Set((sources ?? []).flatMap(({ mapping }) => mapping.attributes.map(({ name }) => name)))], [sources])
  const pins = useMemo(() => state.pins ?? [], [state.pins])
  const keys = useMemo(() => (pins.length > 0 ? pins : state.user === undefined ? [] : [state.user]), [pins, state.user])
  const { view, filter, setView } = useView()
  const { users, error, loading, reload } = useUserEvents(sources === undefined ? [] : keys, attributes, filter)
  const align = (state.align ?? 'time') as Align
  const gap = (state.gap ?? 30) * 60_000
  const lanes = state.lanes ?? 'type'
  const compares = pins.length > 0
  const arranged = useMemo(() => {
    const [only] = users
    return compares || only === undefined ? arrangeMany(users, align) : arrangeOne(only, lanes, gap)
  }, [users, compares, align, lanes, gap])
  const selected = state.event !== undefined && state.event < arranged.events.time.length ? state.event : undefined
  const isFiltered = isNarrowed(filter)
  // which event is selected is a place among those that were read
  useFollowing(selected === undefined, reload)
  const shifts = compares ? align !== 'time' : lanes === 'session'

  const select = useCallback((event: number | undefined) => setState({ event }, { replace: true }), [setState])
  const go = (step: number): void => {
    const count = arranged.events.time.length
    if (count === 0) return
    const place = selected === undefined ? (step > 0 ? -1 : count) : arranged.reading.indexOf(selected)
    const to = arranged.reading[Math.max(0, Math.min(count - 1, place + step))] ?? 0
    select(to)
    reveal(to)
  }
  const reveal = (event: number): void => {
    const range = handle.current?.range()
    const time = arranged.events.time[event]
    if (range === undefined || time === undefined || (time >= range.from && time <= range.to)) return
    const half = (range.to - range.from) / 2
    handle.current?.show(time - half, time + half)
  }
  // a link to a moment opens there, once
  const opened = useRef<string | undefined>(undefined)
  const openAt = useEffectEvent(() => {
    const [only] = users
    const moment = `${state.at ?? ''} ${only?.key ?? ''}`
    if (state.at === undefined || compares || opened.current === moment) return
    const row = only?.time.findIndex((time) => time >= (state.at ?? 0)) ?? -1
    if (row === -1) return
    opened.current = moment
    select(row)
    handle.current?.show((state.at ?? 0) - 1_800_000, (state.at ?? 0) + 1_800_000)
  })
  useEffect(() => {
    const frame = requestAnimationFrame(() => openAt())
    return () => cancelAnimationFrame(frame)
  }, [users, state.at])

  useKeys('Timelines', [
    { keys: 'W', label: 'Zoom in', run: () => handle.current?.zoom(0.7) },
    { keys: 'S', label: 'Zoom out', run: () => handle.current?.zoom(1 / 0.7) },
    { keys: 'A', label: 'Earlier', run: () => handle.current?.pan(-0.2) },
    { keys: 'D', label: 'Later', run: () => handle.current?.pan(0.2) },
    { keys: 'F', label: 'Show all', run: () => handle.current?.fit() },
    { keys: 'ArrowRight', label: 'Next event', run: () => go(1) },
    { keys: 'ArrowLeft', label: 'Previous event', run: () => go(-1) },
    { keys: 'R', label: 'Read what came in since', run: reload },
    { keys: 'Escape', label: 'Close the event', run: () => select(undefined) },
    { keys: 'P', label: 'Compare this user with others', run: () => state.user !== undefined && pin(state.user) },
  ])
  const pin = (key: string): void => {
    const next = pins.includes(key) ? pins.filter((other) => other !== key) : [...(pins.length === 0 && state.user !== undefined && state.user !== key ? [state.user] : pins), key]
    setState({ pins: next.length === 0 ? undefined : next, event: undefined })
  }
  const place = selected === undefined ? undefined : placeOf(arranged.user[selected] ?? 0, arranged.row[selected] ?? 0, users)
  const describe = useCallback(
    ({ count, first, last, type }: Mark) => {
      const [from, to] = [arranged.events.time[first] ?? 0, arranged.events.time[last] ?? 0]
      const name = type === -1 ? 'several types' : safeText(arranged.typeNames[type] ?? '', 60)
      const when = shifts ? formatDuration(from) : formatTime(from)
      return count === 1 ? `${name}\n${when}` : `${formatCount(count)} events, ${name}\n${when}, over ${formatDuration(to - from)}`
    },
    [arranged, shifts],
  )
  const { color } = types
  const colorOf = useCallback((type: number) => color(arranged.typeNames[type] ?? ''), [color, arranged])
  const rest = useCallback(() => undefined, [])
  const labels = useMemo(() => (compares ? undefined : marked(state.marks, arranged, users)), [compares, state.marks, arranged, users])
  const laneNames = useMemo(() => arranged.laneNames.map((name) => safeText(name, 60)), [arranged])
  const jump = (text: string): void => {
    const time = fromLocalInput(text)
    const range = handle.current?.range()
    if (time !== undefined && range !== undefined) handle.current?.show(time - (range.to - range.from) / 2, time + (range.to - range.from) / 2)
  }
  const ties = users.reduce((sum, { time }) => sum + time.filter((at, row) => row > 0 && at === time[row - 1]).length, 0)

  if (info?.events === 0) {
    return (
      <EmptyState icon={IconTimelineEvent} title="No users yet" actions={<Button component={Link} to="/start" size="sm">Get some events</Button>}>
        Here every event of a user lies on one line, from the first to the last. Connect to a topic, open a file or try the demo shop first.
      </EmptyState>
    )
  }
  return (
    <div className={classes.layout}>
      <UserList chosen={compares ? undefined : state.user} pinned={pins} onChoose={(user) => setState({ user, at: undefined, event: undefined, pins: undefined, marks: undefined })} onPin={pin} />
      <div className={classes.main}>
        {keys.length === 0 ? (
          <EmptyState icon={IconTimelineEvent} title="Choose a user">Every event of theirs, in order, at one look. Pin several to lay them under each other.</EmptyState>
        ) : (
          <>
            <Group px="xs" py={5} gap="xs" className={classes.bar} justify="space-between">
              <Group gap="xs">
                {compares ? pins.map((key) => <Pill key={key} withRemoveButton onRemove={() => pin(key)} removeButtonProps={{ 'aria-label': 'Take out of the comparison', 'aria-hidden': false, tabIndex: 0 }}><bdi>{safeText(key, 24)}</bdi></Pill>) : <Text fw={650} size="sm" className="record-text" maw={260} lineClamp={1}>{safeText(state.user ?? '', 80)}</Text>}
                <Text size="xs" c="dimmed" className="numeric">{loading ? 'reading…' : `${formatCounted(arranged.events.time.length, 'event')}${isFiltered ? ' in the filter' : ''}`}</Text>
                {ties > 0 && <Tooltip label="Events with the time of the one before: their order is that of their positions"><Badge size="xs" variant="default" tt="none">{formatCount(ties)} at the same time</Badge></Tooltip>}
                {arranged.left.length > 0 && <Badge size="xs" color="orange" variant="light" tt="none">{arranged.left.length} without such an event left out</Badge>}
              </Group>
              <Group gap={6}>
                {compares ? (
                  <Select size="xs" w={210} aria-label="Align by" value={align} onChange={(value) => setState({ align: value === 'time' ? undefined : (value ?? undefined) })} data={[{ value: 'time', label: 'as it was' }, { value: 'day', label: 'by time of day' }, { value: 'first', label: 'by first event' }, ...arranged.typeNames.map((name) => ({ value: `type:${name}`, label: `by first ${safeText(name, 40)}` }))]} allowDeselect={false} searchable />
                ) : (
                  <>
                    <SegmentedControl size="xs" aria-label="Lanes" value={lanes} onChange={(value) => setState({ lanes: value === 'session' ? 'session' : undefined, event: undefined })} data={[{ label: 'By type', value: 'type' }, { label: 'By session', value: 'session' }]} />
                    {lanes === 'session' && <NumberInput size="xs" w={96} min={1} suffix=" min" aria-label="A pause this long ends a session" value={state.gap ?? 30} onChange={(value) => setState({ gap: Number(value) || undefined, event: undefined }, { replace: true })} />}
                  </>
                )}
                {!shifts && <TextInput size="xs" type="datetime-local" w={178} aria-label="Jump to a date" onChange={(event) => jump(event.currentTarget.value)} />}
                <ActionIcon.Group>
                  <Control label="Previous event (←)" icon={IconChevronLeft} run={() => go(-1)} />
                  <Control label="Next event (→)" icon={IconChevronRight} run={() => go(1)} />
                  <Control label="Zoom in (W)" icon={IconZoomIn} run={() => handle.current?.zoom(0.7)} />
                  <Control label="Zoom out (S)" icon={IconZoomOut} run={() => handle.current?.zoom(1 / 0.7)} />
                  <Control label="Show all (F)" icon={IconArrowsMaximize} run={() => handle.current?.fit()} />
                  <Control label="Read what came in since (R)" icon={IconRefresh} run={reload} />
                  <Control label="Copy a link to this view" icon={IconLink} run={() => void navigator.clipboard.writeText(window.location.href).then(() => notifications.show({ message: 'The link is in the clipboard.' }))} />
                </ActionIcon.Group>
              </Group>
            </Group>
            <FailureNote error={error} />
            {isFiltered && !loading && users.length > 0 && arranged.events.time.length === 0 && arranged.left.length === 0 ? (
              <EmptyState icon={IconFilterOff} title="Nothing in the filter" actions={<Button size="xs" variant="default" onClick={() => setView(noFilter)}>Clear every filter</Button>}>{compares ? 'None of these users has' : 'This user has no'} events in the time range and filter above.</EmptyState>
            ) : (
              <>
                <div className={classes.canvas}><TimelineCanvas key={JSON.stringify([keys, align, lanes, gap, view])} ref={handle} events={arranged.events} laneNames={laneNames} colorOf={colorOf} selected={selected} labels={labels} axis={shifts ? 'offset' : 'time'} describe={describe} onSelect={select} onRange={rest} /></div>
                <EventList arranged={arranged} users={users} selected={selected} onSelect={select} />
              </>
            )}
            <div role="status" aria-live="polite" style={{ position: 'absolute', left: -9999 }}>{selected === undefined ? '' : `Event ${selected + 1} of ${arranged.events.time.length}: ${safeText(arranged.typeNames[arranged.events.type[selected] ?? 0] ?? '', 60)}`}</div>
          </>
        )}
      </div>
      {place !== undefined && (
        <aside className={classes.inspector} aria-label="Event">
          <Button size="compact-xs" variant="subtle" color="gray" m={6} onClick={() => select(undefined)}>Close</Button>
          <EventInspector source={place.source} position={place.position} onOpenEvent={({ key, time }) => key !== undefined && setState({ user: key, at: Number(time / 1000n), pins: undefined, event: undefined })} />
        </aside>
      )}
    </div>
  )
}

function Control({ label, icon: Shape, run }: { readonly label: string; readonly icon: typeof IconLink; readonly run: () => void }): ReactNode {
  return <Tooltip label={label}><ActionIcon variant="default" size={30} onClick={run} aria-label={label}><Shape size={15} /></ActionIcon></Tooltip>
}

/** Which of the drawn events are pointed out. */
function marked(marks: z.output<typeof State>['marks'], arranged: ReturnType<typeof arrangeOne>, users: Parameters<typeof EventList>[0]['users']): ReadonlyMap<number, string> | undefined {
  const table = users[0]?.table
  if (marks === undefined || table === undefined) return undefined
  const [source, partition, offset] = ['source', 'partition', 'offset'].map((wanted) => columnsOf(table).find(({ name }) => name === wanted))
  if (source === undefined || partition === undefined || offset === undefined) return undefined
  const wanted = new Map(marks.map(([label, ...place]) => [place.join('\n'), label]))
  const labels = new Map<number, string>()
  for (let event = 0; event < arranged.row.length && labels.size < wanted.size; event++) {
    const row = arranged.row[event] ?? 0
    const label = wanted.get([source, partition, offset].map(({ values, kind }) => String(cellAt(values, kind, row))).join('\n'))
    if (label !== undefined) labels.set(event, safeText(label, 40))
  }
  return labels
}

function placeOf(user: number, row: number, users: Parameters<typeof EventList>[0]['users']): EventPlace | undefined {
  const table = users[user]?.table
  if (table === undefined) return undefined
  const cells = new Map(columnsOf(table).map(({ name, kind, values }) => [name, cellAt(values, kind, row)]))
  return { source: String(cells.get('source')), position: { topic: String(cells.get('topic')), partition: Number(cells.get('partition')), offset: BigInt(cells.get('offset') as number | bigint) } }
}
