import { z } from 'zod'
import { EventFilter, TimeBounds } from '../model/event-filter.ts'
import { UserSort } from '../model/workspace.ts'

const limit = z.number().int().min(1).max(5_000_000)

/**
 * Every stream of the engine: one question, many Arrow IPC batches, each a complete IPC stream with its schema. The
 * reader asks for each batch, so back-pressure, order and cancellation come for free. Times are Arrow timestamps in
 * microseconds, UTC. What the columns are is said here.
 */
export const streams = {
  /**
   * A user's events in order: source, topic, partition, offset, time, broker_time, type, key, late, id, correlationid,
   * causationid, payload (decoded JSON text), and one column an attribute, named by `attributeField`; `columns` leaves out
   * those that it does not name.
   */
  'timeline.events': { input: TimeBounds.extend({ key: z.string(), limit: limit.optional(), columns: z.array(z.string()).optional() }) },
  /**
   * Events by filter in order of time: the columns of `timeline.events`, newest first where `newest` is set. `columns`
   * leaves out those that it does not name, which makes large slices small: payloads are most of what an event weighs.
   */
  'events.slice': { input: z.object({ filter: EventFilter, limit, newest: z.boolean(), columns: z.array(z.string()).optional() }) },
  /** How many events fall into each bucket of time: bucket (timestamp), type, events. `resolution` is in microseconds. */
  'events.volume': { input: z.object({ filter: EventFilter, resolution: z.bigint().positive() }) },
  /**
   * The sequences of the first `users` users that have an event in the filter, at most `eventsPerUser` of each and five
   * million in all: user (its place in the order), time, type (its code in `types.list`), in order of user and then of
   * event. A user's first row also says key, events (in the filter, also those that were cut) and users (of the filter).
   */
  'sequences.slice': { input: z.object({ filter: EventFilter, sort: UserSort, descending: z.boolean(), users: z.number().int().min(1).max(50_000), eventsPerUser: z.number().int().min(1).max(10_000) }) },
  /**
   * Every match of the behaviors of a text, or of one that is saved, in order: behavior, key (JSON object), until (null
   * when confirmed), start, end, tied, steps (JSON array of [label, type, microseconds, source, topic, partition,
   * offset]), returns (JSON object). See `shared/model/match-row.ts`.
   */
  'behaviors.all': { input: z.union([z.object({ text: z.string().max(1_000_000) }), z.object({ name: z.string() })]) },
} as const

export type StreamName = keyof typeof streams
export type StreamInput<N extends StreamName> = z.input<(typeof streams)[N]['input']>
