import { z } from 'zod'

/** A range of event times in microseconds since the epoch, [from, to). */
export const TimeBounds = z.object({ from: z.bigint().optional(), to: z.bigint().optional() })

/** What a slice of events may be narrowed by; every field that is there must fit. Texts are matched as they are, never as patterns. */
export const EventFilter = TimeBounds.extend({
  sources: z.array(z.string()).optional(),
  types: z.array(z.string()).optional(),
  keys: z.array(z.string()).optional(),
  /** Found anywhere in key, type, headers or payload, ignoring case. */
  text: z.string().max(1000).optional(),
})
export type EventFilter = z.infer<typeof EventFilter>
