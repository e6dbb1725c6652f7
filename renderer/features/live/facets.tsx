import { Group, Stack, Text, Tooltip, UnstyledButton } from '@mantine/core'
import { useMemo, type ReactNode } from 'react'
import type { Slice } from '../../analysis/slice.ts'
import { useSliceQuery } from '../../analysis/use-slice.ts'
import { columnsOf, cellAt } from '../../analysis/cells.ts'
import type { TimeSpan } from '../../charts/volume/brush.ts'
import { formatCount, formatShort } from '../../ui/format.ts'
import { safeText } from '../../ui/safe-text.ts'
import { useTypes } from '../../view/use-types.ts'
import { useView } from '../../view/view.ts'
import classes from './live.module.css'

const mostBars = 8

/** Small counts beside the events, over the slice in the window's own DuckDB: they follow the brush while it is dragged. */
export function Facets({ slice, brush }: { readonly slice: Slice | undefined; readonly brush: TimeSpan | undefined }): ReactNode {
  const { view, setView } = useView()
  const types = useTypes()
  const where = brush === undefined ? '' : `WHERE time >= make_timestamp(${Math.round(brush.from * 1000)}) AND time < make_timestamp(${Math.round(brush.to * 1000)})`
  const flip = (chosen: readonly string[] | undefined, name: string): string[] | undefined => (chosen?.includes(name) === true ? undefined : [name])
  return (
    <Stack gap="sm" py="xs">
      <Text size="xs" c="dimmed" px={8}>{slice === undefined ? 'Loading the slice…' : slice.complete ? `All ${formatCount(slice.rows)} events of the filter` : `The newest ${formatCount(slice.rows)} events of the filter`}</Text>
      <Facet title="Types" slice={slice} sql={`SELECT type::VARCHAR AS name, count(*) AS events FROM events ${where} GROUP BY type ORDER BY events DESC LIMIT ${mostBars}`} chosen={view.types} color={types.color} onChoose={(name) => setView({ types: flip(view.types, name) })} />
      <Facet title="Users" slice={slice} sql={`SELECT key AS name, count(*) AS events FROM events ${where} GROUP BY key ORDER BY events DESC LIMIT ${mostBars}`} chosen={view.keys} onChoose={(name) => setView({ keys: flip(view.keys, name) })} />
      <Hours slice={slice} where={where} />
    </Stack>
  )
}

function Facet({ title, slice, sql, chosen, color, onChoose }: { readonly title: string; readonly slice: Slice | undefined; readonly sql: string; readonly chosen: readonly string[] | undefined; readonly color?: (name: string) => string; readonly onChoose: (name: string) => void }): ReactNode {
  const rows = useCounts(slice, sql)
  const most = Math.max(1, ...rows.map(({ events }) => events))
  return (
    <div>
      <Text size="xs" fw={650} px={8} pb={2}>{title}</Text>
      {rows.map(({ name, events }) => (
        <UnstyledButton key={String(name)} className={classes.bar} disabled={name === null} onClick={() => name !== null && onChoose(name)} data-chosen={name !== null && chosen?.includes(name)} aria-pressed={name !== null && chosen?.includes(name)}>
          <i style={{ width: `${(100 * events) / most}%` }} />
          <span className="one-line">{color !== undefined && name !== null && <span className={classes.swatch} style={{ background: color(name) }} />}{name === null ? <em>no key</em> : safeText(name, 60)}</span>
          <span className="numeric">{formatShort(events)}</span>
        </UnstyledButton>
      ))}
    </div>
  )
}

function Hours({ slice, where }: { readonly slice: Slice | undefined; readonly where: string }): ReactNode {
  // whole hours in the user's zone as it is now; a change to summer time within the slice is not followed
  const offset = -new Date().getTimezoneOffset()
  const rows = useCounts(slice, `SELECT hour(time + INTERVAL (${offset}) MINUTE)::VARCHAR AS name, count(*) AS events FROM events ${where} GROUP BY 1`)
  const counts = Array.from({ length: 24 }, (_, hour) => rows.find(({ name }) => name === String(hour))?.events ?? 0)
  const most = Math.max(1, ...counts)
  return (
    <div>
      <Text size="xs" fw={650} px={8} pb={2}>Hour of day</Text>
      <Group gap={1} px={8} h={44} align="flex-end" wrap="nowrap" role="img" aria-label={`Events by hour of day: ${counts.map((count, hour) => `${hour}: ${count}`).join(', ')}`}>
        {counts.map((count, hour) => (
          <Tooltip key={hour} label={`${hour}:00: ${formatCount(count)} events`}>
            <div style={{ flex: 1, height: `${Math.max(2, (100 * count) / most)}%`, background: 'var(--mantine-primary-color-filled)', borderRadius: 1 }} />
          </Tooltip>
        ))}
      </Group>
      <Group justify="space-between" px={8}><Text size="xs" c="dimmed">0</Text><Text size="xs" c="dimmed">12</Text><Text size="xs" c="dimmed">23</Text></Group>
    </div>
  )
}

function useCounts(slice: Slice | undefined, sql: string): readonly { readonly name: string | null; readonly events: number }[] {
  const { data } = useSliceQuery(slice, sql)
  return useMemo(() => {
    if (data === undefined) return []
    const [names, counts] = columnsOf(data)
    if (names === undefined || counts === undefined) return []
    return Array.from({ length: data.numRows }, (_, row) => {
      const name = cellAt(names.values, names.kind, row)
      return { name: name === null ? null : String(name), events: Number(cellAt(counts.values, counts.kind, row)) }
    })
  }, [data])
}
