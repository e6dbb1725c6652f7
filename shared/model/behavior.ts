import { z } from 'zod'

/** A behavior that is kept in a workspace, and what it has found. Times in microseconds since the epoch. */
export const BehaviorState = z.object({
  name: z.string(),
  /** Counts its definitions, from 1. */
  version: z.number(),
  text: z.string(),
  savedAt: z.bigint(),
  /**
   * `waiting`: its first run has not begun; `running`: all events are searched, and the counts are those of the former
   * definition, if any; `live`: it follows what is stored; `failed`: see `failure`.
   */
  state: z.enum(['waiting', 'running', 'live', 'failed']),
  /** The version that the counts are of; none before the first run has ended. */
  foundVersion: z.number().optional(),
  progress: z.object({ done: z.number(), total: z.number() }).optional(),
  failure: z.string().optional(),
  occurrences: z.number(),
  /** Different values of the first key field. */
  users: z.number(),
  pending: z.number(),
  tied: z.number(),
  /** Sequences that events to come may still complete, when all events were last searched. */
  open: z.number(),
  /** Events that were looked at. */
  events: z.number(),
  watermark: z.bigint().optional(),
  foundAt: z.bigint().optional(),
  /** Matches by the time of their end: as many parts of equal length as `trend` has, from the first to the last. */
  trend: z.array(z.number()),
})
export type BehaviorState = z.infer<typeof BehaviorState>

/** How long it took from one step to the next, in microseconds. */
export const StepTimes = z.object({
  from: z.string(),
  to: z.string(),
  count: z.number(),
  /** The shares of {@link timeShares}. */
  percentiles: z.array(z.number()),
  /** Matches in buckets of equal width from 0 to the last percentile. */
  histogram: z.array(z.number()),
  widthUs: z.number(),
})
export type StepTimes = z.infer<typeof StepTimes>

/** Which percentiles {@link StepTimes} has. */
export const timeShares = [0.05, 0.25, 0.5, 0.75, 0.95, 0.99] as const

/** How many come as far as a step: the matches of the behavior cut off behind it. */
export const FunnelStep = z.object({ step: z.string(), occurrences: z.number(), users: z.number() })
export type FunnelStep = z.infer<typeof FunnelStep>

/** How many matches have a value of an attribute, most first. Null stands for none. */
export const BreakdownRow = z.object({ value: z.string().nullable(), occurrences: z.number(), users: z.number() })
export type BreakdownRow = z.infer<typeof BreakdownRow>
