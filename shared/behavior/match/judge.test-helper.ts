import { patternsOf } from '../check.ts'
import type { Absence, EventPattern, Expression, SequenceBody, Step, TypeGlob } from '../syntax.ts'
import type { Value } from './columns.ts'
import { equals, evaluatePlainly, hasGlob } from './judge-values.test-helper.ts'

/** An event as the judge sees it: an object, one after the other in order. */
export interface PlainEvent {
  readonly time: number
  readonly type: string
  readonly fields: Readonly<Record<string, Value>>
}

/** A match as the judge tells it; `rows` count the events of all sequences one after the other. */
export interface Verdict {
  readonly sequence: number
  readonly rows: readonly number[]
  readonly steps: readonly number[]
  readonly pendingUntil: number | undefined
  readonly tied: boolean
  readonly returns: readonly Value[]
}

/** Looking for no step any more: all are taken. */
const whole = Number.POSITIVE_INFINITY

/** An event that a branch has taken, for which part of which step. */
interface Taken {
  readonly at: number
  readonly step: number
  readonly part: EventPattern
}

/**
 * What the matcher has to find, straight from SEMANTICS.md: a plain search through all branches, as slow as it likes.
 * Numbers in comments are rules.
 */
export function judge(body: SequenceBody, sequences: readonly (readonly PlainEvent[])[], watermark: number): { readonly matches: readonly Verdict[]; readonly open: number } {
  const matches: Verdict[] = []
  let open = 0
  let offset = 0
  for (const [sequence, events] of sequences.entries()) {
    for (const session of cut(events, body.session?.micros ?? Number.POSITIVE_INFINITY)) {
      const found = new Judge(body, session, watermark).run()
      for (const { rows, ...rest } of found.matches) matches.push({ sequence, rows: rows.map((row) => row + offset), ...rest })
      open += found.open
      offset += session.length
    }
  }
  return { matches, open }
}

/** 3 */
function cut(events: readonly PlainEvent[], gap: number): PlainEvent[][] {
  const sessions: PlainEvent[][] = []
  for (const event of events) {
    const last = sessions.at(-1)
    if (last === undefined || event.time - (last.at(-1) as PlainEvent).time > gap) sessions.push([event])
    else last.push(event)
  }
  return sessions
}

class Judge {
  private readonly body: SequenceBody
  private readonly events: readonly PlainEvent[]
  private readonly watermark: number
  private readonly steps: readonly Step[]
  /** A branch of the start at hand came to the end of the events, and one to come may go on with it (21). */
  private unfinished = false

  constructor(body: SequenceBody, events: readonly PlainEvent[], watermark: number) {
    this.body = body
    this.events = events
    this.watermark = watermark
    this.steps = body.clauses.filter((clause) => clause.kind === 'step')
  }

  run(): { readonly matches: readonly Omit<Verdict, 'sequence'>[]; readonly open: number } {
    const { match, skip } = this.body
    const all: Omit<Verdict, 'sequence'>[] = []
    let open = 0
    for (let start = 0; start < this.events.length; start++) {
      this.unfinished = false
      let found: Omit<Verdict, 'sequence'>[] = []
      for (const branch of this.from(start)) {
        const verdict = this.decide(branch)
        if (verdict === undefined) continue
        const events = verdict.rows.join()
        if (!found.some(({ rows }) => rows.join() === events)) found.push(verdict)
        if (match === 'first') break
      }
      if (match === 'longest') found = found.filter(({ rows }) => rows.length === Math.max(...found.map((other) => other.rows.length))).slice(0, 1)
      all.push(...found)
      if (found.length === 0 && this.unfinished) open++
      if (found.length > 0 && skip === 'past last') start = Math.max(...found.flatMap(({ rows }) => rows))
    }
    return { matches: all, open }
  }

  /** Every branch from a start, in the order in which they are tried (12). */
  private *from(start: number): Generator<readonly Taken[]> {
    const first = this.fit(0, start, [])
    if (first !== undefined) yield* this.more(0, [first])
  }

  private *rest(step: number, taken: readonly Taken[]): Generator<readonly Taken[]> {
    if (step === this.steps.length) {
      yield taken
      return
    }
    yield* this.more(step, taken)
    // 9
    if (this.step(step).optional) yield* this.rest(step + 1, taken)
  }

  /** The longest run of a step first, then shorter ones (8). */
  private *more(step: number, taken: readonly Taken[]): Generator<readonly Taken[]> {
    const { pattern, times } = this.step(step)
    const own = taken.filter((one) => one.step === step).length
    const [min, max] = pattern.kind === 'any order' ? [pattern.parts.length, pattern.parts.length] : [times.min, times.max ?? Number.POSITIVE_INFINITY]
    if (own < max) for (const next of this.candidates(step, taken, own)) yield* this.more(step, [...taken, next])
    if (own >= min) yield* this.rest(step + 1, taken)
  }

  /** The events that a step may take behind those that are taken (5, 8). */
  private candidates(step: number, taken: readonly Taken[], own: number): readonly Taken[] {
    const { contiguity } = this.step(step)
    const from = (taken.at(-1) as Taken).at + 1
    const to = contiguity === 'next' ? Math.min(from + 1, this.events.length) : this.events.length
    const fitting: Taken[] = []
    for (let at = from; at < to; at++) {
      const one = this.fit(step, at, taken)
      if (one !== undefined) fitting.push(one)
      if (one !== undefined && (contiguity !== 'any' || own > 0)) return fitting
    }
    if (to === this.events.length && (contiguity !== 'next' || from === to)) this.unfinished ||= this.mayCome(step, taken)
    return fitting
  }

  /** 4, 6, 7, 10 */
  private fit(step: number, at: number, taken: readonly Taken[]): Taken | undefined {
    const { pattern, where, within, after, same, different } = this.step(step)
    const event = this.event(at)
    const before = taken.findLast((one) => one.step !== step)
    const anchor = before ?? taken[0]
    if (anchor !== undefined && event.time - this.event(anchor.at).time > (within?.micros ?? Number.POSITIVE_INFINITY)) return undefined
    if (before !== undefined && event.time - this.event(before.at).time < (after?.micros ?? 0)) return undefined
    if (taken[0] !== undefined && event.time - this.event(taken[0].at).time > (this.body.within?.micros ?? Number.POSITIVE_INFINITY)) return undefined
    if (before !== undefined) {
      const equal = ({ path }: { readonly path: string }): Value => equals(fieldOf(event, path), fieldOf(this.event(before.at), path))
      if (!same.every((field) => equal(field) === true) || !different.every((field) => equal(field) === false)) return undefined
    }
    const isLeft = (part: EventPattern): boolean => pattern.kind !== 'any order' || !taken.some((one) => one.step === step && one.part === part)
    return patternsOf(this.step(step))
      .filter(isLeft)
      .map((part): Taken => ({ at, step, part }))
      .find((one) => hasType(event, one.part.types) && this.holds(one.part.where, event, [...taken, one]) && this.holds(where, event, [...taken, one]))
  }

  /** A match, when no absence forbids it (16, 17, 19, 20). */
  private decide(taken: readonly Taken[]): Omit<Verdict, 'sequence'> | undefined {
    const ranges = this.forbidden(taken, whole)
    if (this.broken(ranges, taken)) return undefined
    const until = Math.max(...ranges.map(({ bound }) => bound ?? Number.NEGATIVE_INFINITY))
    const times = taken.map(({ at }) => this.event(at).time)
    const rows = taken.map(({ at }) => at)
    return {
      rows,
      steps: taken.map(({ step }) => step),
      pendingUntil: this.watermark <= until ? until : undefined,
      // 30
      tied: new Set(times).size < times.length || ranges.some(({ pattern, edges }) => edges.some((edge) => this.events.some((event, at) => at !== edge && event.time === this.event(edge).time && this.fits(pattern, event, taken)))),
      returns: this.body.returns.map(({ expression }) => this.evaluate(expression, this.event((taken.at(-1) as Taken).at), taken)),
    }
  }

  private broken(ranges: readonly Forbidden[], taken: readonly Taken[]): boolean {
    return ranges.some(({ pattern, holds }) => this.events.some((event, at) => holds(at) && this.fits(pattern, event, taken)))
  }

  /** Where no event of which pattern may lie; `looking`: so far as a branch has come that looks for events of that step. */
  private forbidden(taken: readonly Taken[], looking: number): readonly Forbidden[] {
    const { clauses } = this.body
    const ranges = clauses.flatMap((clause, index) => (clause.kind === 'without' ? this.absence(clause, clauses.slice(0, index).filter(({ kind }) => kind === 'step').length, taken, looking) : []))
    const bound = Math.max(...ranges.map((range) => range.bound ?? Number.NEGATIVE_INFINITY))
    const first = (taken[0] as Taken).at
    const last = looking === whole ? (taken.at(-1) as Taken).at : this.events.length
    for (const clause of clauses) if (clause.kind === 'until') ranges.push({ pattern: clause.pattern, edges: [first, last], bound: undefined, holds: (at) => at > first && at !== last && (at < last || this.event(at).time <= bound) })
    return ranges
  }

  /** `index` steps are written before the absence. */
  private absence({ pattern, scope }: Absence, index: number, taken: readonly Taken[], looking: number): Forbidden[] {
    // what may still be taken is not the last event of a step yet
    const settled = taken.filter(({ step }) => step < looking)
    const has = (label: string) => ({ step, part }: Taken) => this.step(step).label === label || part.label === label
    const implied = index <= looking ? settled.findLast(({ step }) => step < index) : undefined
    const from = scope.kind === 'between' ? settled.findLast(has(scope.from.label)) : scope.kind === 'for' && scope.after !== undefined ? settled.findLast(has(scope.after.label)) : implied
    // what was left out has nothing behind it that could be forbidden
    if (from === undefined) return []
    const upTo = (bound: number): Forbidden[] => [{ pattern, edges: [from.at], bound, holds: (at) => at > from.at && this.event(at).time <= bound }]
    if (scope.kind === 'for') return upTo(this.event(from.at).time + scope.duration.micros)
    const to = scope.kind === 'between' ? taken.find(has(scope.to.label)) : taken.find(({ step }) => step >= index)
    if (to !== undefined) return [{ pattern, edges: [from.at, to.at], bound: undefined, holds: (at) => at > from.at && at < to.at }]
    if (looking !== whole) return scope.kind === 'here' || this.mustCome(scope.to.label, looking) ? [{ pattern, edges: [from.at], bound: undefined, holds: (at) => at > from.at }] : []
    return scope.kind === 'here' && this.body.within !== undefined ? upTo(this.event((taken[0] as Taken).at).time + this.body.within.micros) : []
  }

  /** Whether every match of a branch that looks for a step has an event of that label. */
  private mustCome(label: string, looking: number): boolean {
    return this.steps.some((step, index) => index >= looking && !step.optional && (step.label === label || (step.pattern.kind === 'any order' && step.pattern.parts.some((part) => part.label === label))))
  }

  /** Whether an event to come, at the watermark or later, can be the next of a branch (21). */
  private mayCome(step: number, taken: readonly Taken[]): boolean {
    const { within, after } = this.step(step)
    const before = taken.findLast((one) => one.step !== step)
    const first = this.event((taken[0] as Taken).at).time
    const anchor = before === undefined ? first : this.event(before.at).time
    const earliest = Math.max(this.watermark, before === undefined ? first : anchor + (after?.micros ?? 0))
    const latest = Math.min(anchor + (within?.micros ?? Number.POSITIVE_INFINITY), first + (this.body.within?.micros ?? Number.POSITIVE_INFINITY), (this.events.at(-1) as PlainEvent).time + (this.body.session?.micros ?? Number.POSITIVE_INFINITY))
    return earliest <= latest && Number.isFinite(this.watermark) && !this.broken(this.forbidden(taken, step), taken)
  }

  private step(index: number): Step {
    return this.steps[index] as Step
  }

  private event(at: number): PlainEvent {
    return this.events[at] as PlainEvent
  }

  private fits(pattern: EventPattern, event: PlainEvent, taken: readonly Taken[]): boolean {
    return hasType(event, pattern.types) && this.holds(pattern.where, event, taken)
  }

  /** 23: only true fits. */
  private holds(where: Expression | undefined, event: PlainEvent, taken: readonly Taken[]): boolean {
    return where === undefined || this.evaluate(where, event, taken) === true
  }

  private evaluate(expression: Expression, event: PlainEvent, taken: readonly Taken[]): Value {
    return evaluatePlainly(expression, (path) => {
      const [head = '', ...rest] = path.split('.')
      const isLabel = rest.length > 0 && this.steps.some((step) => step.label === head || patternsOf(step).some(({ label }) => label === head))
      if (!isLabel) return fieldOf(event, path)
      // 11
      const one = taken.findLast(({ step, part }) => this.step(step).label === head || part.label === head)
      return one === undefined ? null : fieldOf(this.event(one.at), rest.join('.'))
    })
  }
}

/** Events that may not fit `pattern`: those that `holds` tells. The range ends by order alone at `edges`, by time at `bound`. */
interface Forbidden {
  readonly pattern: EventPattern
  readonly edges: readonly number[]
  readonly bound: number | undefined
  readonly holds: (at: number) => boolean
}

function hasType({ type }: PlainEvent, types: readonly TypeGlob[]): boolean {
  return types.some(({ text, quoted }) => (quoted ? type === text : hasGlob(text, type)))
}

function fieldOf(event: PlainEvent, path: string): Value {
  return path === 'time' ? event.time : path === 'type' ? event.type : (event.fields[path] ?? null)
}
