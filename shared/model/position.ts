import { z } from 'zod'

/** Identity of an event in its source: unique for ever, and the proof of every number on screen. */
export const Position = z.object({
  topic: z.string(),
  partition: z.number().int().nonnegative(),
  offset: z.bigint().nonnegative(),
})
export type Position = z.infer<typeof Position>

/** Writes a position as people read it: `shop/0@42`. */
export function formatPosition(position: Position): string {
  return `${position.topic}/${position.partition}@${position.offset}`
}
