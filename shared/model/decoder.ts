import { z } from 'zod'

/** The decoders, in the order of their codes in the store: append only, never reorder. */
export const decoders = [
  'json',
  'text',
  'tombstone',
  'cloudevents-binary',
  'cloudevents-structured',
  'avro',
  'protobuf',
  'json-schema',
] as const

/** Which decoder read an event's payload. */
export const Decoder = z.enum(decoders)
export type Decoder = z.infer<typeof Decoder>

/** Why a record is a dead letter. */
export const DeadReason = z.enum([
  'not_json',
  'not_utf8',
  'bad_cloudevent',
  'bad_framing',
  'schema_unknown',
  'schema_mismatch',
  'registry_missing',
  'registry_unavailable',
  'no_type',
  'no_time',
  'bad_time',
  'bad_row',
])
export type DeadReason = z.infer<typeof DeadReason>

/** Dead letters that are tried again by themselves: nothing is wrong with the record. */
export const waitingReasons: readonly DeadReason[] = ['registry_missing', 'registry_unavailable']
