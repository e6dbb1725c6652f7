import { z } from 'zod'
import { Failure } from '../errors.ts'

/** One stage of the pipeline as it is. */
export const StageState = z.object({
  stage: z.enum(['source', 'decode', 'store']),
  /** Records that have left the stage. */
  records: z.number(),
  /** Records a second, over the last seconds. */
  rate: z.number(),
  /** Batches and bytes that wait in front of the stage, and how many bytes may. */
  queuedBatches: z.number(),
  queuedBytes: z.number(),
  queueLimitBytes: z.number(),
  /** Share of the last seconds in which the stage was at work, 0 to 1. */
  busy: z.number(),
})
export type StageState = z.infer<typeof StageState>

/** Where a running source stands. */
export const SourcePipeline = z.object({
  source: z.string(),
  /** `reconnecting`: the broker is away and is tried again; `caught_up`: nothing is left to read for now. */
  state: z.enum(['starting', 'reading', 'caught_up', 'paused', 'reconnecting', 'finished', 'stopped', 'failed']),
  failure: Failure.optional(),
  /** When the next attempt follows, while reconnecting: epoch milliseconds. */
  nextAttempt: z.number().optional(),
  stages: z.array(StageState),
  events: z.number(),
  deadLetters: z.number(),
  late: z.number(),
  bytes: z.number(),
  /** Records between what is stored and the head of the log; undefined where the head is not known. */
  lag: z.number().optional(),
  /** Records that this run will read in all, where the end is known. */
  total: z.number().optional(),
  /** How old the oldest record was that the last commit made durable, from its arrival here, in milliseconds. */
  commitDelayMs: z.number().optional(),
})
export type SourcePipeline = z.infer<typeof SourcePipeline>

export const PipelineState = z.object({ sources: z.array(SourcePipeline) })
export type PipelineState = z.infer<typeof PipelineState>
