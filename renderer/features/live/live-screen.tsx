import { ActionIcon, Badge, Button, Group, SegmentedControl, Tabs, Text, Tooltip } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconBolt, IconHelpHexagon, IconX, IconZoomIn, IconZoomReset } from '@tabler/icons-react'
import { Link, useNavigate } from '@tanstack/react-router'
import { useMemo, useState, type ReactNode } from 'react'
import { z } from 'zod'
import { useSlice } from '../../analysis/use-slice.ts'
import { useCall } from '../../api/use-call.ts'
import type { TimeSpan } from '../../charts/volume/brush.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { formatCount, formatMinute } from '../../ui/format.ts'
import { useKeys } from '../../ui/keys.tsx'
import { EventInspector } from '../../view/event-inspector.tsx'
import { useSearchState } from '../../view/search-state.ts'
import { useView, View } from '../../view/view.ts'
import { DeadLetters } from './dead-letters.tsx'
import { EventsTable, type EventRow } from './events-table.tsx'
import { Facets } from './facets.tsx'
import { PipelinePanel } from './pipeline-panel.tsx'
import { RatesChart } from './rates-chart.tsx'
import { VolumePanel } from './volume-panel.tsx'
import classes from './live.module.css'

const millis = z.number().optional().catch(undefined)
/** The brush narrows what is below the histogram; the filter bar narrows the histogram as well. */
const LiveState = z.object({ bf: millis, bt: millis, tab: z.enum(['events', 'dead']).optional().catch(undefined), top: z.enum(['volume', 'rates']).optional().catch(undefined) })
const sliceColumns = ['time', 'type', 'key', 'source']
/** As many events as the cross-filter holds: it answers within a tenth of a second on them. */
const sliceRows = 1_000_000

/** What comes in and how: the pipeline, the volume with a brush, and below it the events, counts and dead letters. */
export function LiveScreen(): ReactNode {
  const navigate = useNavigate()
  const { filter, setView } = useView()
  const [state, setState] = useSearchState(LiveState)
  const [selected, setSelected] = useState<EventRow | undefined>(undefined)
  const brush = useMemo<TimeSpan | undefined>(() => (state.bf === undefined || state.bt === undefined ? undefined : { from: state.bf, to: state.bt }), [state.bf, state.bt])
  const [settled] = useDebouncedValue(brush, 250)
  const { data: summary } = useCall('deadLetters.summary', {})
  const { data: info } = useCall('workspace.info', {})
  const { data: pipeline } = useCall('pipeline.state', {})
  const { slice, reload, loading } = useSlice(filter, { limit: sliceRows, columns: sliceColumns, enabled: (info?.events ?? 0) > 0 })
  const narrowed = useMemo(() => (settled === undefined ? filter : { ...filter, from: BigInt(Math.round(settled.from * 1000)), to: BigInt(Math.round(settled.to * 1000)) }), [filter, settled])
  const dead = (summary ?? []).reduce((sum, { count }) => sum + count, 0)
  const select = (next: TimeSpan | undefined): void => setState({ bf: next === undefined ? undefined : Math.round(next.from), bt: next === undefined ? undefined : Math.round(next.to) }, { replace: true })
  useKeys('Live', [{ keys: 'Escape', label: 'Close the event, or clear the brush', run: () => (selected === undefined ? select(undefined) : setSelected(undefined)) }])
  if (info?.events === 0 && dead === 0 && pipeline?.sources.length === 0) {
    return (
      <EmptyState icon={IconBolt} title="Nothing comes in yet" actions={<Button component={Link} to="/start" size="sm">Get some events</Button>}>
        Here you watch events as they come: how many, of which types, and what cannot be read. Connect to a topic, open a file or try the demo shop first.
      </EmptyState>
    )
  }
  return (
    <div className="screen">
      <div className={classes.section}><PipelinePanel /></div>
      <Group px="xs" py={4} gap="xs" justify="space-between" className={classes.section}>
        <Group gap="xs">
          <SegmentedControl size="xs" aria-label="Chart" value={state.top ?? 'volume'} onChange={(top) => setState({ top: top === 'rates' ? 'rates' : undefined })} data={[{ label: 'Volume', value: 'volume' }, { label: 'Events per second', value: 'rates' }]} />
          {brush !== undefined && (
            <>
              <Badge variant="light" tt="none">{formatMinute(brush.from)} – {formatMinute(brush.to)}</Badge>
              <Tooltip label="Zoom the whole app to this range"><ActionIcon size="sm" variant="subtle" onClick={() => { setView({ from: Math.floor(brush.from), to: Math.ceil(brush.to) }); select(undefined) }} aria-label="Zoom to the selected range"><IconZoomIn size={15} /></ActionIcon></Tooltip>
              <Button size="compact-xs" variant="light" leftSection={<IconHelpHexagon size={14} />} renderRoot={(props) => <Link {...props} to="/why" search={((before: Record<string, unknown>) => ({ ...View.parse(before), from: Math.floor(brush.from), to: Math.ceil(brush.to), region: true })) as never} />}>What is different here?</Button>
              <Tooltip label="Clear the brush"><ActionIcon size="sm" variant="subtle" color="gray" onClick={() => select(undefined)} aria-label="Clear the brush"><IconX size={15} /></ActionIcon></Tooltip>
            </>
          )}
          {(filter.from !== undefined || filter.to !== undefined) && <Tooltip label="All time"><ActionIcon size="sm" variant="subtle" color="gray" onClick={() => setView({ from: undefined, to: undefined })} aria-label="All time"><IconZoomReset size={15} /></ActionIcon></Tooltip>}
        </Group>
        <Text size="xs" c="dimmed">{brush === undefined ? 'Drag over the histogram to select a range of time' : 'All below is of the selected range'}</Text>
      </Group>
      <div className={`${classes.section} ${classes.volume}`}>{state.top === 'rates' ? <RatesChart /> : <VolumePanel selection={brush} onSelect={select} />}</div>
      <div className={classes.below}>
        <aside className={classes.facets} aria-label="Counts">
          <Facets slice={slice} brush={brush} />
          {slice !== undefined && <Button size="compact-xs" variant="subtle" color="gray" ml={4} onClick={reload} loading={loading}>Count again</Button>}
        </aside>
        <Tabs className={classes.events} value={state.tab ?? 'events'} onChange={(tab) => setState({ tab: tab === 'dead' ? 'dead' : undefined })} keepMounted={false}>
          <Tabs.List>
            <Tabs.Tab value="events">Latest events</Tabs.Tab>
            <Tabs.Tab value="dead" rightSection={dead > 0 ? <Badge size="xs" color="red" variant="light">{formatCount(dead)}</Badge> : null}>Dead letters</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="events" className={classes.events} style={{ minHeight: 0 }}><EventsTable filter={narrowed} selected={selected} onSelect={setSelected} /></Tabs.Panel>
          <Tabs.Panel value="dead" style={{ flex: 1, minHeight: 0 }}><DeadLetters /></Tabs.Panel>
        </Tabs>
        {selected !== undefined && (
          <aside className={classes.inspector} aria-label="Event">
            <Button size="compact-xs" variant="subtle" color="gray" m={6} onClick={() => setSelected(undefined)}>Close</Button>
            <EventInspector source={selected.source} position={selected.position} onOpenEvent={(place) => setSelected({ ...selected, ...place, key: place.key ?? null })} onOpenUser={(key, time) => void navigate({ to: '/timelines', search: ((before: Record<string, unknown>) => ({ ...before, user: key, at: Number(time / 1000n) })) as never })} />
          </aside>
        )}
      </div>
    </div>
  )
}
