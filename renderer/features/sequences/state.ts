import { z } from 'zod'
import { rowSorts } from '../../charts/strips/sort-rows.ts'
import { UserSort } from '../../../shared/model/workspace.ts'

const flag = z.literal(true).optional().catch(undefined)
const text = z.string().optional().catch(undefined)
const place = z.number().optional().catch(undefined)

/** How sequences are laid under each other. */
export const alignments = ['first', 'type', 'day', 'clock'] as const

/** What the screen shows, in the URL. What is left out is as {@link defaults} say. */
export const SequencesState = z.object({
  /** How many users are loaded, which of them first, and how many events of each. */
  users: z.number().int().min(1).max(50_000).optional().catch(undefined),
  load: UserSort.optional().catch(undefined),
  per: z.number().int().min(1).max(10_000).optional().catch(undefined),
  align: z.enum(alignments).optional().catch(undefined),
  /** The type that is aligned, and whether by its last event. */
  by: text,
  last: flag,
  x: z.enum(['time', 'step']).optional().catch(undefined),
  /** The part of the horizontal axis that is seen; all that fits where it is left out. */
  xf: place,
  xt: place,
  sort: z.enum(rowSorts).optional().catch(undefined),
  desc: flag,
  collapse: flag,
  hide: z.array(z.string()).optional().catch(undefined),
  /** The variant that alone is shown. */
  variant: text,
  /** The key of the selected user. */
  user: text,
  /** The height of a row, in pixels. */
  row: z.number().int().min(1).max(24).optional().catch(undefined),
})
export type SequencesState = z.infer<typeof SequencesState>

/** What is shown when the URL says nothing. */
export const defaults = { users: 5000, load: 'recent', per: 200, align: 'first', x: 'step', sort: 'similar', row: 6 } as const

/** The horizontal axis: only what has a zero of its own can be counted in steps. */
export function scaleOf({ align = defaults.align, x = defaults.x }: SequencesState): 'time' | 'step' {
  return align === 'day' || align === 'clock' ? 'time' : x
}
