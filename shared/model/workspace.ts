import { z } from 'zod'
import { Source } from './source.ts'

/** How users may be sorted. */
export const UserSort = z.enum(['activity', 'recent', 'first', 'key'])
export type UserSort = z.infer<typeof UserSort>

/** One user: a key with what it did in all. Times in microseconds since the epoch. */
export const UserRow = z.object({ key: z.string(), events: z.number(), first: z.bigint(), last: z.bigint() })
export type UserRow = z.infer<typeof UserRow>

/** What a workspace holds. */
export const WorkspaceInfo = z.object({
  path: z.string(),
  schemaVersion: z.number(),
  fileBytes: z.number(),
  events: z.number(),
  users: z.number(),
  /** Events with a null key: they are stored and shown, and take part in no sequence. */
  eventsWithoutKey: z.number(),
  types: z.number(),
  deadLetters: z.number(),
  late: z.number(),
  first: z.bigint().optional(),
  last: z.bigint().optional(),
  /** Events that retention has removed so far, and before which time. */
  removed: z.object({ events: z.number(), before: z.bigint().optional() }),
})
export type WorkspaceInfo = z.infer<typeof WorkspaceInfo>

/** A source with what has been read of it. */
export const SourceState = Source.extend({
  events: z.number(),
  deadLetters: z.number(),
  late: z.number(),
  bytes: z.number(),
  partitions: z.array(
    z.object({
      partition: z.number(),
      events: z.number(),
      /** Offsets that have been read, [first, next). */
      ranges: z.array(z.object({ first: z.bigint(), next: z.bigint() })),
      newestTime: z.bigint().optional(),
    }),
  ),
  /** Offsets that were gone before they could be read. */
  gaps: z.array(z.object({ partition: z.number(), first: z.bigint(), next: z.bigint(), reason: z.string(), noticedAt: z.bigint() })),
})
export type SourceState = z.infer<typeof SourceState>

/** How long or how much to keep; nothing is removed where neither is set. */
export const Retention = z.object({ maxAgeDays: z.number().positive().optional(), maxBytes: z.number().int().positive().optional() })
export type Retention = z.infer<typeof Retention>
