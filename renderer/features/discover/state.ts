import { z } from 'zod'

export const kinds = ['sequences', 'undo', 'recurring', 'paths'] as const
export type Kind = (typeof kinds)[number]
const texts = z.array(z.string()).optional().catch(undefined)

/** What is looked for, as it stands in the URL; what is left out is what the question has by itself. */
export const DiscoverState = z.object({
  tab: z.enum(kinds).optional().catch(undefined),
  /** The behavior of the finding that is open. */
  finding: z.string().optional().catch(undefined),
  unit: z.enum(['user', 'session']).optional().catch(undefined),
  support: z.number().positive().max(1).optional().catch(undefined),
  /** Microseconds that a step may come after the one before it. */
  maxGap: z.number().int().positive().optional().catch(undefined),
  shape: z.enum(['all', 'closed', 'maximal']).optional().catch(undefined),
  /** An attribute: of all steps of a sequence, or whose pairs are looked at for what is undone. */
  same: z.string().optional().catch(undefined),
  /** Several events of a type in a row are several. */
  repeats: z.boolean().optional().catch(undefined),
  by: z.enum(['type', 'attribute', 'key']).optional().catch(undefined),
  /** Where paths begin or end. */
  start: z.string().optional().catch(undefined),
  direction: z.enum(['from', 'to']).optional().catch(undefined),
  steps: z.number().int().min(1).max(12).optional().catch(undefined),
  hidden: texts,
  expanded: texts,
})
export type DiscoverState = z.infer<typeof DiscoverState>

/** What every tab is given. */
export interface TabProps {
  readonly state: DiscoverState
  readonly setState: (change: Partial<DiscoverState>, options?: { readonly replace?: boolean }) => void
}
