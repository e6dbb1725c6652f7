import { ActionIcon, Badge, Button, Group, Text, Tooltip, UnstyledButton } from '@mantine/core'
import { IconPlayerPause, IconPlayerPlay, IconTableOff } from '@tabler/icons-react'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useVirtualizer } from '@tanstack/react-virtual'
import type { Table } from 'apache-arrow'
import { useEffect, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import type { EventFilter } from '../../../shared/model/event-filter.ts'
import { cellAt, columnsOf } from '../../analysis/cells.ts'
import { useEngine, useEngineEvent, useEngineState } from '../../api/context.tsx'
import { readTable } from '../../api/use-stream.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { FailureNote } from '../../ui/failure-note.tsx'
import { formatCount, formatTime, formatUtc } from '../../ui/format.ts'
import { useKeys } from '../../ui/keys.tsx'
import { safeText } from '../../ui/safe-text.ts'
import type { EventPlace } from '../../view/event-inspector.tsx'
import { useTypes } from '../../view/use-types.ts'
import { useView } from '../../view/view.ts'
import classes from './live.module.css'

const rowHeight = 24
const pageRows = 500
/** Asks again so often while events come in, in milliseconds. */
const followMs = 1000
const columns = ['source', 'topic', 'partition', 'offset', 'time', 'type', 'key', 'late', 'payload']

/** One row as the table shows it. */
export interface EventRow extends EventPlace {
  readonly time: bigint
  readonly type: string
  readonly key: string | null
  readonly late: boolean
  readonly payload: string
}

/** The newest events of the filter, following the stream until paused or scrolled; older ones come as one scrolls. */
export function EventsTable({ filter, selected, onSelect }: { readonly filter: EventFilter; readonly selected: EventPlace | undefined; readonly onSelect: (row: EventRow) => void }): ReactNode {
  const engine = useEngine()
  const { status } = useEngineState()
  const types = useTypes()
  const { setView } = useView()
  const [paused, setPaused] = useState(false)
  const [waiting, setWaiting] = useState(0)
  const [atTop, setAtTop] = useState(true)
  const scroller = useRef<HTMLDivElement>(null)
  const following = !paused && atTop && selected === undefined

  const query = useInfiniteQuery({
    queryKey: ['latest events', filter],
    enabled: status === 'open',
    placeholderData: keepPreviousData,
    initialPageParam: filter.to,
    queryFn: async ({ pageParam, signal }) => readTable(engine.client, 'events.slice', { filter: { ...filter, to: pageParam }, limit: pageRows, newest: true, columns }, 'Loading events', signal),
    // events of the very time at which a page ends may be shown twice, but none is left out
    getNextPageParam: (page: Table) => (page.numRows < pageRows ? undefined : lastTime(page) + 1n),
  })
  const rows = useMemo(() => distinct((query.data?.pages ?? []).flatMap(toRows)), [query.data])
  const newest = useRef(0)
  const { refetch } = query
  const refresh = (): void => {
    setWaiting(0)
    void refetch()
  }
  useEngineEvent('pipeline.progress', ({ events }) => {
    if (!following) { setWaiting((before) => Math.max(before, 1)); return }
    const now = performance.now()
    if (events === 0 || now - newest.current < followMs) return
    newest.current = now
    refresh()
  })
  // what came in between two looks is looked for once more when the stream has calmed down
  useEffect(() => {
    if (!following) return undefined
    const timer = setInterval(() => {
      if (performance.now() - newest.current < 3 * followMs) void refetch()
    }, 2 * followMs)
    return () => clearInterval(timer)
  }, [following, refetch])

  // eslint-disable-next-line react-hooks/incompatible-library -- the virtualizer keeps its own state; nothing here is memoized on it
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => scroller.current, estimateSize: () => rowHeight, overscan: 12 })
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query
  const items = virtual.getVirtualItems()
  const lastShown = items.at(-1)?.index ?? 0
  useEffect(() => {
    if (rows.length > 0 && lastShown > rows.length - 40 && hasNextPage && !isFetchingNextPage) void fetchNextPage()
  }, [lastShown, rows.length, hasNextPage, isFetchingNextPage, fetchNextPage])

  const index = selected === undefined ? -1 : rows.findIndex((row) => isSame(row, selected))
  const go = (to: number): void => {
    const row = rows[Math.max(0, Math.min(rows.length - 1, to))]
    if (row === undefined) return
    onSelect(row)
    virtual.scrollToIndex(rows.indexOf(row))
  }
  const keys = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : event.key === 'PageDown' ? 20 : event.key === 'PageUp' ? -20 : 0
    if (step === 0) return
    event.preventDefault()
    go(index === -1 ? 0 : index + step)
  }
  useKeys('Live', [{ keys: 'Space', label: 'Pause or follow the events', run: () => setPaused(!paused) }])

  return (
    <>
      <Group px="xs" py={3} gap="xs" className={classes.section} justify="space-between">
        <Group gap="xs">
          <Tooltip label={paused ? 'Follow the newest events (Space)' : 'Stay as it is (Space)'}>
            <ActionIcon size="sm" variant={paused ? 'filled' : 'subtle'} color={paused ? 'orange' : 'gray'} onClick={() => setPaused(!paused)} aria-label={paused ? 'Follow the newest events' : 'Pause the list'}>{paused ? <IconPlayerPlay size={15} /> : <IconPlayerPause size={15} />}</ActionIcon>
          </Tooltip>
          <Text size="xs" c="dimmed">{following ? 'Newest first, following' : 'Newest first'}{rows.length > 0 && `, ${formatCount(rows.length)} loaded`}</Text>
          {!following && waiting > 0 && <Button size="compact-xs" variant="light" onClick={() => { scroller.current?.scrollTo({ top: 0 }); refresh() }}>There are new events: show them</Button>}
        </Group>
        {query.isFetching && <Text size="xs" c="dimmed">reading…</Text>}
      </Group>
      <FailureNote error={query.error} onRetry={refresh} />
      <div ref={scroller} className={classes.table} role="grid" aria-label="Latest events" aria-rowcount={rows.length + 1} tabIndex={0} onKeyDown={keys} onScroll={(event) => setAtTop(event.currentTarget.scrollTop < rowHeight)}>
        <div className={classes.head} role="row"><span role="columnheader">Time</span><span role="columnheader">Type</span><span role="columnheader">Key</span><span role="columnheader">Payload</span></div>
        <div style={{ height: virtual.getTotalSize(), position: 'relative' }} role={items.length === 0 ? 'presentation' : 'rowgroup'}>
          {items.map((item) => {
            const row = rows[item.index]
            if (row === undefined) return null
            return (
              <div key={`${row.source} ${row.position.partition} ${row.position.offset}`} className={classes.row} style={{ transform: `translateY(${item.start}px)` }} role="row" aria-rowindex={item.index + 2} aria-selected={item.index === index} data-selected={item.index === index} onClick={() => onSelect(row)}>
                <span role="gridcell" className="mono" title={formatUtc(row.time)}>{formatTime(row.time)}</span>
                <span role="gridcell" className="one-line"><span className={classes.swatch} style={{ background: types.color(row.type) }} /><Tooltip label="Only this type"><UnstyledButton className={classes.value} tabIndex={-1} onClick={(event) => { event.stopPropagation(); setView({ types: [row.type] }) }}>{safeText(row.type, 80)}</UnstyledButton></Tooltip></span>
                <span role="gridcell" className="one-line">{row.key === null ? <Text span c="dimmed" size="xs">–</Text> : <Tooltip label="Only this user"><UnstyledButton className={classes.value} tabIndex={-1} onClick={(event) => { event.stopPropagation(); setView({ keys: [row.key ?? ''] }) }}>{safeText(row.key, 80)}</UnstyledButton></Tooltip>}</span>
                <span role="gridcell" className="one-line mono">{row.late && <Badge size="xs" color="orange" variant="light" mr={6}>late</Badge>}{safeText(row.payload, 240)}</span>
              </div>
            )
          })}
        </div>
        {rows.length === 0 && query.isSuccess && <div role="row"><div role="gridcell"><EmptyState icon={IconTableOff} title="No event fits">Widen the time range or clear the filter above. Without any source, start with Connect.</EmptyState></div></div>}
      </div>
    </>
  )
}

function isSame(a: EventPlace, b: EventPlace): boolean {
  return a.source === b.source && a.position.partition === b.position.partition && a.position.offset === b.position.offset
}

function lastTime(page: Table): bigint {
  const time = columnsOf(page).find(({ name }) => name === 'time')
  return time === undefined ? 0n : (cellAt(time.values, 'time', page.numRows - 1) as bigint)
}

function distinct(rows: readonly EventRow[]): readonly EventRow[] {
  return [...new Map(rows.map((row) => [`${row.source} ${row.position.partition} ${row.position.offset}`, row])).values()]
}

function toRows(page: Table): EventRow[] {
  const by = new Map(columnsOf(page).map((column) => [column.name, column]))
  const cell = (name: string, row: number): ReturnType<typeof cellAt> => {
    const column = by.get(name)
    return column === undefined ? null : cellAt(column.values, column.kind, row)
  }
  return Array.from({ length: page.numRows }, (_, row) => ({
    source: String(cell('source', row)),
    position: { topic: String(cell('topic', row)), partition: Number(cell('partition', row)), offset: BigInt(cell('offset', row) as number | bigint) },
    time: cell('time', row) as bigint,
    type: String(cell('type', row)),
    key: cell('key', row) as string | null,
    late: cell('late', row) === true,
    payload: String(cell('payload', row) ?? ''),
  }))
}
