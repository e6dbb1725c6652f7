import { z } from 'zod'
import { Bytes } from './bytes.ts'
import { Decoder } from './decoder.ts'
import { AttributeType } from './mapping.ts'
import { Position } from './position.ts'

/** One event whole. Times in microseconds since the epoch. */
export const EventDetail = z.object({
  source: z.string(),
  position: Position,
  time: z.bigint(),
  brokerTime: z.bigint(),
  ingestedAt: z.bigint(),
  key: z.string().optional(),
  type: z.string(),
  decoder: Decoder,
  schema: z.number().optional(),
  late: z.boolean(),
  id: z.string().optional(),
  subject: z.string().optional(),
  /** The CloudEvents `source` attribute: who produced the event. */
  origin: z.string().optional(),
  sequence: z.string().optional(),
  correlationid: z.string().optional(),
  causationid: z.string().optional(),
  traceparent: z.string().optional(),
  dataschema: z.string().optional(),
  /** JSON text of all CloudEvents attributes. */
  context: z.string().optional(),
  /** JSON text of the decoded payload. */
  data: z.string().optional(),
  attributes: z.array(z.object({ name: z.string(), type: AttributeType, path: z.string(), value: z.unknown() })),
  /** The record's bytes as they came. */
  raw: z.object({
    key: Bytes.optional(),
    headers: z.array(z.object({ name: z.string(), value: Bytes.optional() })),
    payload: Bytes.optional(),
  }),
})
export type EventDetail = z.infer<typeof EventDetail>
