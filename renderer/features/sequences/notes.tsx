import { Anchor, Group, Text } from '@mantine/core'
import { Fragment, type ReactNode } from 'react'
import { eventsInside, type Range } from '../../charts/strips/marks.ts'
import { formatCount } from '../../ui/format.ts'
import { safeText } from '../../ui/safe-text.ts'
import type { SetSearchState } from '../../view/search-state.ts'
import type { LoadedSlice } from './read-slice.ts'
import type { SequencesState } from './state.ts'
import type { Arrangement } from './use-arrangement.ts'
import classes from './sequences.module.css'

/** One thing to know about what is shown. */
export interface Note {
  readonly text: string
  /** What undoes it. */
  readonly undo?: { readonly label: string; readonly change: Partial<SequencesState> }
}

/** Everything that is not on the screen, and why: nothing is left out silently. */
export function notesOf({ slice, state, arrangement: { strips, counts, variant }, range }: { readonly slice: LoadedSlice; readonly state: SequencesState; readonly arrangement: Arrangement; readonly range: Range }): readonly Note[] {
  const { keys, users, totals, sequences } = slice
  const notes: Note[] = [{ text: `${formatCount(counts.rows.length)} rows${keys.length < users ? `: ${formatCount(keys.length)} of ${formatCount(users)} users are loaded` : ''}` }]
  const cut = totals.reduce((sum, total) => sum + total, 0) - sequences.time.length
  if (cut > 0) notes.push({ text: `${formatCount(cut)} later events of long sequences are not loaded` })
  if (counts.unaligned > 0) notes.push({ text: `${formatCount(counts.unaligned)} users without ${safeText(state.by ?? 'the aligned event', 40)} are left out`, undo: { label: 'align by first event', change: { align: undefined, xf: undefined, xt: undefined } } })
  if (counts.hidden > 0) notes.push({ text: `${formatCount(counts.hidden)} users have hidden types only` })
  if (state.variant !== undefined) notes.push({ text: variant === -1 ? 'no user has the chosen sequence now' : 'one sequence only', undo: { label: 'show all', change: { variant: undefined } } })
  const { inside, all } = eventsInside(strips, range)
  if (inside < all) notes.push({ text: `${formatCount(all - inside)} of ${formatCount(all)} events lie left or right of what is seen` })
  return notes
}

/** The notes in one line. */
export function Notes({ notes, setState, busy }: { readonly notes: readonly Note[]; readonly setState: SetSearchState<SequencesState>; readonly busy: boolean }): ReactNode {
  return (
    <Group className={classes.notes} gap={0} justify="space-between" wrap="nowrap">
      <span>
        {notes.map(({ text, undo }, index) => (
          <Fragment key={text}>
            {index > 0 && ' · '}
            {text}
            {undo !== undefined && <> (<Anchor component="button" size="xs" onClick={() => setState(undo.change)}>{undo.label}</Anchor>)</>}
          </Fragment>
        ))}
      </span>
      {busy && <Text span size="xs" style={{ whiteSpace: 'nowrap' }}>arranging…</Text>}
    </Group>
  )
}
