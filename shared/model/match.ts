import { z } from 'zod'
import { Position } from './position.ts'

/** A value that a match returns. Times and durations are microseconds. */
export const ReturnedValue = z.union([z.number(), z.string(), z.boolean(), z.null()])
export type ReturnedValue = z.infer<typeof ReturnedValue>

/** An event of a match. Time in microseconds since the epoch. */
export const MatchStep = z.object({ label: z.string(), type: z.string(), time: z.bigint(), source: z.string(), position: Position })
export type MatchStep = z.infer<typeof MatchStep>

/** One occurrence of a behavior, with the positions that prove it. Times in microseconds since the epoch. */
export const Match = z.object({
  behavior: z.string(),
  key: z.record(z.string(), ReturnedValue),
  state: z.enum(['confirmed', 'pending']),
  /** Of a pending match: the watermark must be greater than this. */
  until: z.bigint().optional(),
  start: z.bigint(),
  end: z.bigint(),
  /** True when two of its events have the same time: it hangs on how ties are ordered. */
  tied: z.boolean(),
  steps: z.array(MatchStep),
  returns: z.record(z.string(), ReturnedValue),
})
export type Match = z.infer<typeof Match>

/** What detecting a behavior has found in all. */
export const Detection = z.object({
  behavior: z.string(),
  occurrences: z.number(),
  /** Different values of the first key field. */
  users: z.number(),
  pending: z.number(),
  tied: z.number(),
  /** Sequences that events to come may still complete. */
  open: z.number(),
  /** Events that were looked at. */
  events: z.number(),
  watermark: z.bigint().optional(),
  /** Which share of the keys was looked at, where it was a sample. */
  share: z.number().optional(),
})
export type Detection = z.infer<typeof Detection>
