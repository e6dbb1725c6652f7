import { z } from 'zod'
import { Mapping } from '../model/mapping.ts'
import { ReturnedValue } from '../model/match.ts'
import { PayloadFormat, SourceKind } from '../model/source.ts'
import { Estimate } from '../model/why.ts'
import { PrivacyRules } from './privacy.ts'

/** A time in microseconds since the epoch, or an offset. In the JSON of a report it is a text: JSON has no such integers. */
const Big = z.coerce.bigint()
/** How many there are; null where there are too few to be said (see {@link PrivacyRules}). */
const Count = z.number().nullable()

/** The parts of a report that can be chosen and ordered; headline and numbers stand always in front. */
export const SectionName = z.enum(['definition', 'trend', 'users', 'steps', 'times', 'who', 'why', 'examples', 'data', 'method', 'reproduce'])
export type SectionName = z.infer<typeof SectionName>

/** The percentiles that a report gives of a quantity, as shares. */
export const reportShares = [0.05, 0.25, 0.5, 0.75, 0.95, 0.99] as const

/** Matches by the time of their end. Resolution in microseconds. */
const Trend = z.object({ resolution: Big, buckets: z.array(z.object({ start: Big, confirmed: Count, pending: Count, users: Count })) })
export type Trend = z.infer<typeof Trend>

const FunnelRow = z.object({ step: z.string(), occurrences: Count, users: Count })
export type FunnelRow = z.infer<typeof FunnelRow>

/** How long it took from one step to the next, in microseconds; `percentiles` at {@link reportShares}. */
const StepTime = z.object({ from: z.string(), to: z.string(), count: Count, percentiles: z.array(z.number()), histogram: z.array(Count), widthUs: z.number() })
export type StepTime = z.infer<typeof StepTime>

/** A returned number over all matches; durations are microseconds. */
const ReturnedNumbers = z.object({ name: z.string(), isDuration: z.boolean(), count: z.number(), least: z.number().optional(), most: z.number().optional(), mean: z.number(), percentiles: z.array(z.number()) })
export type ReturnedNumbers = z.infer<typeof ReturnedNumbers>

/** Matches by an attribute of their first event: the most frequent values, and what is left. Null stands for none. */
const Who = z.object({
  attribute: z.string(),
  values: z.array(z.object({ value: z.string().nullable(), occurrences: Count, users: Count })),
  distinct: z.number(),
  rest: z.object({ values: z.number(), occurrences: Count }),
})
export type Who = z.infer<typeof Who>

const WhyFinding = z.object({ group: z.string(), phrase: z.string(), sentence: z.string(), exposedMatched: Count, exposedUnmatched: Count, unexposedMatched: Count, unexposedUnmatched: Count, oddsRatio: Estimate, q: z.number(), verdict: z.string(), confounding: z.string() })
export type WhyFinding = z.infer<typeof WhyFinding>

/** What distinguishes starts that led on from the others, or why that cannot be said. */
const Why = z.union([
  z.object({ unit: z.string(), chances: z.number(), matched: z.number(), users: z.number(), undecided: Count, tried: z.number(), findings: z.array(WhyFinding), leftOut: z.number(), notes: z.array(z.string()), association: z.string() }),
  z.object({ refused: z.string() }),
])
export type Why = z.infer<typeof Why>

/** A match in the middle of what its user did around it. `label` marks the events that are steps of the match. */
const Example = z.object({
  key: z.record(z.string(), ReturnedValue),
  state: z.enum(['confirmed', 'pending']),
  until: Big.optional(),
  start: Big,
  end: Big,
  returns: z.record(z.string(), ReturnedValue),
  events: z.array(z.object({ time: Big, type: z.string(), label: z.string().optional(), source: z.string(), topic: z.string(), partition: z.number(), offset: Big, late: z.boolean() })),
  /** Events between its first and its last that are not listed. */
  leftOut: z.number(),
})
export type Example = z.infer<typeof Example>

/** What a report says of one behavior. */
const BehaviorReport = z.object({
  name: z.string(),
  /** Of its definition, where it is kept in the workspace. */
  version: z.number().optional(),
  text: z.string(),
  /** The first field of `by`, and whether that is the key of the events: users, mostly. */
  lead: z.object({ path: z.string(), isKey: z.boolean() }),
  rules: z.array(z.string()),
  /** The returned values that are durations, in microseconds. */
  durations: z.array(z.string()),
  counts: z.object({
    occurrences: Count,
    users: Count,
    confirmed: Count,
    pending: Count,
    tied: Count,
    /** Matches with an event that came late. */
    late: Count,
    /** Sequences that events to come may still complete. */
    open: Count,
    /** Events that were looked at. */
    events: z.number(),
    /** Different values of the first key field among all events. */
    population: z.number(),
  }),
  /** From the start of the first match to the end of the last. */
  span: z.object({ first: Big, last: Big }).optional(),
  /** From the first event of a match to its last, in microseconds, at {@link reportShares}. */
  duration: z.array(z.number()).optional(),
  trend: Trend.optional(),
  perUser: z.array(z.object({ times: z.number(), orMore: z.boolean(), users: Count })).optional(),
  funnel: z.array(FunnelRow).optional(),
  times: z.array(StepTime).optional(),
  returns: z.array(ReturnedNumbers).optional(),
  who: z.array(Who).optional(),
  why: Why.optional(),
  examples: z.array(Example).optional(),
})
export type BehaviorReport = z.infer<typeof BehaviorReport>

const PartitionReport = z.object({
  partition: z.number(),
  /** Offsets that had been read, [first, next). */
  ranges: z.array(z.object({ first: Big, next: Big })),
  events: z.number(),
  late: z.number(),
  deadLetters: z.number(),
  first: Big.optional(),
  last: Big.optional(),
  /** Sum of the MD5 sums of all events: offset, time, key, type and payload. Any change of any of them shows. */
  checksum: z.string(),
  /** The file that it was imported from. */
  file: z.object({ name: z.string(), sha256: z.string(), bytes: z.number() }).optional(),
})
export type PartitionReport = z.infer<typeof PartitionReport>

const SourceReport = z.object({
  name: z.string(),
  kind: SourceKind,
  topic: z.string(),
  brokers: z.array(z.string()),
  format: PayloadFormat,
  mapping: Mapping,
  latenessMs: z.number(),
  partitions: z.array(PartitionReport),
  gaps: z.array(z.object({ partition: z.number(), first: Big, next: Big, reason: z.string() })),
  deadReasons: z.array(z.object({ reason: z.string(), letters: z.number() })),
})
export type SourceReport = z.infer<typeof SourceReport>

/** What a report stands on. */
const DataReport = z.object({
  events: z.number(),
  users: z.number(),
  withoutKey: z.number(),
  types: z.number(),
  deadLetters: z.number(),
  late: z.number(),
  first: Big.optional(),
  last: Big.optional(),
  /** What was certain: absences that end before it are decided. */
  watermark: Big.optional(),
  /** Events that retention had removed before. */
  removed: z.number(),
  sources: z.array(SourceReport),
})
export type DataReport = z.infer<typeof DataReport>

/** A report with every number that it shows: what all its forms are made from, and what `verify` compares. Times are UTC. */
export const Report = z.object({
  format: z.literal('undercurrent-report'),
  formatVersion: z.literal(1),
  title: z.string(),
  notes: z.string(),
  /** When it was made, by which version. */
  made: z.object({ at: Big, version: z.string() }),
  sections: z.array(SectionName),
  behaviors: z.array(BehaviorReport).min(1),
  /** The text of all behaviors that it takes to find these. */
  definitions: z.string(),
  data: DataReport,
  /** What was done for privacy, and how many counts were left out for it. */
  privacy: PrivacyRules.extend({ suppressed: z.number() }),
  /** The codes of the event types that examples show, by which the app colors them. */
  types: z.array(z.object({ type: z.string(), code: z.number() })),
  /** How much of it was asked for. */
  asked: z.object({ attributes: z.array(z.string()).optional(), examples: z.number(), names: z.array(z.string()) }),
})
export type Report = z.infer<typeof Report>

/** What may be asked of a report. */
export const ReportRequest = z.object({
  /** A text of behaviors; those that are saved can be named beside it. */
  text: z.string().max(1_000_000).optional(),
  /** Which behaviors, in this order: of the text and of those that are saved. All of the text where it is left out. */
  names: z.array(z.string()).max(20).optional(),
  title: z.string().max(300).optional(),
  notes: z.string().max(20_000).optional(),
  sections: z.array(SectionName).default([...SectionName.options]),
  /** By which attributes matches are counted; chosen where it is left out. */
  attributes: z.array(z.string()).max(20).optional(),
  examples: z.number().int().min(0).max(50).default(5),
  privacy: PrivacyRules.default({ hide: [], hash: [], shorten: [], minCount: 1 }),
})
export type ReportRequest = z.infer<typeof ReportRequest>

/** The JSON text of a report: always the same for the same report. */
export function reportToJson(report: Report): string {
  // in the order of the schema, as it is when it is read again
  return JSON.stringify(Report.parse(report), (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))
}
