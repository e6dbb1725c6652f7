import { Button, VisuallyHidden } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconLayoutRows } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { useCallback, useMemo, useRef, type ReactNode } from 'react'
import { toFailure } from '../../../shared/errors.ts'
import { axisLabel } from '../../charts/strips/axis.ts'
import { fittingRange, type Mark, type Range } from '../../charts/strips/marks.ts'
import { StripsCanvas, type StripsHandle } from '../../charts/strips/strips-canvas.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { formatCount, formatTime } from '../../ui/format.ts'
import { useKeys } from '../../ui/keys.tsx'
import { safeText } from '../../ui/safe-text.ts'
import { saveFile } from '../../ui/save-file.ts'
import type { SetSearchState } from '../../view/search-state.ts'
import { useTypes } from '../../view/use-types.ts'
import { View } from '../../view/view.ts'
import { Legend } from './legend.tsx'
import { Notes, notesOf } from './notes.tsx'
import type { LoadedSlice } from './read-slice.ts'
import { rowsCsv } from './rows-csv.ts'
import { defaults, type SequencesState } from './state.ts'
import { Toolbar } from './toolbar.tsx'
import { useArrangement } from './use-arrangement.ts'
import { UserPanel } from './user-panel.tsx'
import { VariantsPanel } from './variants-panel.tsx'
import classes from './sequences.module.css'

interface Props {
  readonly slice: LoadedSlice
  readonly state: SequencesState
  readonly setState: SetSearchState<SequencesState>
  readonly reading: boolean
  /** What is shown is still of the settings before. */
  readonly stale: boolean
  readonly onReload: () => void
}

/** The loaded sequences as strips, beside them the most common ones and the selected user. */
export function Arranged({ slice, state, setState, reading, stale, onReload }: Props): ReactNode {
  const navigate = useNavigate()
  const types = useTypes()
  const strips = useRef<StripsHandle>(null)
  const names = useMemo(() => {
    const known = new Map(types.list.map(({ code, type }) => [code, type]))
    // a type that is newer than the list, for the moment until that is read again
    return slice.typeCodes.map((code) => known.get(code) ?? `type ${code}`)
  }, [types.list, slice])
  const colors = useMemo(() => names.map(types.color), [names, types])
  const arrangement = useArrangement(slice, names, state)
  const { counts, variants, variant, origins } = arrangement
  const hidden = state.hide ?? []
  const user = state.user === undefined ? -1 : slice.keys.indexOf(state.user)
  const selectedRow = user === -1 ? -1 : counts.rows.indexOf(user)
  const range = useMemo<Range>(() => (state.xf === undefined || state.xt === undefined || state.xt <= state.xf ? arrangement.fit : { from: state.xf, to: state.xt }), [state.xf, state.xt, arrangement.fit])

  const nameOf = useCallback((of: number): string => safeText(slice.keys[of] ?? '', 40), [slice])
  const select = useCallback((row: number) => setState({ user: slice.keys[counts.rows[row] ?? -1] }, { replace: true }), [setState, slice, counts])
  const onRange = useCallback(({ from, to }: Range) => setState({ xf: from, xt: to }, { replace: true }), [setState])
  const open = useCallback((key: string | undefined, time: number | undefined) => void navigate({ to: '/timelines', search: ((before: Record<string, unknown>) => ({ ...View.parse(before), user: key, at: time === undefined ? undefined : Math.floor(time) })) as never }), [navigate])
  const openRow = (row: number, mark: Mark | undefined): void => {
    const of = counts.rows[row] as number
    const { starts, time } = arrangement.strips.sequences
    open(slice.keys[of], time[mark === undefined ? (starts[of] as number) : mark.first])
  }
  const describe = (row: number, mark: Mark | undefined): string => describeMark(row, mark, { ...arrangement, names, nameOf })
  const fitAll = (): void => {
    const { from, to } = fittingRange(arrangement.strips, 1)
    setState({ xf: from, xt: to }, { replace: true })
  }
  const notes = notesOf({ slice, state, arrangement, range })
  const savePicture = async (): Promise<void> => {
    try {
      if (strips.current === null) return
      saveFile('sequences.png', 'image/png', [await strips.current.picture([`Sequences of ${formatCount(counts.rows.length)} users`, ...notes.map(({ text }) => text)])])
    } catch (error) {
      notifications.show({ color: 'red', title: 'The picture could not be made', message: `${toFailure(error).message} Make the rows lower, or show fewer users.` })
    }
  }
  const saveCsv = (): void => saveFile('sequences.csv', 'text/csv', rowsCsv(arrangement.strips, arrangement.axis === 'clock' ? undefined : origins.time, slice.keys, names))

  useKeys('Sequences', [
    { keys: 'ArrowDown', label: 'Next user', run: () => strips.current?.press('ArrowDown') },
    { keys: 'ArrowUp', label: 'Previous user', run: () => strips.current?.press('ArrowUp') },
    { keys: 'PageDown', label: 'A page of users down', run: () => strips.current?.press('PageDown') },
    { keys: 'PageUp', label: 'A page of users up', run: () => strips.current?.press('PageUp') },
    { keys: 'Home', label: 'First user', run: () => strips.current?.press('Home') },
    { keys: 'End', label: 'Last user', run: () => strips.current?.press('End') },
    { keys: 'T', label: 'Timeline of the selected user (on the strips also Enter)', run: () => selectedRow !== -1 && openRow(selectedRow, undefined) },
    { keys: 'W', label: 'Zoom in', run: () => strips.current?.zoom(0.7) },
    { keys: 'S', label: 'Zoom out', run: () => strips.current?.zoom(1 / 0.7) },
    { keys: 'A', label: 'Pan to the left', run: () => strips.current?.pan(-0.2) },
    { keys: 'D', label: 'Pan to the right', run: () => strips.current?.pan(0.2) },
    { keys: 'F', label: 'Show all events', run: fitAll },
    { keys: 'Escape', label: 'Close the user', run: () => setState({ user: undefined }, { replace: true }) },
  ])

  return (
    <>
      <Toolbar state={state} setState={setState} names={names} reading={reading} onFit={fitAll} onReload={onReload} onPicture={() => void savePicture()} onCsv={saveCsv} />
      <Legend types={names.map((name, type) => ({ name, color: colors[type] ?? '', events: slice.typeCounts[type] ?? 0 }))} hidden={hidden} onChange={(hide) => setState({ hide })} />
      <Notes notes={notes} setState={setState} busy={stale || arrangement.sorting} />
      <div className={classes.body}>
        <div className={classes.strips}>
          {counts.rows.length === 0 ? (
            <Nothing state={state} setState={setState} hidden={counts.hidden} />
          ) : (
            <StripsCanvas
              ref={strips}
              strips={arrangement.strips}
              axis={arrangement.axis}
              colors={colors}
              names={names}
              nameOf={nameOf}
              rowHeight={state.row ?? defaults.row}
              range={range}
              selectedRow={selectedRow}
              label={`Sequences of ${formatCount(counts.rows.length)} users as strips. Arrow keys select a user, T opens its timeline. The table of the most common sequences says the same in words.`}
              describe={describe}
              onSelect={select}
              onOpen={openRow}
              onRange={onRange}
            />
          )}
        </div>
        {/* arrows scroll the tables here, and do not move the selection */}
        <aside className={classes.side} aria-label="Summary" onKeyDown={(event) => (event.key.startsWith('Arrow') || event.key.startsWith('Page') || event.key === 'Home' || event.key === 'End') && event.stopPropagation()}>
          <VariantsPanel variants={variants} sequences={arrangement.strips.sequences} names={names} colors={colors} chosen={variant} collapsed={state.collapse === true} onChoose={(id) => setState({ variant: id })} />
          {user !== -1 && <UserPanel slice={slice} user={user} names={names} colors={colors} hidden={hidden} aligned={arrangement.axis === 'clock' ? -1 : (origins.event[user] as number)} onOpen={(time) => open(slice.keys[user], time ?? slice.sequences.time[slice.sequences.starts[user] as number])} onClose={() => setState({ user: undefined }, { replace: true })} />}
        </aside>
      </div>
      <VisuallyHidden role="status">{selectedRow === -1 ? '' : `Row ${selectedRow + 1} of ${counts.rows.length}: ${describe(selectedRow, undefined)}`}</VisuallyHidden>
    </>
  )
}

/** What lies at a place of the strips, in words. */
function describeMark(row: number, mark: Mark | undefined, { strips, axis, names, nameOf }: Pick<ReturnType<typeof useArrangement>, 'strips' | 'axis'> & { readonly names: readonly string[]; readonly nameOf: (user: number) => string }): string {
  const { starts, type, time, count } = strips.sequences
  const user = strips.rows[row] as number
  const start = starts[user] as number
  const end = starts[user + 1] as number
  if (mark === undefined) return `${nameOf(user)}\n${formatCount(count.subarray(start, end).reduce((sum, one) => sum + one, 0))} events from ${formatTime(time[start] as number)} to ${formatTime(time[end - 1] as number)}`
  const perType = new Map<number, number>()
  for (let event = mark.first; event <= mark.last; event++) perType.set(type[event] as number, (perType.get(type[event] as number) ?? 0) + (count[event] as number))
  const what = [...perType].sort(([, a], [, b]) => b - a).slice(0, 6).map(([one, events]) => `${safeText(names[one] ?? '', 40)}${events > 1 ? ` ×${formatCount(events)}` : ''}`)
  const when = mark.first === mark.last ? formatTime(time[mark.first] as number) : `${formatTime(time[mark.first] as number)} – ${formatTime(time[mark.last] as number)}`
  const at = axis === 'clock' ? '' : ` (${axisLabel(axis, strips.positions[mark.first] as number)}${axis === 'step' ? ' from the aligned event' : ''})`
  const steps = mark.first === mark.last ? `step ${formatCount(mark.first - start + 1)}` : `steps ${formatCount(mark.first - start + 1)} to ${formatCount(mark.last - start + 1)}`
  return `${nameOf(user)}\n${what.join(', ')}${perType.size > 6 ? ` and ${perType.size - 6} more types` : ''}\n${when}\n${steps} of ${formatCount(end - start)}${at}`
}

/** Why there is no row, and the way back. */
function Nothing({ state, setState, hidden }: Pick<Props, 'state' | 'setState'> & { readonly hidden: number }): ReactNode {
  if (hidden > 0) return <EmptyState icon={IconLayoutRows} title="Every event is of a hidden type" actions={<Button size="xs" onClick={() => setState({ hide: undefined })}>Show all types</Button>}>The users that are loaded have no event of a type that is shown.</EmptyState>
  return (
    <EmptyState icon={IconLayoutRows} title={`No user has an event of the type ${safeText(state.by ?? '', 40)}`} actions={<Button size="xs" onClick={() => setState({ align: undefined })}>Align by the first event</Button>}>
      None of the users that are loaded can be aligned by it. Choose another type, load more users, or align by something else.
    </EmptyState>
  )
}
