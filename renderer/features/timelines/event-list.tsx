import { Badge } from '@mantine/core'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useMemo, useRef, type KeyboardEvent, type ReactNode } from 'react'
import { cellAt, columnsOf } from '../../analysis/cells.ts'
import { formatDuration, formatTime, formatUtc } from '../../ui/format.ts'
import { safeText } from '../../ui/safe-text.ts'
import { useTypes } from '../../view/use-types.ts'
import type { Arranged } from './arrange.ts'
import type { UserEvents } from './user-events.ts'
import classes from './timelines.module.css'

const rowHeight = 24
const notAttributes = new Set(['source', 'topic', 'partition', 'offset', 'time', 'type', 'late'])

/** The events of the timeline as a list, in the order in which they are read: what the canvas shows, to be read and walked by keys. */
export function EventList({ arranged, users, selected, onSelect }: { readonly arranged: Arranged; readonly users: readonly UserEvents[]; readonly selected: number | undefined; readonly onSelect: (event: number) => void }): ReactNode {
  const types = useTypes()
  const scroller = useRef<HTMLDivElement>(null)
  const count = arranged.events.time.length
  const columns = useMemo(() => users.map(({ table }) => columnsOf(table)), [users])
  // eslint-disable-next-line react-hooks/incompatible-library -- the virtualizer keeps its own state; nothing here is memoized on it
  const rows = useVirtualizer({ count, getScrollElement: () => scroller.current, estimateSize: () => rowHeight, overscan: 12 })
  const { scrollToIndex } = rows
  const { reading } = arranged
  const place = selected === undefined ? -1 : reading.indexOf(selected)
  useEffect(() => {
    if (place !== -1) scrollToIndex(place)
  }, [place, scrollToIndex])
  const keys = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : event.key === 'PageDown' ? 15 : event.key === 'PageUp' ? -15 : 0
    if (step === 0 || count === 0) return
    event.preventDefault()
    onSelect(reading[Math.max(0, Math.min(count - 1, place + step))] ?? 0)
  }
  return (
    <div ref={scroller} className={classes.list} role="grid" aria-label="Events" aria-rowcount={count + 1} tabIndex={0} onKeyDown={keys}>
      <div className={classes.head} role="row"><span role="columnheader">Time</span><span role="columnheader" className={classes.gap}>Gap</span><span role="columnheader">Type</span><span role="columnheader">{users.length > 1 ? 'User and attributes' : 'Attributes'}</span></div>
      <div style={{ height: rows.getTotalSize(), position: 'relative' }} role="rowgroup">
        {rows.getVirtualItems().map(({ index: line, start }) => {
          const index = reading[line] ?? 0
          const user = users[arranged.user[index] ?? 0]
          const own = columns[arranged.user[index] ?? 0] ?? []
          const row = arranged.row[index] ?? 0
          const time = own.find(({ name }) => name === 'time')
          const late = own.find(({ name }) => name === 'late')
          const at = time === undefined ? 0n : (cellAt(time.values, 'time', row) as bigint)
          const before = row === 0 || user === undefined ? undefined : (user.time[row] ?? 0) - (user.time[row - 1] ?? 0)
          const type = user?.typeNames[user.type[row] ?? 0] ?? ''
          const attributes = own.filter(({ name }) => !notAttributes.has(name)).flatMap(({ name, kind, values }) => {
            const value = cellAt(values, kind, row)
            // the key stands above the list, or before the attributes
            return value === null || value === user?.key ? [] : [`${name}=${kind === 'time' ? formatTime(value as bigint) : String(value)}`]
          })
          return (
            <div key={index} className={classes.row} style={{ transform: `translateY(${start}px)` }} role="row" aria-rowindex={line + 2} aria-selected={index === selected} onClick={() => onSelect(index)}>
              <span role="gridcell" className="mono" title={formatUtc(at)}>{formatTime(at)}</span>
              <span role="gridcell" className={classes.gap}>{before === undefined ? '' : before === 0 ? 'same time' : `+${formatDuration(before)}`}</span>
              <span role="gridcell" className="one-line"><span className={classes.swatch} style={{ background: types.color(type) }} />{safeText(type, 100)}</span>
              <span role="gridcell" className="one-line">{late !== undefined && cellAt(late.values, 'boolean', row) === true && <Badge size="xs" color="orange" variant="light" mr={6}>late</Badge>}{users.length > 1 && <b>{safeText(user?.key ?? '', 60)} </b>}{safeText(attributes.join('  '), 400)}</span>
            </div>
          )
        })}
      </div>
    </div>
  )
}
