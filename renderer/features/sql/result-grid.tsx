import { useVirtualizer } from '@tanstack/react-virtual'
import type { Table } from 'apache-arrow'
import { useMemo, useRef, type ReactNode } from 'react'
import { cellAt, columnsOf, type CellKind } from '../../analysis/cells.ts'
import { formatUtc } from '../../ui/format.ts'
import { safeText } from '../../ui/safe-text.ts'
import classes from './result-grid.module.css'

const rowHeight = 26
/** A cell shows one line; what is longer is in the export. */
const longestCell = 300

/** A result as a table of which only the visible rows are drawn. */
export function ResultGrid({ table }: { readonly table: Table }): ReactNode {
  const scroller = useRef<HTMLDivElement>(null)
  const columns = useMemo(() => columnsOf(table), [table])
  const widths = useMemo(() => columns.map(({ name, kind, values }) => width(name, kind, values, table.numRows)), [columns, table])
  // eslint-disable-next-line react-hooks/incompatible-library -- the virtualizer keeps its own state; nothing here is memoized on it
  const rows = useVirtualizer({ count: table.numRows, getScrollElement: () => scroller.current, estimateSize: () => rowHeight, overscan: 12 })
  const template = `56px ${widths.map((characters) => `minmax(${characters}ch, ${characters}fr)`).join(' ')}`
  return (
    <div ref={scroller} className={classes.scroller} role="table" aria-rowcount={table.numRows + 1} aria-label="Result" tabIndex={0}>
      <div className={classes.sheet}>
        <div className={classes.head} role="row" style={{ gridTemplateColumns: template }}>
          <span role="columnheader" className={classes.number} aria-label="Row" />
          {columns.map(({ name, kind }, index) => <span key={index} role="columnheader" data-kind={kind}>{safeText(name, 60)}</span>)}
        </div>
        <div style={{ height: rows.getTotalSize(), position: 'relative' }} role="rowgroup">
          {rows.getVirtualItems().map(({ index, start }) => (
            <div key={index} className={classes.row} role="row" aria-rowindex={index + 2} style={{ transform: `translateY(${start}px)`, height: rowHeight, gridTemplateColumns: template }}>
              <span className={classes.number} role="cell">{index + 1}</span>
              {columns.map(({ kind, values }, column) => <span key={column} role="cell" data-kind={kind}>{cellText(cellAt(values, kind, index), kind)}</span>)}
            </div>
          ))}
        </div>
      </div>
    </div>
  )
}

function cellText(value: ReturnType<typeof cellAt>, kind: CellKind): ReactNode {
  if (value === null) return <i className={classes.null}>null</i>
  if (kind === 'time') return formatUtc(value as bigint)
  if (kind === 'number' && typeof value === 'number') return Number(value.toPrecision(12)).toLocaleString(undefined, { maximumFractionDigits: 6 })
  if (kind === 'integer') return value.toLocaleString()
  return <bdi>{safeText(String(value), longestCell)}</bdi>
}

/** How many characters a column asks for, by its name and its first rows. */
function width(name: string, kind: CellKind, values: Parameters<typeof cellAt>[0], rows: number): number {
  if (kind === 'time') return 27
  let longest = name.length
  for (let row = 0; row < Math.min(rows, 50); row++) longest = Math.max(longest, String(cellAt(values, kind, row) ?? 'null').length)
  return Math.min(60, Math.max(6, longest + 2))
}
