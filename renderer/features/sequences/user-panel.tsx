import { ActionIcon, Button, Group, Text, Tooltip, UnstyledButton } from '@mantine/core'
import { IconTimelineEvent, IconX } from '@tabler/icons-react'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useMemo, useRef, type ReactNode } from 'react'
import { axisLabel } from '../../charts/strips/axis.ts'
import { CopyValue } from '../../ui/copy-value.tsx'
import { formatCount, formatDuration, formatTime, formatUtc } from '../../ui/format.ts'
import { safeText } from '../../ui/safe-text.ts'
import type { LoadedSlice } from './read-slice.ts'
import classes from './sequences.module.css'

const rowHeight = 22

interface Props {
  readonly slice: LoadedSlice
  readonly user: number
  readonly names: readonly string[]
  readonly colors: readonly string[]
  readonly hidden: readonly string[]
  /** The event of the sequences that is aligned, or -1. */
  readonly aligned: number
  /** Opens the timeline; at an event where `time` is given, in epoch milliseconds. */
  readonly onOpen: (time: number | undefined) => void
  readonly onClose: () => void
}

/** The selected user: how many events of each type, and every event that is loaded, hidden types included. */
export function UserPanel({ slice: { sequences, keys, totals }, user, names, colors, hidden, aligned, onOpen, onClose }: Props): ReactNode {
  const scroller = useRef<HTMLDivElement>(null)
  const start = sequences.starts[user] as number
  const count = (sequences.starts[user + 1] as number) - start
  // eslint-disable-next-line react-hooks/incompatible-library -- the virtualizer keeps its own state; nothing here is memoized on it
  const virtual = useVirtualizer({ count, getScrollElement: () => scroller.current, estimateSize: () => rowHeight, overscan: 10 })
  const types = useMemo(() => {
    const counts = new Map<number, number>()
    for (const type of sequences.type.subarray(start, start + count)) counts.set(type, (counts.get(type) ?? 0) + 1)
    return [...counts].sort(([, a], [, b]) => b - a)
  }, [sequences, start, count])
  const key = keys[user] ?? ''
  const total = totals[user] as number
  const zero = aligned === -1 ? undefined : sequences.time[aligned]
  return (
    <section className={classes.panel} aria-label="Selected user">
      <div className={classes.panelHead}>
        <Group justify="space-between" wrap="nowrap" gap={4}>
          <Text size="sm" fw={650} className="one-line"><bdi>{safeText(key, 60)}</bdi></Text>
          <Group gap={2} wrap="nowrap">
            <CopyValue value={key} name="the key" />
            <Button size="compact-xs" variant="light" leftSection={<IconTimelineEvent size={14} />} onClick={() => onOpen(undefined)}>Timeline</Button>
            <Tooltip label="Close (Escape)"><ActionIcon size="sm" variant="subtle" color="gray" aria-label="Close the user" onClick={onClose}><IconX size={14} /></ActionIcon></Tooltip>
          </Group>
        </Group>
        <Text size="xs" c="dimmed">{formatCount(total)} {total === 1 ? 'event' : 'events'} over {formatDuration((sequences.time[start + count - 1] as number) - (sequences.time[start] as number))}{total > count ? `; the first ${formatCount(count)} are loaded, the timeline has all` : ''}</Text>
        <Group gap="4px 10px" mt={4} mah={58} style={{ overflow: 'auto' }} tabIndex={0} role="group" aria-label="Events by type">
          {types.map(([type, events]) => <Text key={type} size="xs" className={classes.count}><i style={{ background: colors[type] }} /><bdi>{safeText(names[type] ?? '', 30)}</bdi> <b className="numeric">{formatCount(events)}</b></Text>)}
        </Group>
      </div>
      <div ref={scroller} className={classes.list} role="table" aria-label="Events of the user" aria-rowcount={count} tabIndex={0}>
        <div role="rowgroup" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {virtual.getVirtualItems().map(({ index, start: top }) => {
            const event = start + index
            const time = sequences.time[event] as number
            const type = sequences.type[event] as number
            const name = names[type] ?? ''
            return (
              <div key={index} className={classes.event} role="row" aria-rowindex={index + 1} data-aligned={event === aligned} data-hidden={hidden.includes(name)} style={{ transform: `translateY(${top}px)` }}>
                <span role="cell" className="numeric">{index + 1}</span>
                <span role="cell" className="one-line"><i style={{ background: colors[type] }} /><bdi>{safeText(name, 60)}</bdi></span>
                <span role="cell" className="one-line"><UnstyledButton className={classes.time} title={`${formatUtc(time)}: open in the timeline`} onClick={() => onOpen(time)}><span className={classes.date}>{formatTime(time).slice(0, 11)}</span>{formatTime(time).slice(11, 19)}</UnstyledButton></span>
                <span role="cell" className="numeric">{zero === undefined ? '' : axisLabel('offset', time - zero)}</span>
              </div>
            )
          })}
        </div>
      </div>
    </section>
  )
}
