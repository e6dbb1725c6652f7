import { ActionIcon, Group, SegmentedControl, Select, Slider, Switch, Text, Tooltip } from '@mantine/core'
import { IconFileTypeCsv, IconPhoto, IconRefresh, IconSortAscending, IconSortDescending, IconZoomReset } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { safeText } from '../../ui/safe-text.ts'
import type { SetSearchState } from '../../view/search-state.ts'
import { alignments, defaults, scaleOf, SequencesState } from './state.ts'
import classes from './sequences.module.css'

const alignmentNames = { first: 'First event', type: 'Event of a type', day: 'Time of day', clock: 'Absolute time' } as const
const sortNames = { similar: 'Similarity', events: 'Number of events', duration: 'Duration', first: 'First event', last: 'Last event', given: 'As loaded' } as const
const loadNames = { recent: 'latest', activity: 'most active', first: 'earliest', key: 'by name' } as const
const userCounts = [500, 1000, 5000, 10_000, 20_000, 50_000] as const
const eventCounts = [50, 200, 1000, 10_000] as const

const optionsOf = <T extends string>(names: Readonly<Record<T, string>>): { value: string; label: string }[] => Object.entries<string>(names).map(([value, label]) => ({ value, label }))
const counts = (choices: readonly number[], chosen: number): { value: string; label: string }[] => [...new Set([...choices, chosen])].sort((a, b) => a - b).map((count) => ({ value: String(count), label: count.toLocaleString() }))

interface Props {
  readonly state: SequencesState
  readonly setState: SetSearchState<SequencesState>
  /** The types that there are, most frequent first. */
  readonly names: readonly string[]
  readonly reading: boolean
  readonly onFit: () => void
  readonly onReload: () => void
  readonly onPicture: () => void
  readonly onCsv: () => void
}

/** How the sequences are loaded, aligned, sorted and shown. */
export function Toolbar({ state, setState, names, reading, onFit, onReload, onPicture, onCsv }: Props): ReactNode {
  const { users = defaults.users, load = defaults.load, per = defaults.per, align = defaults.align, by, last = false, sort = defaults.sort, desc = false, collapse = false, row = defaults.row } = state
  // another alignment has another axis
  const setAlignment = (change: Partial<SequencesState>): void => setState({ ...change, xf: undefined, xt: undefined })
  const isTimeOnly = align === 'day' || align === 'clock'
  return (
    <div className={classes.toolbar} role="toolbar" aria-label="Sequences">
      <Labeled text="Load">
        <Select size="xs" w={78} aria-label="How many users" data={counts(userCounts, users)} value={String(users)} onChange={(value) => setState({ users: Number(value) })} allowDeselect={false} />
        <Select size="xs" w={108} aria-label="Which users" data={optionsOf(loadNames)} value={load} onChange={(value) => setState({ load: SequencesState.shape.load.parse(value) })} allowDeselect={false} />
        <Select size="xs" w={72} aria-label="Events of each user at most" data={counts(eventCounts, per)} value={String(per)} onChange={(value) => setState({ per: Number(value) })} allowDeselect={false} />
        <Text size="xs" c="dimmed">events each</Text>
      </Labeled>
      <Labeled text="Align">
        <Select size="xs" w={126} aria-label="Align by" data={alignments.map((value) => ({ value, label: alignmentNames[value] }))} value={align} onChange={(value) => setAlignment({ align: SequencesState.shape.align.parse(value), by: by ?? names[0] })} allowDeselect={false} />
        {align === 'type' && (
          <>
            <Select size="xs" w={136} aria-label="Align by which type" placeholder="Choose a type" searchable data={names.map((name) => ({ value: name, label: safeText(name, 60) }))} value={by ?? null} onChange={(value) => setAlignment({ by: value ?? undefined })} allowDeselect={false} />
            <SegmentedControl size="xs" aria-label="Which of its events" data={[{ value: 'first', label: 'first' }, { value: 'last', label: 'last' }]} value={last ? 'last' : 'first'} onChange={(value) => setAlignment({ last: value === 'last' ? true : undefined })} />
          </>
        )}
        <Tooltip label={isTimeOnly ? 'Times of day and absolute times have no steps' : 'Along the time since the aligned event, or event by event'}>
          <SegmentedControl size="xs" aria-label="Horizontal axis" disabled={isTimeOnly} data={[{ value: 'step', label: 'Steps' }, { value: 'time', label: 'Time' }]} value={scaleOf(state)} onChange={(value) => setAlignment({ x: value === 'time' ? 'time' : undefined })} />
        </Tooltip>
      </Labeled>
      <Labeled text="Sort">
        <Select size="xs" w={134} aria-label="Sort by" data={optionsOf(sortNames)} value={sort} onChange={(value) => setState({ sort: SequencesState.shape.sort.parse(value) })} allowDeselect={false} />
        <Tooltip label={desc ? 'Descending' : 'Ascending'}>
          <ActionIcon variant="default" size={30} aria-label={desc ? 'Descending: sort ascending' : 'Ascending: sort descending'} onClick={() => setState({ desc: desc ? undefined : true })}>{desc ? <IconSortDescending size={16} /> : <IconSortAscending size={16} />}</ActionIcon>
        </Tooltip>
      </Labeled>
      <Tooltip label="Several events of one type in a row become one that says how many it is"><Switch size="xs" label="Collapse" checked={collapse} onChange={(event) => setState({ collapse: event.currentTarget.checked ? true : undefined })} /></Tooltip>
      <Labeled text="Rows">
        <Slider w={72} size="sm" min={1} max={24} value={row} onChange={(value) => setState({ row: value }, { replace: true })} label={(value) => `${value} px`} thumbLabel="Height of a row" />
      </Labeled>
      <Group gap={4} ml="auto" wrap="nowrap">
        <Tooltip label="Show all events (F)"><ActionIcon variant="subtle" color="gray" aria-label="Show all events" onClick={onFit}><IconZoomReset size={17} /></ActionIcon></Tooltip>
        <Tooltip label="Load anew, with what has come in since"><ActionIcon variant="subtle" color="gray" aria-label="Load anew" onClick={onReload} loading={reading}><IconRefresh size={17} /></ActionIcon></Tooltip>
        <Tooltip label="Save all rows as a picture (PNG)"><ActionIcon variant="subtle" color="gray" aria-label="Save as PNG" onClick={onPicture}><IconPhoto size={17} /></ActionIcon></Tooltip>
        <Tooltip label="Save the events of all rows as CSV"><ActionIcon variant="subtle" color="gray" aria-label="Save as CSV" onClick={onCsv}><IconFileTypeCsv size={17} /></ActionIcon></Tooltip>
      </Group>
    </div>
  )
}

function Labeled({ text, children }: { readonly text: string; readonly children: ReactNode }): ReactNode {
  return <Group gap={5} wrap="nowrap"><Text size="xs" c="dimmed">{text}</Text>{children}</Group>
}
