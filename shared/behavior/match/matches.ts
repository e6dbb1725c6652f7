import type { Value } from './columns.ts'

/** One match, by rows of the columns that were searched. */
export interface RowMatch {
  /** Which sequence of the columns. */
  readonly sequence: number
  readonly rows: Int32Array
  /** The step of each row, by its place among the steps. */
  readonly steps: Int32Array
  /** Microseconds: the match is pending until the watermark is greater; undefined when it is confirmed. */
  readonly pendingUntil: number | undefined
  /** True when it hangs on how events of the same time are ordered (SEMANTICS.md rule 30). */
  readonly tied: boolean
  readonly returns: readonly Value[]
}

/** Matches as they are found, in columns: an object for each would cost more than finding it. */
export class Matches {
  length = 0
  /** Events of all matches. */
  events = 0
  private rows = new Int32Array(1024)
  private steps = new Uint16Array(1024)
  /** By match: where its events end. */
  private ends = new Int32Array(256)
  private sequences = new Int32Array(256)
  private ties = new Uint8Array(256)
  /** What few matches have. */
  private readonly until = new Map<number, number>()
  private readonly returns = new Map<number, readonly Value[]>()

  add(sequence: number, rows: ArrayLike<number>, steps: readonly number[], count: number, tied: boolean): void {
    if (this.events + count > this.rows.length) {
      this.rows = grown(this.rows, new Int32Array((this.events + count) * 2))
      this.steps = grown(this.steps, new Uint16Array(this.rows.length))
    }
    if (this.length === this.ends.length) {
      this.ends = grown(this.ends, new Int32Array(this.length * 2))
      this.sequences = grown(this.sequences, new Int32Array(this.length * 2))
      this.ties = grown(this.ties, new Uint8Array(this.length * 2))
    }
    for (let at = 0; at < count; at++) {
      this.rows[this.events] = rows[at] as number
      this.steps[this.events++] = steps[at] as number
    }
    this.sequences[this.length] = sequence
    this.ties[this.length] = tied ? 1 : 0
    this.ends[this.length++] = this.events
  }

  /** Says more of the match that was added last. */
  setPendingUntil(time: number): void {
    this.until.set(this.length - 1, time)
  }

  setReturns(values: readonly Value[]): void {
    this.returns.set(this.length - 1, values)
  }

  /** How many of them are pending. */
  get pending(): number {
    return this.until.size
  }

  /** How many of them hang on how events of the same time are ordered. */
  get tied(): number {
    let count = 0
    for (let match = 0; match < this.length; match++) count += this.ties[match] as number
    return count
  }

  /** The sequence of a match. */
  sequenceOf(match: number): number {
    return this.sequences[match] as number
  }

  /** The last row of a match. */
  lastRow(match: number): number {
    return this.rows[(this.ends[match] as number) - 1] as number
  }

  /** Whether a match has these rows. */
  hasRows(match: number, rows: readonly number[], count: number): boolean {
    const start = this.startOf(match)
    if ((this.ends[match] as number) - start !== count) return false
    for (let at = 0; at < count; at++) if (this.rows[start + at] !== rows[at]) return false
    return true
  }

  at(match: number): RowMatch {
    return new MadeMatch(this, match, this.sequences[match] as number, this.ties[match] === 1)
  }

  rowsOf(match: number): Int32Array {
    return this.rows.slice(this.startOf(match), this.ends[match])
  }

  stepsOf(match: number): Int32Array {
    return Int32Array.from(this.steps.subarray(this.startOf(match), this.ends[match]))
  }

  pendingUntil(match: number): number | undefined {
    return this.until.get(match)
  }

  returnsOf(match: number): readonly Value[] {
    return this.returns.get(match) ?? []
  }

  toArray(): readonly RowMatch[] {
    return Array.from({ length: this.length }, (_, match) => this.at(match))
  }

  private startOf(match: number): number {
    return match === 0 ? 0 : (this.ends[match - 1] as number)
  }
}

/** A match as an object, whose arrays are made when they are asked for: most askers count, or look at few. */
class MadeMatch implements RowMatch {
  readonly sequence: number
  readonly tied: boolean
  private readonly all: Matches
  private readonly index: number
  private ownRows: Int32Array | undefined
  private ownSteps: Int32Array | undefined

  constructor(all: Matches, index: number, sequence: number, tied: boolean) {
    this.all = all
    this.index = index
    this.sequence = sequence
    this.tied = tied
  }

  get rows(): Int32Array {
    return (this.ownRows ??= this.all.rowsOf(this.index))
  }

  get steps(): Int32Array {
    return (this.ownSteps ??= this.all.stepsOf(this.index))
  }

  get pendingUntil(): number | undefined {
    return this.all.pendingUntil(this.index)
  }

  get returns(): readonly Value[] {
    return this.all.returnsOf(this.index)
  }
}

function grown<T extends Int32Array | Uint16Array | Uint8Array>(old: T, wider: T): T {
  wider.set(old)
  return wider
}
