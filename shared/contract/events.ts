import { z } from 'zod'
import { Failure } from '../errors.ts'
import { Match, ReturnedValue } from '../model/match.ts'
import { SourcePipeline } from '../model/pipeline.ts'

/** Every message that the engine sends without being asked. */
export const events = {
  /** The stages of one source, at most four times a second while anything moves. */
  'pipeline.progress': SourcePipeline,
  /** A source came to its end, failed, lost its broker or found it again. */
  'source.changed': z.object({ source: z.string(), state: SourcePipeline.shape.state, failure: Failure.optional() }),
  /** How far a long job is; `total` is missing where it cannot be known. */
  'job.progress': z.object({ job: z.string(), done: z.number(), total: z.number().optional() }),
  /** Old events could not be removed in the background; it is tried again. */
  'retention.failed': z.object({ failure: Failure }),
  /** The matches or the state of these behaviors are not what they were; `failure` when they cannot be kept up to date. */
  'behaviors.changed': z.object({ behaviors: z.array(z.string()), failure: Failure.optional() }),
  /** Matches that were found as events came, at most the first hundred of a turn; `total` counts all of them. */
  'matches.found': z.object({ matches: z.array(Match), total: z.number() }),
  /**
   * What a saved behavior with `every` expected has not come until the watermark passed `until`: at most the first hundred of
   * a turn; `total` counts all. `last` is when it came last. Times in microseconds since the epoch.
   */
  'recurring.missed': z.object({
    missed: z.array(z.object({ behavior: z.string(), key: z.record(z.string(), ReturnedValue), last: z.bigint(), expected: z.bigint(), until: z.bigint() })),
    total: z.number(),
  }),
} as const

export type EventName = keyof typeof events
export type EventValue<N extends EventName> = z.output<(typeof events)[N]>
