import { z } from 'zod'

/** How many matches, and of how many distinct users. A behavior whose key holds no user counts 0 users. */
export const MatchCount = z.object({ occurrences: z.int().nonnegative(), users: z.int().nonnegative() })
export type MatchCount = z.infer<typeof MatchCount>

/**
 * The two-by-two table behind a planted cause. The unit is a chance: a first step that could have led to the behavior.
 * Odds ratio = (exposedMatched · unexposedUnmatched) / (exposedUnmatched · unexposedMatched).
 */
export const PlantedCause = z.object({
  chance: z.string(),
  exposure: z.string(),
  exposedMatched: z.int().nonnegative(),
  exposedUnmatched: z.int().nonnegative(),
  unexposedMatched: z.int().nonnegative(),
  unexposedUnmatched: z.int().nonnegative(),
})
export type PlantedCause = z.infer<typeof PlantedCause>

/** A planted recurrence. All times in milliseconds; `phase` counts from midnight UTC, `hits` and `misses` are slots. */
export const PlantedRecurrence = z.object({
  period: z.number().positive(),
  phase: z.number().nonnegative(),
  jitter: z.number().nonnegative(),
  hits: z.int().nonnegative(),
  misses: z.int().nonnegative(),
})
export type PlantedRecurrence = z.infer<typeof PlantedRecurrence>

/** What the demo shop knows, because it planted it, about one behavior in the events it has sent so far. */
export const PlantedTruth = z.object({
  name: z.string(),
  /** The behavior in the behavior language, as the text of a `.behavior` file. */
  behavior: z.string(),
  /** Confirmed and pending together, as are `users`. */
  occurrences: z.int().nonnegative(),
  users: z.int().nonnegative(),
  confirmed: MatchCount,
  /** All steps are bound, but the watermark has not passed the bound of an absence. */
  pending: MatchCount,
  /** All steps were bound, then the event came that had to be absent. */
  refuted: z.int().nonnegative(),
  cause: PlantedCause.optional(),
  recurrence: PlantedRecurrence.optional(),
  notes: z.array(z.string()),
})
export type PlantedTruth = z.infer<typeof PlantedTruth>
