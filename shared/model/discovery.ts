import { z } from 'zod'

/** Only events of a range of time, [from, to), in microseconds since the epoch. */
const within = { from: z.bigint().optional(), to: z.bigint().optional() }
/** A behavior in the language that finds what a finding says: its users and their events, and what to save. */
const behavior = z.string()

/** Which sequences are looked for. */
export const SequenceQuestion = z.object({
  ...within,
  /** What is counted: users, or their sessions, which end when nothing comes for `sessionGap` microseconds. */
  unit: z.enum(['user', 'session']).default('user'),
  sessionGap: z.bigint().positive().default(1_800_000_000n),
  /** In what share of all units a sequence must be; left out, 0.05, or with `top` in two units. */
  support: z.number().positive().max(1).optional(),
  /** Only so many with the highest support, and those that have as much as the last. */
  top: z.number().int().min(1).max(100_000).optional(),
  /** How long after a step the next may come, in microseconds, inclusive. */
  maxGap: z.bigint().positive().optional(),
  /** How many other events may stand between two steps. */
  maxBetween: z.number().int().nonnegative().optional(),
  maxLength: z.number().int().min(1).max(30).default(30),
  /** All, those that no longer one with the same support contains, or those that no longer one contains at all. */
  shape: z.enum(['all', 'closed', 'maximal']).default('closed'),
  /** Several events of a type in a row count as one. */
  collapse: z.boolean().default(true),
  /** All steps have the same value of this attribute. */
  same: z.string().optional(),
  /** Only these types take part. */
  types: z.array(z.string()).optional(),
  /** How many are answered, the most surprising first. */
  limit: z.number().int().min(1).max(200_000).default(100),
})
export type SequenceQuestion = z.infer<typeof SequenceQuestion>

/** A sequence that many share. */
export const FoundSequence = z.object({
  types: z.array(z.string()),
  /** How many units it is in. */
  units: z.number(),
  share: z.number(),
  users: z.number(),
  /** In how many it would be if each event depended only on the one before it. */
  expected: z.number(),
  /** `units / expected`. */
  lift: z.number(),
  /** From the first event to the last, in microseconds, half of the units at most. */
  median: z.number(),
  behavior,
})
export type FoundSequence = z.infer<typeof FoundSequence>

export const SequenceFindings = z.object({
  /** Units in all, and users. */
  population: z.number(),
  users: z.number(),
  events: z.number(),
  /** How many patterns were found; of these `sequences` are the most surprising. */
  patterns: z.number(),
  /** In how many units a pattern had to be. */
  minSupport: z.number(),
  sequences: z.array(FoundSequence),
  notes: z.array(z.string()),
})
export type SequenceFindings = z.infer<typeof SequenceFindings>

export const UndoQuestion = z.object({ ...within, /** Only these attributes; all with enough values where it is left out. */ attributes: z.array(z.string()).optional(), limit: z.number().int().min(1).max(1000).default(50) })
export type UndoQuestion = z.infer<typeof UndoQuestion>

/** Two types of event of which the second tends to take the first back. */
export const FoundUndo = z.object({
  attribute: z.string(),
  first: z.string(),
  undo: z.string(),
  /** Different pairs of user and value with the first event, and those of them in which the second came after it. */
  pairs: z.number(),
  undone: z.number(),
  share: z.number(),
  users: z.number(),
  /** Of the second type's pairs, the share that has the first before it: an undo hardly comes without. */
  needs: z.number(),
  /** Between the two, in microseconds: the 10th, 50th and 90th percentile. */
  times: z.array(z.number()),
  behavior,
})
export type FoundUndo = z.infer<typeof FoundUndo>

export const UndoFindings = z.object({ events: z.number(), tried: z.number(), undos: z.array(FoundUndo), notes: z.array(z.string()) })
export type UndoFindings = z.infer<typeof UndoFindings>

export const RecurringQuestion = z.object({
  ...within,
  /** What a series is made of beside the types themselves: types with one value of an attribute, and the events of one key. */
  by: z.array(z.enum(['type', 'attribute', 'key'])).default(['type', 'attribute', 'key']),
  limit: z.number().int().min(1).max(1000).default(50),
})
export type RecurringQuestion = z.infer<typeof RecurringQuestion>

/** Events that come back at a period. Times are microseconds, since the epoch where they are moments. */
export const FoundRecurring = z.object({
  type: z.string(),
  attribute: z.string().optional(),
  value: z.string().optional(),
  key: z.string().optional(),
  period: z.number(),
  /** The middle of the first slot. */
  phase: z.number(),
  jitter: z.number(),
  /** Half of the window in which an event counts as a hit. */
  tolerance: z.number(),
  slots: z.number(),
  hits: z.array(z.number()),
  /** The middles of the slots in which nothing came. */
  missed: z.array(z.number()),
  events: z.number(),
  episodes: z.number(),
  users: z.number(),
  concentration: z.number(),
  p: z.number(),
  next: z.number(),
  /** How many expected ones had not come when all was certain: 0 means that it is on time. */
  overdue: z.number(),
  behavior,
})
export type FoundRecurring = z.infer<typeof FoundRecurring>

export const RecurringFindings = z.object({ events: z.number(), tried: z.number(), /** Until when the events are complete. */ until: z.number(), recurring: z.array(FoundRecurring), notes: z.array(z.string()) })
export type RecurringFindings = z.infer<typeof RecurringFindings>

export const PathQuestion = z.object({
  ...within,
  /** Where paths begin, or end with `direction: 'to'`: each user's first event of the type, or their last. Left out, the type that most users begin (or end) with. */
  type: z.string().optional(),
  direction: z.enum(['from', 'to']).default('from'),
  unit: z.enum(['user', 'session']).default('user'),
  sessionGap: z.bigint().positive().default(1_800_000_000n),
  /** Columns beside the first. */
  steps: z.number().int().min(1).max(12).default(5),
  /** Types that are left out as if they had not happened. */
  hidden: z.array(z.string()).default([]),
  /** Several of a type in a row are one. */
  collapse: z.boolean().default(true),
  /** So many types a column; what is rarer is `other`. */
  top: z.number().int().min(1).max(50).default(6),
  /** Types that are never put into `other`. */
  expanded: z.array(z.string()).default([]),
  variants: z.number().int().min(0).max(1000).default(20),
})
export type PathQuestion = z.infer<typeof PathQuestion>

const PathNode = z.object({ kind: z.enum(['type', 'other', 'ended']), type: z.string().optional(), /** Types that `other` stands for. */ types: z.number().optional(), units: z.number() })
/** From node `from` of a column to node `to` of the next; the time between is the median in microseconds. */
const PathLink = z.object({ column: z.number(), from: z.number(), to: z.number(), units: z.number(), median: z.number().optional() })
const PathVariant = z.object({ types: z.array(z.string()), /** Whether it stops there, or was cut at the last column. */ ended: z.boolean(), units: z.number(), share: z.number(), users: z.number(), behavior })

/** What came behind (or before) a type of event. The nodes of every column add up to the population; who has ended stays so. */
export const Paths = z.object({
  population: z.number(),
  users: z.number(),
  /** Outward from the type asked about, which is the only node of the first. */
  columns: z.array(z.array(PathNode)),
  links: z.array(PathLink),
  variants: z.array(PathVariant),
  /** Different variants in all. */
  distinct: z.number(),
  notes: z.array(z.string()),
})
export type Paths = z.infer<typeof Paths>
