import { z } from 'zod'
import { Match, MatchStep, ReturnedValue } from './match.ts'

/** A start that did not become a match. */
export const Miss = z.object({
  /** The events that were bound before it went no further. */
  steps: z.array(MatchStep),
  /** So many steps were bound, `of` so many. */
  reached: z.number(),
  of: z.number(),
  /** What would have had to be otherwise: a sentence without a capital or a full stop. */
  reason: z.string(),
  /** The event that came too late, did not fit, or was forbidden. */
  event: MatchStep.optional(),
  /** True when events to come may still complete it. */
  isOpen: z.boolean(),
})
export type Miss = z.infer<typeof Miss>

/** Why a behavior has or has not matched in one sequence. */
export const Explanation = z.object({
  key: z.record(z.string(), ReturnedValue),
  /** Events that were looked at. */
  events: z.number(),
  matches: z.array(Match),
  /** The nearest miss first. */
  misses: z.array(Miss),
})
export type Explanation = z.infer<typeof Explanation>
