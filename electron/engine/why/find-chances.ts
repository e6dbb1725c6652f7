import { bindSequence, type BoundPattern } from '../../../shared/behavior/match/bind.ts'
import type { EventColumns } from '../../../shared/behavior/match/columns.ts'
import { matchColumns, type RowMatch } from '../../../shared/behavior/match/match.ts'
import type { SequenceBody } from '../../../shared/behavior/syntax.ts'
import type { ChancePlan } from '../../../shared/why/chance.ts'

/** A chance, by rows of the sequences. Times in microseconds. */
export interface Chance {
  readonly sequence: number
  /** The last event of each shared step. */
  readonly steps: readonly number[]
  /** Nothing from here on counts: the outcome, what decided against it, or the end of the time. */
  readonly until: number
  readonly matched: boolean
  /** True when an event ended the wait: the outcome itself, or for an absence what must not have come. */
  readonly decided: boolean
}

/** The chances of one part. */
export interface Chances {
  readonly chances: readonly Chance[]
  /** Starts whose outcome events to come may still change. */
  readonly undecided: number
}

/**
 * Finds every chance in columns, and whether it led to the behavior. A start inside of a chance belongs to it.
 *
 * @param rival a behavior with the same first steps: only starts that led to one of the two are chances then
 */
export function findChances(body: SequenceBody, plan: ChancePlan, columns: EventColumns, watermark: number, horizon: number, rival?: SequenceBody): Chances {
  const full = { ...body, every: undefined, returns: [] }
  const matches = byFirstRow(matchColumns(full, columns, watermark).matches)
  const starts = byFirstRow(matchColumns(plan.prefix, columns, Number.POSITIVE_INFINITY).matches)
  const rivals = rival === undefined ? undefined : new Map(matchColumns({ ...rival, every: undefined, returns: [] }, columns, watermark).matches.map((match) => [match.rows[0] as number, match]))
  const limits = new Limits(body, plan, columns, horizon)
  const chances: Chance[] = []
  let undecided = 0
  let at = 0
  // the time up to which the last chance of the sequence reaches, and the row
  let [sequence, reach, reachRow] = [-1, 0, 0]
  for (const start of starts) {
    if (start.sequence !== sequence) [sequence, reach, reachRow] = [start.sequence, Number.NEGATIVE_INFINITY, -1]
    const first = start.rows[0] as number
    while (at < matches.length && (matches[at]?.rows[0] as number) < first) at++
    const match = matches[at]?.rows[0] === first ? matches[at] : undefined
    if (match !== undefined) {
      const one = limits.matched(match)
      reach = Math.max(reach, columns.time[match.rows.at(-1) as number] as number)
      reachRow = Math.max(reachRow, match.rows.at(-1) as number)
      if (match.pendingUntil !== undefined) undecided++
      else if (one !== undefined) chances.push(one)
      continue
    }
    const shared = start.rows.at(-1) as number
    if (first <= reachRow || (columns.time[first] as number) <= reach) continue
    const other = rivals?.get(first)
    if (rivals !== undefined && other === undefined) continue
    const { end, known, decided } = other === undefined ? limits.unmatched(start) : limits.rival(other)
    const next = matches[at]
    // what it could have led to, a later start of the same chance has led to
    if (next?.sequence === sequence && (columns.time[next.rows[0] as number] as number) <= end) continue
    reach = end
    reachRow = shared
    if (watermark > known) chances.push({ sequence, steps: lastOfSteps(start, plan.steps), until: end, matched: false, decided: decided && plan.isAbsence })
    else undecided++
  }
  return { chances, undecided }
}

/** How long the rest of the behavior took, in microseconds: from the last shared event to the last of all. */
export function restTimes(body: SequenceBody, plan: ChancePlan, columns: EventColumns, watermark: number): readonly number[] {
  return matchColumns({ ...body, every: undefined, returns: [] }, columns, watermark).matches.map(({ rows, steps }) => (columns.time[rows.at(-1) as number] as number) - (columns.time[lastShared(rows, steps, plan)] as number))
}

/** One match a start, the first, in the order of their starts. */
function byFirstRow(matches: readonly RowMatch[]): readonly RowMatch[] {
  const sorted = [...matches].sort((left, right) => (left.rows[0] as number) - (right.rows[0] as number))
  return sorted.filter((match, at) => at === 0 || match.rows[0] !== sorted[at - 1]?.rows[0])
}

function lastShared(rows: Int32Array, steps: Int32Array, plan: ChancePlan): number {
  let last = rows[0] as number
  if (isCut(steps, plan)) return last
  rows.forEach((row, at) => {
    if ((steps[at] as number) < plan.steps) last = row
  })
  return last
}

/** A behavior of one repeated step: its first event is the chance. */
function isCut(steps: Int32Array, plan: ChancePlan): boolean {
  return !plan.isAbsence && (steps.at(-1) as number) < plan.steps
}

function lastOfSteps({ rows, steps }: RowMatch, count: number): readonly number[] {
  const last: number[] = []
  rows.forEach((row, at) => {
    if ((steps[at] as number) < count) last[steps[at] as number] = row
  })
  return Array.from({ length: count }, (_, step) => last[step] ?? -1)
}

/** Until when a chance lasts. */
class Limits {
  private readonly plan: ChancePlan
  private readonly columns: EventColumns
  private readonly horizon: number
  private readonly session: number
  private readonly forbidden: readonly BoundPattern[]
  private readonly unbound: Int32Array

  constructor(body: SequenceBody, plan: ChancePlan, columns: EventColumns, horizon: number) {
    this.plan = plan
    this.columns = columns
    this.horizon = horizon
    this.session = body.session?.micros ?? Number.POSITIVE_INFINITY
    const bound = bindSequence({ ...body, clauses: body.clauses.filter((clause) => clause.kind === 'step' || (plan.forbidden as readonly unknown[]).includes(clause)), returns: [] }, columns)
    this.forbidden = [...bound.absences, ...bound.untils]
    this.unbound = new Int32Array(bound.slots).fill(-1)
  }

  /** Undefined when it took longer than any unmatched start is waited for. */
  matched({ sequence, rows, steps }: RowMatch): Chance | undefined {
    const { time } = this.columns
    const shared = lastShared(rows, steps, this.plan)
    const at = time[shared] as number
    const chance = { sequence, steps: isCut(steps, this.plan) ? [shared] : lastOfSteps({ sequence, rows, steps, pendingUntil: undefined, tied: false, returns: [] }, this.plan.steps), matched: true }
    if (this.plan.isAbsence) return { ...chance, until: this.end(rows[0] as number, shared), decided: false }
    const [last, finalStep] = [rows.at(-1) as number, steps.at(-1) as number]
    const outcome = rows.find((row, index) => row > shared && steps[index] === finalStep)
    const until = time[outcome ?? last] as number
    return until - at > this.horizon ? undefined : { ...chance, until, decided: true }
  }

  /** Until when an unmatched start could have led on, and when that is known. */
  unmatched({ rows }: RowMatch): { readonly end: number; readonly known: number; readonly decided: boolean } {
    const { time } = this.columns
    const first = rows[0] as number
    const shared = rows.at(-1) as number
    const end = this.end(first, shared)
    const broken = this.forbiddenBy(shared, end)
    const at = time[shared] as number
    const known = Math.max(this.bound(first, shared) + this.plan.wait.afterRest, at + this.plan.wait.afterShared)
    return { end: broken ?? end, known: broken === undefined ? Math.min(known, this.sessionEnd(shared) + this.session) : broken, decided: broken !== undefined }
  }

  /** Until when a start could have led on that led to something else. */
  rival({ rows, pendingUntil }: RowMatch): { readonly end: number; readonly known: number; readonly decided: boolean } {
    return { end: this.columns.time[rows.at(-1) as number] as number, known: pendingUntil ?? Number.NEGATIVE_INFINITY, decided: true }
  }

  /** When a chance ends by what the behavior says, or with its session. */
  private end(first: number, shared: number): number {
    const bound = this.bound(first, shared)
    return this.session === Number.POSITIVE_INFINITY ? bound : Math.min(bound, this.sessionEnd(shared))
  }

  private bound(first: number, shared: number): number {
    const { time } = this.columns
    const at = time[shared] as number
    const { rest, whole, wait, isAbsence } = this.plan
    const bound = isAbsence ? at + Math.max(wait.afterShared, wait.afterRest) : Math.min(at + rest, (time[first] as number) + whole)
    // a bound of the whole is also that of an absence behind it
    const ends = isAbsence && bound === at && whole < Number.POSITIVE_INFINITY ? (time[first] as number) + whole : bound
    return Math.min(ends, at + this.horizon)
  }

  private forbiddenBy(row: number, end: number): number | undefined {
    const { time, type } = this.columns
    for (let next = row + 1; next < this.sequenceEnd(row) && (time[next] as number) <= end; next++) {
      const code = type[next] as number
      if (this.forbidden.some(({ alternatives }) => alternatives.some(({ types, alone }) => types[code] === 1 && (alone === undefined || alone(next, this.unbound) === true)))) return time[next]
    }
    return undefined
  }

  private sequenceEnd(row: number): number {
    const { starts } = this.columns
    let [low, high] = [0, starts.length - 1]
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((starts[middle] as number) <= row) low = middle + 1
      else high = middle
    }
    return starts[low] as number
  }

  /** The time of the last event of the session that a row is in. */
  private sessionEnd(row: number): number {
    const { time } = this.columns
    const end = this.sequenceEnd(row)
    let last = row
    while (last + 1 < end && (time[last + 1] as number) - (time[last] as number) <= this.session) last++
    return time[last] as number
  }
}
