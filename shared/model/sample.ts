import { z } from 'zod'
import { Decoder, DeadReason } from './decoder.ts'

/** A record as a preview shows it, before anything is stored. */
export const SampleRecord = z.object({
  partition: z.number(),
  offset: z.bigint(),
  /** Epoch milliseconds. */
  brokerTime: z.number(),
  key: z.string().optional(),
  headers: z.array(z.object({ name: z.string(), value: z.string().optional() })),
  decoder: Decoder.optional(),
  /** JSON text of the CloudEvents attributes. */
  context: z.string().optional(),
  /** JSON text of the decoded payload. */
  data: z.string().optional(),
  dead: z.object({ reason: DeadReason, detail: z.string() }).optional(),
})
export type SampleRecord = z.infer<typeof SampleRecord>

/** What a mapping makes of a record: the event that it would become, or why it would be a dead letter. Time in microseconds. */
export const MappedRecord = z.object({ key: z.string().optional(), type: z.string().optional(), time: z.bigint().optional(), attributes: z.record(z.string(), z.string()), problem: z.string().optional() })
export type MappedRecord = z.infer<typeof MappedRecord>
