/** Where a fact comes from. All are known before the outcome. */
export type FactGroup = 'earlier events' | 'after the start' | 'attributes' | 'timing' | 'calendar' | 'context'

/**
 * Chances to show a behavior, one a place in every array, with what became of them. The chances of one cluster, such as a
 * user, stand side by side.
 */
export interface Cohort {
  /** 1 where the chance led to the behavior. */
  readonly matched: Uint8Array
  readonly cluster: Int32Array
  /** Microseconds from the start until the chance was decided: nothing that came later counts. */
  readonly until: Float64Array
  /** 1 where the kind of event that ends the wait has come, 0 where the time has passed or something else has ended it. */
  readonly decided: Uint8Array
}

/** Events of one kind around the starts. */
export interface EventFact {
  readonly kind: 'events'
  /** The event type; findings about one type are one finding. */
  readonly type: string
  /** What is asked of the event beyond its type, such as `campaign is spring`. */
  readonly detail: string | undefined
  /** Which fields it shares with the start beyond the user, such as `item`. */
  readonly same: string | undefined
  /** Seconds from the last such event to the start; Infinity for none. */
  readonly gap: Float32Array | undefined
  /** How many came before the start. */
  readonly count: Uint16Array | undefined
  /** Microseconds from the start to the first such event behind it and before the outcome; Infinity for none. */
  readonly after: Float64Array | undefined
}

/** One of several values; −1 for none. */
export interface CategoryFact {
  readonly kind: 'category'
  readonly group: FactGroup
  readonly name: string
  readonly codes: Int32Array
  readonly values: readonly string[]
}

/** A number; NaN where it is not known. Durations are microseconds. */
export interface NumberFact {
  readonly kind: 'number'
  readonly group: FactGroup
  readonly name: string
  readonly form: 'number' | 'duration'
  readonly values: Float64Array
}

/** Something that holds (1), does not (0), or is not known (2). */
export interface FlagFact {
  readonly kind: 'flag'
  readonly group: FactGroup
  /** Flags of one family say much the same, and become one finding. */
  readonly family: string
  /** Behind "Where …,". */
  readonly phrase: string
  readonly values: Uint8Array
}

export type Fact = EventFact | CategoryFact | NumberFact | FlagFact

/** Something that may make a difference: for each chance whether it holds. */
export interface Candidate {
  readonly group: FactGroup
  readonly family: string
  readonly phrase: string
  /** 0 no, 1 yes, 2 not known. Made when asked for: thousands of candidates would not fit at once. */
  readonly expose: () => Uint8Array
  /** When it came, in microseconds from the start (negative before it); undefined for what has no moment. */
  readonly when: (() => Float64Array) | undefined
}
