import { z } from 'zod'
import { Bytes } from '../model/bytes.ts'
import { Failure } from '../errors.ts'

const id = z.number().int().nonnegative()

/** What a client sends. A stream is pulled: each `next` asks for one batch. */
export const ClientMessage = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('call'), id, name: z.string(), input: z.unknown() }),
  z.object({ kind: z.literal('open'), id, name: z.string(), input: z.unknown() }),
  z.object({ kind: z.literal('next'), id }),
  /** Ends a call or a stream early. */
  z.object({ kind: z.literal('cancel'), id }),
])
export type ClientMessage = z.infer<typeof ClientMessage>

/** What the engine sends. */
export const ServerMessage = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('reply'), id, value: z.unknown() }),
  z.object({ kind: z.literal('batch'), id, bytes: Bytes }),
  z.object({ kind: z.literal('end'), id }),
  z.object({ kind: z.literal('failed'), id, failure: Failure }),
  z.object({ kind: z.literal('event'), name: z.string(), value: z.unknown() }),
])
export type ServerMessage = z.infer<typeof ServerMessage>
