import { z } from 'zod'
import { StoredConnection } from './connection.ts'
import { Mapping } from './mapping.ts'

/** What a source is made of. */
export const SourceKind = z.enum(['kafka', 'file', 'demo'])
export type SourceKind = z.infer<typeof SourceKind>

/**
 * How payloads that carry no mark of their own are read. CloudEvents (by header) and registry framing (by magic byte or
 * header) are recognised whatever this says. With `json`, a payload that is not JSON is a dead letter; with `text`, every
 * payload becomes `{"text": …}`.
 */
export const PayloadFormat = z.enum(['json', 'text'])
export type PayloadFormat = z.infer<typeof PayloadFormat>

/** A source as the workspace knows it. */
export const Source = z.object({
  name: z.string(),
  kind: SourceKind,
  topic: z.string(),
  format: PayloadFormat,
  mapping: Mapping,
  /** How far behind the newest event of its partition an event may be before it counts as late, in milliseconds. */
  latenessMs: z.number().int().nonnegative(),
  connection: StoredConnection.optional(),
})
export type Source = z.infer<typeof Source>

/** Where a tail begins, when the store holds nothing of a partition yet. `time` is in epoch milliseconds. */
export const StartAt = z.discriminatedUnion('at', [
  z.object({ at: z.literal('beginning') }),
  z.object({ at: z.literal('latest') }),
  z.object({ at: z.literal('offset'), offset: z.bigint().nonnegative() }),
  z.object({ at: z.literal('time'), time: z.number() }),
])
export type StartAt = z.infer<typeof StartAt>

/** Where a tail ends. `now` is the head of the log when the tail starts; `never` follows the log. Bounds are exclusive. */
export const EndAt = z.discriminatedUnion('at', [
  z.object({ at: z.literal('never') }),
  z.object({ at: z.literal('now') }),
  z.object({ at: z.literal('offset'), offset: z.bigint().nonnegative() }),
  z.object({ at: z.literal('time'), time: z.number() }),
])
export type EndAt = z.infer<typeof EndAt>
