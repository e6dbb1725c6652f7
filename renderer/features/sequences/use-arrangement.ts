import { useMemo } from 'react'
import { originsOf, positionsOf, type Alignment, type Origins } from '../../charts/strips/align.ts'
import type { AxisKind } from '../../charts/strips/axis.ts'
import { fittingRange, type Range, type Strips } from '../../charts/strips/marks.ts'
import { simplified } from '../../charts/strips/sequences.ts'
import { sortRows, type Rows } from '../../charts/strips/sort-rows.ts'
import { variantsOf, type Variants } from '../../charts/strips/variants.ts'
import type { LoadedSlice } from './read-slice.ts'
import { defaults, scaleOf, type SequencesState } from './state.ts'
import { useSimilarity } from './use-similarity.ts'

/** The loaded sequences as the state of the screen wants them. */
export interface Arrangement {
  readonly strips: Strips
  readonly axis: AxisKind
  readonly origins: Origins
  readonly variants: Variants
  /** The place of the chosen variant in `variants`; -1 when none is, or when no user has it. */
  readonly variant: number
  readonly counts: Rows
  /** What the horizontal axis shows at first: a day where times of day are aligned, else all but the farthest twentieth of the users. */
  readonly fit: Range
  /** The order by similarity is still being worked out. */
  readonly sorting: boolean
}

const mostFit = 0.95
/** Times of day are compared over a day, whatever comes on later ones. */
const firstDay: Range = { from: 0, to: 86_400_000 }

/** Aligns, simplifies, groups and sorts; each part anew only when something has changed that it hangs on. */
export function useArrangement({ sequences }: LoadedSlice, names: readonly string[], state: SequencesState): Arrangement {
  const { align = defaults.align, by, last = false, sort = defaults.sort, desc = false, collapse = false, variant: variantId } = state
  const scale = scaleOf(state)
  const hiddenNames = JSON.stringify(state.hide ?? [])
  const shown = useMemo(() => {
    const hidden = new Set(JSON.parse(hiddenNames) as string[])
    return simplified(sequences, new Set(names.flatMap((name, type) => (hidden.has(name) ? [type] : []))), collapse)
  }, [sequences, names, hiddenNames, collapse])
  const origins = useMemo(() => {
    const alignment: Alignment = align === 'type' ? { kind: 'type', type: by === undefined ? -1 : names.indexOf(by), last } : { kind: align }
    return originsOf(sequences, alignment)
  }, [sequences, names, align, by, last])
  const positions = useMemo(() => positionsOf(sequences, shown, origins, scale), [sequences, shown, origins, scale])
  const variants = useMemo(() => variantsOf(shown, names, (user) => origins.event[user] !== -1), [shown, names, origins])
  const similar = useSimilarity(shown, variants, sort === 'similar')
  const variant = useMemo(() => (variantId === undefined ? -1 : variants.ranked.findIndex(({ id }) => id === variantId)), [variants, variantId])
  const counts = useMemo(() => sortRows(shown, origins, { sort, descending: desc, similar, isWanted: (user) => variant === -1 || variants.of[user] === variant }), [shown, origins, sort, desc, similar, variant, variants])
  const strips = useMemo<Strips>(() => ({ sequences: shown, positions, rows: counts.rows, types: names.length, scale }), [shown, positions, counts, names, scale])
  const fit = useMemo(() => (align === 'day' ? firstDay : fittingRange(strips, mostFit)), [strips, align])
  const axis: AxisKind = align === 'clock' ? 'clock' : scale === 'step' ? 'step' : align === 'day' ? 'day' : 'offset'
  return { strips, axis, origins, variants, variant, counts, fit, sorting: sort === 'similar' && similar === undefined && variants.ranked.length > 1 }
}
