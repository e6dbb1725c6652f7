import { z } from 'zod'
import { Bytes } from '../model/bytes.ts'
import { BehaviorState, BreakdownRow, FunnelStep, StepTimes } from '../model/behavior.ts'
import { Connection, Registry } from '../model/connection.ts'
import { Mapping, MappingGuess } from '../model/mapping.ts'
import { Position } from '../model/position.ts'
import { EndAt, PayloadFormat, StartAt } from '../model/source.ts'
import { PathQuestion, Paths, RecurringFindings, RecurringQuestion, SequenceFindings, SequenceQuestion, UndoFindings, UndoQuestion } from '../model/discovery.ts'
import { DeadLetter, DeadLetterCount } from '../model/dead-letter.ts'
import { EventDetail } from '../model/event.ts'
import { EventFilter, TimeBounds } from '../model/event-filter.ts'
import { Explanation } from '../model/explanation.ts'
import { FileOptions } from '../model/file.ts'
import { Detection, Match } from '../model/match.ts'
import { LayerResult } from '../model/layer-result.ts'
import { PipelineState } from '../model/pipeline.ts'
import { PlantedTruth } from '../model/planted-truth.ts'
import { MappedRecord, SampleRecord } from '../model/sample.ts'
import { TopicInfo } from '../model/topic.ts'
import { WhyAnswer, WhyKnowledge } from '../model/why.ts'
import { ExportedFile, ExportFormat, ReportTemplate, Verification } from '../report/export.ts'
import { Report, ReportRequest } from '../report/model.ts'
import { Retention, SourceState, UserRow, UserSort, WorkspaceInfo } from '../model/workspace.ts'

const none = z.object({})
const page = { limit: z.number().int().min(1).max(10_000), offset: z.number().int().nonnegative() }

/**
 * Every call of the engine: one question, one answer. A call is named here and nowhere else; its handler stands in
 * `electron/engine/handlers.ts`, and a missing one does not compile. Times are microseconds since the epoch (bigint)
 * unless a name says otherwise.
 */
export const calls = {
  /** What is in the workspace. */
  'workspace.info': { input: none, output: WorkspaceInfo },
  /** Every source with what has been read of it, gaps included. */
  'sources.list': { input: none, output: z.array(SourceState) },

  /** Reads a pasted client.properties, librdkafka or Confluent Cloud snippet. */
  'connection.parse': {
    input: z.object({ text: z.string().max(1_000_000) }),
    output: z.object({ connection: Connection.partial(), notes: z.array(z.string()), files: z.array(z.object({ field: z.string(), path: z.string() })) }),
  },
  /** Tries a connection layer by layer: DNS, TCP, TLS, SASL, Kafka, authorization, topic, registry. */
  'connection.diagnose': { input: z.object({ connection: Connection, topic: z.string().optional() }), output: z.array(LayerResult) },
  'topics.list': { input: z.object({ connection: Connection }), output: z.array(TopicInfo) },
  /** Decoded records of a topic and the mapping guessed from them; nothing is stored. */
  'topic.sample': {
    input: z.object({ connection: Connection, topic: z.string(), count: z.number().int().min(1).max(1000) }),
    output: z.object({ format: PayloadFormat, records: z.array(SampleRecord), guess: MappingGuess }),
  },
  /** The first rows of a file and the mapping guessed from them; nothing is stored. */
  'file.sample': {
    input: z.object({ path: z.string(), file: FileOptions, count: z.number().int().min(1).max(1000) }),
    output: z.object({ format: PayloadFormat, records: z.array(SampleRecord), guess: MappingGuess }),
  },

  /** The newest stored records of a source, decoded anew, and the mapping guessed from them. */
  'source.sample': {
    input: z.object({ source: z.string(), count: z.number().int().min(1).max(1000) }),
    output: z.object({ format: PayloadFormat, records: z.array(SampleRecord), guess: MappingGuess }),
  },

  /** What a mapping makes of records of a sample, by the rules that storing them will follow; nothing is stored. */
  'mapping.preview': { input: z.object({ records: z.array(SampleRecord).max(1000), mapping: Mapping, topic: z.string() }), output: z.array(MappedRecord) },
  /** How much comes into a topic, and since when. Epoch milliseconds; what cannot be told is left out. */
  'topic.stats': { input: z.object({ connection: Connection, topic: z.string() }), output: z.object({ first: z.number().optional(), last: z.number().optional(), perSecond: z.number().optional() }) },

  /** Starts to tail topics, each a source of its own; answers as soon as the first fetch is under way. */
  'tail.start': {
    input: z.object({
      connection: Connection,
      topics: z.array(z.string().min(1)).min(1),
      start: StartAt,
      end: EndAt,
      format: PayloadFormat.optional(),
      /** Guessed from a sample where it is left out and the source is new. */
      mapping: Mapping.partial().optional(),
      latenessMs: z.number().int().nonnegative().optional(),
      /** True remembers the connection's secrets for `tail.again`, or refuses to start; false forgets them. */
      remember: z.boolean().optional(),
    }),
    output: z.object({ sources: z.array(z.string()) }),
  },
  /** Follows a topic's source again from where it left off, with its stored connection and the remembered secrets. */
  'tail.again': { input: z.object({ source: z.string() }), output: none },
  /** Whether secrets can be remembered by this host, and if not, why. */
  'secrets.status': { input: none, output: z.object({ available: z.boolean(), reason: z.string().optional() }) },
  'tail.stop': { input: z.object({ source: z.string() }), output: none },
  'tail.pause': { input: z.object({ source: z.string() }), output: none },
  'tail.resume': { input: z.object({ source: z.string() }), output: none },
  /** Answers when a tail, an import or a demo has come to its end; fails as it failed. */
  'tail.finished': { input: z.object({ source: z.string() }), output: none },
  /** The stages of every running source as they are. */
  'pipeline.state': { input: none, output: PipelineState },

  /** Imports a CSV, NDJSON or Parquet file. Refused when the same content is there already, unless forced. */
  'file.import': {
    input: z.object({
      path: z.string(),
      source: z.string().min(1).optional(),
      file: FileOptions,
      mapping: Mapping.partial().optional(),
      latenessMs: z.number().int().nonnegative().optional(),
      force: z.boolean(),
    }),
    output: z.object({ source: z.string() }),
  },

  /** Fills the demo shop's last days at once and, with `live`, lets it go on in real time. */
  'demo.start': {
    input: z.object({ seed: z.number().int().nonnegative(), days: z.number().min(0).max(3650), eventsPerDay: z.number().int().min(1).max(10_000_000), live: z.boolean() }),
    output: z.object({ source: z.string() }),
  },
  /** The true counts of the behaviors that the demo shop has planted so far. */
  'demo.truth': { input: none, output: z.array(PlantedTruth) },

  /**
   * Changes a source's mapping and re-decodes its history from the stored bytes, without asking Kafka again. `registry`
   * is for schemas that are not known yet; without it the source's own is asked, without a password.
   */
  'mapping.change': { input: z.object({ source: z.string(), mapping: Mapping, format: PayloadFormat.optional(), registry: Registry.optional() }), output: z.object({ events: z.number(), dead: z.number() }) },

  /** Users by activity, recency, first event or name; `text` finds users whose key contains it. */
  'users.list': {
    input: z.object({ text: z.string().max(1000).optional(), filter: EventFilter.optional(), sort: UserSort, descending: z.boolean(), ...page }),
    output: z.object({ users: z.array(UserRow), total: z.number() }),
  },
  /** Event types with their counts, most frequent first. A type keeps its `code` for as long as the workspace lives. */
  'types.list': { input: none, output: z.array(z.object({ type: z.string(), code: z.number(), events: z.number(), first: z.bigint(), last: z.bigint() })) },
  /** One event whole: decoded payload, original bytes, headers, times, decoder, attributes. */
  'event.get': { input: z.object({ source: z.string(), position: Position }), output: EventDetail },
  /** The events that an event names as its cause, that name it, or that share its correlation, oldest first. */
  'event.related': {
    input: z.object({ source: z.string(), position: Position, limit: z.number().int().min(1).max(1000) }),
    output: z.array(z.object({ relation: z.enum(['cause', 'effect', 'correlated']), source: z.string(), position: Position, time: z.bigint(), type: z.string(), key: z.string().optional() })),
  },

  /** Everything wrong with a text of behaviors, against this workspace. Offsets are UTF-16 units of the text, [start, end). */
  'behaviors.check': {
    input: z.object({ text: z.string().max(1_000_000) }),
    output: z.array(z.object({ severity: z.enum(['error', 'warning']), message: z.string(), start: z.number(), end: z.number(), line: z.number(), column: z.number(), suggestion: z.string().optional() })),
  },
  /**
   * Finds the matches of every behavior of a text in the stored events: what was found in all, and the first `limit`
   * matches of each. With `sample`, whole keys are left out so that about so many events are looked at.
   */
  'behaviors.detect': {
    input: z.object({ text: z.string().max(1_000_000), limit: z.number().int().min(0).max(5_000_000), sample: z.number().int().min(1).optional() }),
    output: z.array(z.object({ detection: Detection, matches: z.array(Match) })),
  },
  /** What a behavior can speak of: event types, most frequent first, fields with their kinds, behaviors. For completion. */
  'behaviors.vocabulary': {
    input: none,
    output: z.object({ types: z.array(z.string()), fields: z.array(z.object({ path: z.string(), kind: z.string() })), behaviors: z.array(z.string()) }),
  },
  /** Keeps every behavior of a text, each a new one or a new version; their matches follow, and follow what is stored from then on. */
  'behaviors.save': { input: z.object({ text: z.string().max(1_000_000) }), output: z.object({ names: z.array(z.string()) }) },
  'behaviors.list': { input: none, output: z.array(BehaviorState) },
  /** Forgets a behavior and its matches. Refused while another stands on it. */
  'behaviors.remove': { input: z.object({ name: z.string() }), output: none },
  /** Searches all events for a behavior whose last run has failed or was cancelled. */
  'behaviors.run': { input: z.object({ name: z.string() }), output: none },
  /** Ends the search of all events that is under way for a behavior; its former matches stay. */
  'behaviors.cancel': { input: z.object({ name: z.string() }), output: none },
  /** Answers when every behavior has caught up with what is stored. */
  'behaviors.settled': { input: none, output: none },
  /** A page of a behavior's matches, by their end, and how many there are in all. */
  'behaviors.matches': {
    input: TimeBounds.extend({ name: z.string(), state: z.enum(['confirmed', 'pending']).optional(), user: z.string().optional(), limit: z.number().int().min(1).max(10_000), offset: z.number().int().nonnegative() }),
    output: z.object({ matches: z.array(Match), total: z.number() }),
  },
  /** Why a behavior, the first of a text or the one named, has matched for a key or what was missing; `key` has values of the first fields of `by`. */
  'behaviors.explain': { input: z.object({ text: z.string().max(1_000_000), name: z.string().optional(), key: z.array(z.string()).min(1) }), output: z.array(Explanation) },
  /** How many come as far as each step, of all events. */
  'behaviors.funnel': { input: z.object({ text: z.string().max(1_000_000), name: z.string().optional() }), output: z.array(FunnelStep) },
  /** How long it takes from step to step. */
  'behaviors.times': { input: z.object({ name: z.string() }), output: z.array(StepTimes) },
  /** A behavior's matches over time: how many end in each bucket, by state. Resolution in microseconds. */
  'behaviors.volume': { input: z.object({ name: z.string(), resolution: z.bigint().positive() }), output: z.array(z.object({ bucket: z.bigint(), confirmed: z.number(), pending: z.number(), users: z.number() })) },
  /** A behavior's matches by an attribute of their first event. */
  'behaviors.breakdown': { input: z.object({ name: z.string(), attribute: z.string(), limit: z.number().int().min(1).max(1000) }), output: z.array(BreakdownRow) },

  /**
   * What distinguishes the starts of a behavior that led to all of it from those that had the chance: of a behavior of a
   * text, or of one that is saved. `steps` is how many first steps all share; all but the last where it is left out. `against` names
   * a behavior with the same first steps: only what led to one of the two is compared then.
   */
  'why.ask': {
    input: z.object({ text: z.string().max(1_000_000).optional(), name: z.string().optional(), against: z.string().optional(), steps: z.number().int().min(1).optional(), knowledge: WhyKnowledge }),
    output: WhyAnswer,
  },
  /** What distinguishes the users with an event in a region of a chart from the other users of its time. */
  'why.different': { input: z.object({ region: TimeBounds.extend({ sources: z.array(z.string()).optional(), types: z.array(z.string()).optional(), keys: z.array(z.string()).optional(), text: z.string().optional() }), knowledge: WhyKnowledge }), output: WhyAnswer },

  /** Sequences of event types that many share, the most surprising first. */
  'discover.sequences': { input: SequenceQuestion, output: SequenceFindings },
  /** Events that come back at a period, the surest first. */
  'discover.recurring': { input: RecurringQuestion, output: RecurringFindings },
  /** What came behind or before a type of event: a Sankey diagram whose columns add up, and ranked variants. */
  'discover.paths': { input: PathQuestion, output: Paths },
  /** Pairs of event types on the same value of an attribute, the second of which tends to take the first back. */
  'discover.undo': { input: UndoQuestion, output: UndoFindings },

  /** Counts a report: every number that its documents show. */
  'reports.make': { input: ReportRequest, output: Report },
  /** Counts a report and writes it, and the matches of its behaviors, into a folder (a whole path; `reports` in the workspace where it is left out), all from one moment. */
  'reports.export': {
    input: z.object({ request: ReportRequest, formats: z.array(ExportFormat).min(1), folder: z.string().max(4096).optional() }),
    output: z.object({ report: Report, files: z.array(ExportedFile) }),
  },
  /** Counts a report again from the positions that it records and compares every number; `document` is its HTML, Markdown or JSON. */
  'reports.verify': { input: z.object({ document: z.string().max(50_000_000) }), output: Verification },
  /** The PDF of a report, of its HTML, Markdown or JSON. Needs a Chromium on the engine's machine. */
  'reports.pdf': { input: z.object({ document: z.string().max(50_000_000) }), output: z.object({ bytes: Bytes }) },
  'reports.templates': { input: none, output: z.array(ReportTemplate) },
  'reports.saveTemplate': { input: ReportTemplate, output: none },
  'reports.removeTemplate': { input: z.object({ name: z.string() }), output: none },

  'deadLetters.list': {
    input: z.object({ source: z.string().optional(), reason: z.string().optional(), ...page }),
    output: z.object({ letters: z.array(DeadLetter), total: z.number() }),
  },
  'deadLetters.summary': { input: none, output: z.array(DeadLetterCount) },
  /** Decodes dead letters anew, such as those that waited for a registry; what now decodes becomes events. */
  'deadLetters.retry': {
    input: z.object({ source: z.string(), registry: Registry.optional() }),
    output: z.object({ events: z.number(), dead: z.number() }),
  },

  'retention.get': { input: none, output: Retention },
  /** Sets how long or how much to keep (both off by default) and applies it at once. */
  'retention.set': { input: Retention, output: z.object({ removed: z.number() }) },
} as const

export type CallName = keyof typeof calls
export type CallInput<N extends CallName> = z.input<(typeof calls)[N]['input']>
export type CallOutput<N extends CallName> = z.output<(typeof calls)[N]['output']>
