import { roughDuration } from '../duration.ts'
import { prefixOf } from '../prefix.ts'
import { printExpression } from '../print.ts'
import type { Absence, Clause, Duration, EventPattern, Expression, SequenceBody, Step } from '../syntax.ts'
import { bindSequence, stepName } from './bind.ts'
import type { EventColumns } from './columns.ts'
import { Search, type Found } from './search.ts'

/** Why a start did not become a match. */
export interface Miss {
  /** The row that the start is. */
  readonly start: number
  /** Rows that were bound before it went no further, and the step of each. */
  readonly rows: readonly number[]
  readonly steps: readonly number[]
  /** How many steps were bound. */
  readonly reached: number
  /** A sentence for people. */
  readonly reason: string
  /** The row of the event that came too late, was forbidden, or did not fit; undefined when none came. */
  readonly row: number | undefined
  /** How much it was too late, in microseconds; Infinity where time is not the reason. */
  readonly late: number
  /** True when events to come may still complete it. */
  readonly isOpen: boolean
}

/** So many starts are looked into. */
const mostStarts = 200

/**
 * Explains the starts of one sequence that did not become matches, the nearest miss first: how far each came, and what
 * would have had to be otherwise. It is found by loosening one condition after the other until the search goes on.
 *
 * @param columns one sequence
 */
export function explainMisses(body: SequenceBody, columns: EventColumns, watermark: number, matched: ReadonlySet<number>): readonly Miss[] {
  const starts = startsOf(body, columns, watermark).filter((row) => !matched.has(row))
  const misses = starts.slice(-mostStarts).flatMap((start) => explainStart(body, columns, watermark, start) ?? [])
  return misses.sort((a, b) => b.reached - a.reached || Number(b.row !== undefined) - Number(a.row !== undefined) || (a.late === b.late ? 0 : a.late - b.late) || b.start - a.start)
}

/** Every row that fits the first step by itself. */
function startsOf(body: SequenceBody, columns: EventColumns, watermark: number): readonly number[] {
  const first = new Search(bindSequence({ ...prefixOf(body, 1), within: undefined }, columns), columns, watermark)
  if (!first.open(0, columns.length)) return []
  const starts: number[] = []
  for (let row = first.startAt(0); row !== -1; row = first.startAt(row + 1)) starts.push(row)
  return starts
}

/** Undefined for a start that would match, but lies inside of another match, behind which the search has gone on. */
function explainStart(body: SequenceBody, columns: EventColumns, watermark: number, start: number): Miss | undefined {
  const steps = body.clauses.filter((clause): clause is Step => clause.kind === 'step')
  const nameOf = (step: Step): string => stepName(step, steps.indexOf(step))
  const find = (variant: SequenceBody): { readonly found: Found | undefined; readonly ranOut: boolean } => findFrom(variant, columns, watermark, start)
  let reached = 0
  let furthest: Found | undefined
  let ranOut = false
  for (let count = 1; count <= steps.length; count++) {
    const one = find(prefixOf(body, count))
    ranOut = one.ranOut
    if (one.found === undefined) break
    reached = count
    furthest = one.found
  }
  const bound = { start, rows: [...(furthest?.rows ?? [start])], steps: [...(furthest?.steps ?? [0])], reached }
  const last = bound.rows.at(-1) ?? start
  const timeOf = (row: number): number => columns.time[row] as number
  const since = (row: number, from: number): string => roughDuration(timeOf(row) - timeOf(from))
  const failed = steps[reached]
  if (failed !== undefined) {
    const name = nameOf(failed)
    const before = steps[reached - 1]
    const beforeName = before === undefined ? name : nameOf(before)
    const prefix = prefixOf(body, reached + 1)
    for (const { variant, say } of loosened(prefix, failed)) {
      const { found } = find(variant)
      const row = found?.rows.find((_, index) => found.steps[index] === reached)
      if (found === undefined || row === undefined) continue
      const late = failed.within === undefined ? Number.POSITIVE_INFINITY : timeOf(row) - timeOf(last) - failed.within.micros
      return { ...bound, row, isOpen: false, late: late > 0 ? late : Number.POSITIVE_INFINITY, reason: say({ name, beforeName, gap: timeOf(row) - timeOf(last), total: timeOf(found.rows.at(-1) ?? row) - timeOf(start), typeOf: columns.types[columns.type[row] as number] ?? '', since: since(row, last) }) }
    }
    const broken = brokenAbsence(prefix, columns, watermark, start)
    if (broken !== undefined) return { ...bound, row: broken.row, isOpen: false, late: Number.POSITIVE_INFINITY, reason: broken.reason }
    const types = typesOf(failed)
    const reason = ranOut ? `${name} may still come: no ${types} behind ${beforeName} so far` : `no ${types} came behind ${beforeName}${failed.within === undefined ? '' : ` within ${failed.within.text}`}`
    return { ...bound, row: undefined, isOpen: ranOut, late: Number.POSITIVE_INFINITY, reason }
  }
  const broken = brokenAbsence(body, columns, watermark, start)
  if (broken !== undefined) return { ...bound, row: broken.row, isOpen: false, late: Number.POSITIVE_INFINITY, reason: broken.reason }
  return undefined
}

/** What a sentence about a loosened condition is made of. Times in microseconds. */
interface Facts {
  readonly name: string
  readonly beforeName: string
  readonly gap: number
  readonly total: number
  readonly typeOf: string
  readonly since: string
}

interface Loosened {
  readonly variant: SequenceBody
  readonly say: (facts: Facts) => string
}

/** The pattern with one condition of its last step taken away at a time, the likeliest reason first. */
function loosened(body: SequenceBody, step: Step): readonly Loosened[] {
  const withStep = (changed: Partial<Step>, more: Partial<SequenceBody> = {}): SequenceBody => ({ ...body, ...more, clauses: body.clauses.map((clause): Clause => (clause === step ? { ...step, ...changed } : clause)) })
  const all: Loosened[] = []
  const { within, after, where } = step
  if (within !== undefined) all.push({ variant: withStep({ within: undefined }), say: ({ name, beforeName, gap, since }) => `${name} came ${since} after ${beforeName}, ${over(gap, within)} later than the ${within.text} allowed` })
  const whole = body.within
  if (whole !== undefined) all.push({ variant: withStep({}, { within: undefined }), say: ({ name, total }) => `${name} came, but all of it took ${roughDuration(total)}, ${over(total, whole)} more than the ${whole.text} allowed` })
  if (within !== undefined && whole !== undefined) all.push({ variant: withStep({ within: undefined }, { within: undefined }), say: ({ name, beforeName, gap, since }) => `${name} came ${since} after ${beforeName}, ${over(gap, within)} later than the ${within.text} allowed` })
  if (after !== undefined) all.push({ variant: withStep({ after: undefined }), say: ({ name, beforeName, since }) => `${name} came only ${since} after ${beforeName}, before the ${after.text} that must pass` })
  for (const { path } of step.same) all.push({ variant: withStep({ same: step.same.filter((field) => field.path !== path) }), say: ({ name, typeOf }) => `a ${typeOf} came for ${name}, but with another ${path}` })
  for (const { path } of step.different) all.push({ variant: withStep({ different: step.different.filter((field) => field.path !== path) }), say: ({ name, typeOf }) => `a ${typeOf} came for ${name}, but with the same ${path}` })
  const conditions = conjuncts(where)
  for (const condition of conditions) {
    const rest = conditions.filter((other) => other !== condition)
    all.push({ variant: withStep({ where: joined(rest) }), say: ({ name, typeOf }) => `a ${typeOf} came for ${name}, but ${printExpression(condition)} did not hold` })
  }
  if (step.contiguity === 'next') all.push({ variant: withStep({ contiguity: 'skip till next' }), say: ({ name, beforeName }) => `${name} came, but not right behind ${beforeName}: something else lay in between` })
  const pattern = step.pattern
  if (pattern.kind === 'event' && pattern.where !== undefined) all.push({ variant: withStep({ pattern: { ...pattern, where: undefined } }), say: ({ name, typeOf }) => `a ${typeOf} came for ${name}, but its condition did not hold` })
  if (step.times.min > 1) all.push({ variant: withStep({ times: { ...step.times, min: 1 } }), say: ({ name }) => `${name} came fewer than ${step.times.min} times${within === undefined ? '' : ` within ${within.text}`}` })
  if (body.session !== undefined) all.push({ variant: withStep({}, { session: undefined }), say: ({ name, beforeName, since }) => `${name} came ${since} after ${beforeName}, but in another session` })
  if (conditions.length > 1) all.push({ variant: withStep({ where: undefined }), say: ({ name, typeOf }) => `a ${typeOf} came for ${name}, but ${conditions.map((condition) => printExpression(condition)).join(' and ')} did not hold` })
  const plain = withStep({ where: undefined, within: undefined, after: undefined, same: [], different: [], contiguity: 'skip till next', times: { min: 1, max: 1 }, pattern: pattern.kind === 'event' ? { ...pattern, where: undefined } : pattern }, { within: undefined, session: undefined })
  all.push({ variant: plain, say: ({ name, beforeName, typeOf, since }) => `a ${typeOf} came ${since} after ${beforeName}, but several conditions of ${name} did not hold` })
  return all
}

/** The event that an absence or an `until` forbids. */
function brokenAbsence(body: SequenceBody, columns: EventColumns, watermark: number, start: number): { readonly row: number; readonly reason: string } | undefined {
  const steps = body.clauses.filter((clause): clause is Step => clause.kind === 'step')
  for (const clause of body.clauses) {
    if (clause.kind === 'step') continue
    const found = findFrom({ ...body, clauses: body.clauses.filter((other) => other !== clause), every: undefined, returns: [] }, columns, watermark, start).found
    if (found === undefined) continue
    const rowOf = (index: number): number | undefined => found.rows.findLast((_, at) => found.steps[at] === index)
    const anchor = clause.kind === 'until' ? 0 : anchorOf(body, clause, steps)
    const after = rowOf(anchor) ?? start
    const row = forbiddenRow(body, clause.pattern, columns, watermark, after)
    if (row === undefined) continue
    const type = columns.types[columns.type[row] as number] ?? ''
    const name = stepName(steps[anchor] as Step, anchor)
    const gap = roughDuration((columns.time[row] as number) - (columns.time[after] as number))
    const reason =
      clause.kind === 'until' ? `${type} came ${gap} after ${name} and ended it`
      : clause.scope.kind === 'for' ? `${type} came ${gap} after ${name}, inside of the ${clause.scope.duration.text} without it`
      : clause.scope.kind === 'between' ? `${type} came in between ${clause.scope.from.label} and ${clause.scope.to.label}, ${gap} after ${name}`
      : `${type} came in between, ${gap} after ${name}`
    return { row, reason }
  }
  return undefined
}

/** The place of the step behind which an absence begins. */
function anchorOf(body: SequenceBody, { scope }: Absence, steps: readonly Step[]): number {
  const label = scope.kind === 'between' ? scope.from.label : scope.kind === 'for' ? scope.after?.label : undefined
  const named = label === undefined ? -1 : steps.findIndex((step) => step.label === label)
  if (named !== -1) return named
  const at = body.clauses.findIndex((clause) => clause.kind === 'without' && clause.scope === scope)
  return Math.max(0, body.clauses.slice(0, at).filter(({ kind }) => kind === 'step').length - 1)
}

/** The first row behind another that a pattern takes, its conditions on other events aside. */
function forbiddenRow(body: SequenceBody, pattern: EventPattern, columns: EventColumns, watermark: number, after: number): number | undefined {
  const step = body.clauses.find((clause): clause is Step => clause.kind === 'step')
  if (step === undefined) return undefined
  const only: SequenceBody = { ...body, within: undefined, session: undefined, every: undefined, returns: [], clauses: [{ ...step, pattern: { ...pattern, where: undefined }, where: undefined, within: undefined, times: { min: 1, max: 1 } }] }
  const search = new Search(bindSequence(only, columns), columns, watermark)
  if (!search.open(0, columns.length)) return undefined
  const row = search.startAt(after + 1)
  return row === -1 ? undefined : row
}

function findFrom(body: SequenceBody, columns: EventColumns, watermark: number, start: number): { readonly found: Found | undefined; readonly ranOut: boolean } {
  const search = new Search(bindSequence({ ...body, match: 'first', every: undefined }, columns), columns, watermark)
  const end = body.session === undefined ? columns.length : sessionEnd(columns, start, body.session)
  if (!search.open(start, end) || search.startAt(start) !== start) return { found: undefined, ranOut: false }
  const [found] = search.run(start)
  return { found, ranOut: search.ranOut }
}

function sessionEnd({ time, length }: EventColumns, start: number, gap: Duration): number {
  let row = start + 1
  while (row < length && (time[row] as number) - (time[row - 1] as number) <= gap.micros) row++
  return row
}

function conjuncts(expression: Expression | undefined): readonly Expression[] {
  if (expression === undefined) return []
  return expression.kind === 'binary' && expression.operator === 'and' ? [...conjuncts(expression.left), ...conjuncts(expression.right)] : [expression]
}

function joined([first, ...rest]: readonly Expression[]): Expression | undefined {
  return first === undefined ? undefined : rest.reduce((left, right): Expression => ({ kind: 'binary', operator: 'and', left, right, span: left.span }), first)
}

function over(time: number, allowed: Duration): string {
  return roughDuration(time - allowed.micros)
}

function typesOf({ pattern }: Step): string {
  const patterns = pattern.kind === 'event' ? [pattern] : pattern.kind === 'either' ? pattern.alternatives : pattern.parts
  return [...new Set(patterns.flatMap(({ types }) => types.map(({ text }) => text)))].join(' or ')
}
