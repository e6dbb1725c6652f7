import { z } from 'zod'
import { Bytes } from './bytes.ts'
import { DeadReason } from './decoder.ts'
import { Position } from './position.ts'

/** A record that could not be decoded or mapped: kept whole, with the reason. */
export const DeadLetter = z.object({
  source: z.string(),
  position: Position,
  brokerTime: z.bigint(),
  ingestedAt: z.bigint(),
  reason: DeadReason,
  detail: z.string(),
  /** True when nothing is wrong with the record: it is decoded by itself once the registry answers. */
  waiting: z.boolean(),
  schema: z.number().optional(),
  key: Bytes.optional(),
  headers: z.array(z.object({ name: z.string(), value: Bytes.optional() })),
  payload: Bytes.optional(),
})
export type DeadLetter = z.infer<typeof DeadLetter>

/** How many dead letters a source has for one reason. */
export const DeadLetterCount = z.object({ source: z.string(), reason: DeadReason, waiting: z.boolean(), count: z.number(), first: z.bigint(), last: z.bigint() })
export type DeadLetterCount = z.infer<typeof DeadLetterCount>
