/**
 * The syntax tree of the behavior language (DESIGN section 5; what it means in detail: SEMANTICS.md beside this file).
 * A tree carries where its parts stand in the text, for errors
 * and the editor; two trees of the same meaning are equal but for these spans.
 */

/** A part of the text: offsets in UTF-16 units, [start, end). */
export interface Span {
  readonly start: number
  readonly end: number
}

/** A stretch of time: microseconds, as all times in the engine, and as it was written. */
export interface Duration {
  readonly micros: number
  readonly text: string
}

/** What a file of behaviors holds. */
export interface BehaviorFile {
  readonly behaviors: readonly Behavior[]
  /** Comments below the last behavior. */
  readonly comments: readonly string[]
}

/** One behavior: a pattern over sequences, or a condition on the matches of another behavior. */
export interface Behavior {
  readonly name: string
  /** Comment lines above it, without their `#`. */
  readonly comments: readonly string[]
  readonly body: SequenceBody | PopulationBody
  /** Comment lines below its last clause, above or beside what ends it (`match`, `every`, `return`, `react`). */
  readonly endComments: readonly string[]
  /** Reactions, which are kept and acted upon by the engine's reactions. */
  readonly react: readonly Reaction[]
  readonly span: Span
  readonly nameSpan: Span
}

/** `sequence NAME by KEY… steps`. */
export interface SequenceBody {
  readonly kind: 'sequence'
  readonly by: readonly KeyField[]
  /** First to last event, inclusive. */
  readonly within: Duration | undefined
  /** A pause longer than this cuts a sequence in two. */
  readonly session: Duration | undefined
  readonly clauses: readonly Clause[]
  readonly match: 'first' | 'every' | 'longest'
  readonly skip: 'past last' | 'overlap'
  readonly every: Recurrence | undefined
  readonly returns: readonly Return[]
}

/** `sequence NAME from "BASE" by at least N KEY in DUR`: a base behavior that happens to many at once. */
export interface PopulationBody {
  readonly kind: 'population'
  readonly base: string
  readonly baseSpan: Span
  readonly atLeast: number
  /** Whose different values are counted; a key of the base behavior. */
  readonly of: KeyField
  readonly within: Duration
}

/** A field whose value tells sequences apart. */
export interface KeyField {
  readonly path: string
  readonly span: Span
}

/** The lines of a sequence, in the order in which they are written. */
export type Clause = Step | Absence | Until

/** Events that the sequence needs, one after the other. The first step has contiguity `skip till next` and is not optional. */
export interface Step {
  readonly kind: 'step'
  readonly comments: readonly string[]
  /** Written or made: a step without a label is named by its place, `step 1` on. */
  readonly label: string | undefined
  readonly labelSpan: Span | undefined
  readonly optional: boolean
  /** `next`: the very next event of the sequence; `any`: every event that fits is explored; else the earliest that fits. */
  readonly contiguity: 'skip till next' | 'next' | 'any'
  readonly pattern: Pattern
  /** What must hold for every event of the step, whichever alternative it is. */
  readonly where: Expression | undefined
  /** How many events the step takes; {1, 1} where nothing is written. `max` is undefined for `at least n`. */
  readonly times: { readonly min: number; readonly max: number | undefined }
  /** The gap since the step before, inclusive; for a repeated step from its first to its last event, for the first step too. */
  readonly within: Duration | undefined
  /** The least gap since the step before, inclusive. */
  readonly after: Duration | undefined
  /** Fields that are equal to, or differ from, those of the step before. */
  readonly same: readonly KeyField[]
  readonly different: readonly KeyField[]
  readonly span: Span
}

/** What a step looks for. */
export type Pattern =
  | EventPattern
  /** One of the alternatives; the earliest event that fits any of them. */
  | { readonly kind: 'either'; readonly alternatives: readonly EventPattern[]; readonly span: Span }
  /** Each of the parts once, in whatever order. */
  | { readonly kind: 'any order'; readonly parts: readonly EventPattern[]; readonly span: Span }

/** Events of some types for which an expression holds. */
export interface EventPattern {
  readonly kind: 'event'
  /** Labels only inside of `either` and `any order`; elsewhere the step has it. */
  readonly label: string | undefined
  readonly labelSpan: Span | undefined
  readonly types: readonly TypeGlob[]
  /** Undefined in a step, which has its own. */
  readonly where: Expression | undefined
  readonly span: Span
}

/** An event type, or a glob in which `*` stands for any run of characters. Quoted types are never globs. */
export interface TypeGlob {
  readonly text: string
  readonly quoted: boolean
  readonly span: Span
}

/** `without TYPES …`: an event that must not be there. */
export interface Absence {
  readonly kind: 'without'
  readonly comments: readonly string[]
  readonly pattern: EventPattern
  readonly scope:
    | { readonly kind: 'between'; readonly from: LabelRef; readonly to: LabelRef }
    /** Behind a step, up to and including so much later. */
    | { readonly kind: 'for'; readonly duration: Duration; readonly after: LabelRef | undefined }
    /** Between the step before it and the step behind it. */
    | { readonly kind: 'here' }
  readonly span: Span
}

/** `until TYPES …`: an event that ends every match that is still open. */
export interface Until {
  readonly kind: 'until'
  readonly comments: readonly string[]
  readonly pattern: EventPattern
  readonly span: Span
}

/** The name of a step, where it is used. */
export interface LabelRef {
  readonly label: string
  readonly span: Span
}

/** `every PERIOD ± TOLERANCE at least N times`: the matches of a key recur. */
export interface Recurrence {
  readonly period: Duration
  readonly tolerance: Duration
  readonly atLeast: number
  readonly span: Span
}

/** `EXPR as NAME`: a value that each match carries. */
export interface Return {
  readonly expression: Expression
  readonly name: string
  readonly span: Span
}

/** What is done when the behavior happens again. */
export type Reaction =
  | { readonly kind: 'notify'; readonly span: Span }
  | { readonly kind: 'webhook'; readonly name: string; readonly span: Span }
  | { readonly kind: 'publish'; readonly topic: string; readonly span: Span }

/** An expression over the event at hand and the steps that are bound already. Null-safe: see SEMANTICS.md. */
export type Expression =
  | { readonly kind: 'number'; readonly value: number; readonly text: string; readonly span: Span }
  | { readonly kind: 'string'; readonly value: string; readonly span: Span }
  | { readonly kind: 'boolean'; readonly value: boolean; readonly span: Span }
  | { readonly kind: 'null'; readonly span: Span }
  | { readonly kind: 'duration'; readonly value: Duration; readonly span: Span }
  /** `price`, `data.item`, `added.price`: the first name is a label where a step has it. */
  | { readonly kind: 'field'; readonly path: string; readonly span: Span }
  | { readonly kind: 'not'; readonly operand: Expression; readonly span: Span }
  | { readonly kind: 'negative'; readonly operand: Expression; readonly span: Span }
  | { readonly kind: 'binary'; readonly operator: BinaryOperator; readonly left: Expression; readonly right: Expression; readonly span: Span }
  /** `like` takes a glob, `in` a list of values. */
  | { readonly kind: 'like'; readonly operand: Expression; readonly pattern: string; readonly negated: boolean; readonly span: Span }
  | { readonly kind: 'in'; readonly operand: Expression; readonly values: readonly Expression[]; readonly negated: boolean; readonly span: Span }

export type BinaryOperator = 'and' | 'or' | '==' | '!=' | '<' | '<=' | '>' | '>=' | '+' | '-' | '*' | '/'
