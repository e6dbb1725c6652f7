import { checkExpression, type FieldKind, type Scope } from './check-expression.ts'
import { globTest } from './glob.ts'
import { nearest } from './nearest.ts'
import type { Problem } from './problem.ts'
import type { Behavior, EventPattern, KeyField, LabelRef, PopulationBody, SequenceBody, Span, Step } from './syntax.ts'

/** What a workspace knows that a behavior can speak of. */
export interface Vocabulary {
  readonly types: readonly string[]
  /** Attributes with the kinds of their values. */
  readonly fields: ReadonlyMap<string, FieldKind>
  /** Names that mean the key of an event besides `key` and `user`: the paths that mappings take it from. */
  readonly keyNames: readonly string[]
  /** Other behaviors by name, for those that stand on them, with the fields of their `by`. */
  readonly behaviors: ReadonlyMap<string, readonly string[]>
}

/** More than this many branches from one start are likely. */
const manyAny = 2

/** What is wrong with behaviors against a workspace; an empty vocabulary of types or fields checks none of them. */
export function checkBehaviors(behaviors: readonly Behavior[], vocabulary: Vocabulary): readonly Problem[] {
  const problems: Problem[] = []
  const names = new Set<string>()
  const known = new Map(vocabulary.behaviors)
  for (const { name, body } of behaviors) known.set(name, body.kind === 'sequence' ? body.by.map(({ path }) => path) : [])
  for (const behavior of behaviors) {
    if (names.has(behavior.name)) problems.push(error(`there are two behaviors named "${behavior.name}"`, behavior.nameSpan))
    if (behavior.name.trim() === '') problems.push(error('a behavior needs a name', behavior.nameSpan))
    names.add(behavior.name)
    if (behavior.body.kind === 'population') checkPopulation(behavior.name, behavior.body, known, problems)
    else new SequenceCheck(behavior.body, vocabulary, problems).run()
  }
  return problems.sort((a, b) => a.span.start - b.span.start)
}

function checkPopulation(name: string, { base, baseSpan, of, atLeast, within }: PopulationBody, known: ReadonlyMap<string, readonly string[]>, problems: Problem[]): void {
  const keys = known.get(base)
  if (base === name) problems.push(error('a behavior cannot stand on itself', baseSpan))
  else if (keys === undefined) problems.push(unknown(`there is no behavior "${base}"`, baseSpan, nearest(base, known.keys()), quoted))
  else if (keys.length === 0) problems.push(error(`"${base}" counts many at once itself; name the behavior that it stands on`, baseSpan))
  else if (resolveKey(of.path, keys) === undefined) problems.push(unknown(`"${base}" has no key ${of.path}, it has ${keys.join(', ')}`, of.span, nearest(of.path, keys.flatMap((key) => [key, `${key}s`]))))
  if (atLeast < 1) problems.push(error('at least 1 must happen', of.span))
  if (within.micros <= 0) problems.push(error('this time is empty', of.span))
}

/** Which key of a behavior is meant by `user`, `users`, or a name of its own. */
export function resolveKey(path: string, keys: readonly string[]): string | undefined {
  return keys.find((key) => key === path) ?? keys.find((key) => `${key}s` === path) ?? (['key', 'keys', 'user', 'users'].includes(path) ? keys.find((key) => key === 'user' || key === 'key') : undefined)
}

class SequenceCheck {
  private readonly body: SequenceBody
  private readonly vocabulary: Vocabulary
  private readonly problems: Problem[]
  private readonly steps: readonly Step[]
  /** Labels in the order in which they are bound. */
  private readonly labels: readonly string[]

  constructor(body: SequenceBody, vocabulary: Vocabulary, problems: Problem[]) {
    this.body = body
    this.vocabulary = vocabulary
    this.problems = problems
    this.steps = body.clauses.filter((clause) => clause.kind === 'step')
    this.labels = this.steps.flatMap(labelsOf)
  }

  run(): void {
    const { body } = this
    for (const field of body.by) this.checkField(field)
    this.checkLabels()
    this.checkBounds()
    this.checkCost()
    let bound: string[] = []
    for (const [index, clause] of body.clauses.entries()) {
      if (clause.kind === 'step') {
        bound = [...bound, ...labelsOf(clause)]
        for (const pattern of patternsOf(clause)) this.checkPattern(pattern, bound)
        this.checkWhere(clause.where, bound)
        for (const field of [...clause.same, ...clause.different]) this.checkField(field)
      } else {
        this.checkPattern(clause.pattern, this.labels)
        if (clause.kind === 'without') this.checkScope(clause, index)
      }
    }
    for (const { expression } of body.returns) this.checkWhere(expression, this.labels)
    this.checkNames()
  }

  private checkNames(): void {
    const seen = new Set<string>()
    for (const { name, span } of this.body.returns) {
      if (seen.has(name)) this.problems.push(error(`two values are returned as ${name}`, span))
      seen.add(name)
    }
  }

  private checkLabels(): void {
    const seen = new Set<string>()
    for (const { label, labelSpan } of this.steps.flatMap((step) => [step, ...patternsOf(step)])) {
      if (label === undefined || labelSpan === undefined) continue
      if (seen.has(label)) this.problems.push(error(`two steps are labeled ${label}`, labelSpan))
      seen.add(label)
      if (this.vocabulary.fields.has(label)) this.problems.push(warning(`${label} is a field as well: where a name stands alone it is the field, ${label}.name is the step's`, labelSpan))
    }
  }

  private checkBounds(): void {
    const { within, session, every } = this.body
    for (const { pattern, times, within: gap, after, span } of this.steps) {
      if (pattern.kind === 'any order' && (times.min !== 1 || times.max !== 1)) this.problems.push(error('`any order` takes each of its parts once and cannot be repeated', span))
      if (pattern.kind === 'any order' && pattern.parts.length === 1) this.problems.push(warning('`any order` of a single part orders nothing: parts are separated by `;`', pattern.span))
      if (times.min < 1) this.problems.push(error('a step that may be missing is written `optional then`', span))
      if (times.max !== undefined && times.max < times.min) this.problems.push(error(`${times.min}..${times.max} times cannot be`, span))
      if (gap !== undefined && after !== undefined && after.micros > gap.micros) this.problems.push(error(`nothing is both within ${gap.text} and after ${after.text}`, span))
      if (within !== undefined && after !== undefined && after.micros > within.micros) this.problems.push(error(`the whole sequence must fit within ${within.text}`, span))
      if (within !== undefined && gap !== undefined && gap.micros > within.micros) this.problems.push(warning(`the whole sequence must fit within ${within.text}: this step's ${gap.text} bounds nothing`, span))
      if (session !== undefined && after !== undefined && after.micros > session.micros && this.steps.length === 2) this.problems.push(warning(`with pauses of at most ${session.text}, this needs other events in between`, span))
    }
    if (every !== undefined && every.period.micros <= every.tolerance.micros) this.problems.push(error(`± ${every.tolerance.text} of every ${every.period.text} is always`, every.span))
    if (every !== undefined && every.atLeast < 2) this.problems.push(error('what happens once does not recur: at least 2 times', every.span))
  }

  private checkScope(clause: Extract<SequenceBody['clauses'][number], { kind: 'without' }>, index: number): void {
    const { scope, span } = clause
    const before = this.body.clauses.slice(0, index).some(({ kind }) => kind === 'step')
    // an optional step may be left out, and then nothing bounds what is forbidden
    const behind = this.body.clauses.slice(index + 1).some((other) => other.kind === 'step' && !other.optional)
    if (scope.kind === 'here' && before && !behind && this.body.within === undefined) this.problems.push(error('this absence has no end: say `for 10m after …`, or bound the sequence by `within`', span))
    if (scope.kind === 'for' && scope.after !== undefined) this.checkLabelRef(scope.after)
    if (scope.kind !== 'between') return
    const known = [scope.from, scope.to].map((ref) => this.checkLabelRef(ref))
    if (known.every(Boolean) && this.labels.indexOf(scope.from.label) >= this.labels.indexOf(scope.to.label)) this.problems.push(error(`${scope.from.label} does not come before ${scope.to.label}`, span))
  }

  private checkLabelRef({ label, span }: LabelRef): boolean {
    if (this.labels.includes(label)) return true
    this.problems.push(unknown(`no step is labeled ${label}`, span, nearest(label, this.labels)))
    return false
  }

  private checkCost(): void {
    const any = this.steps.filter(({ contiguity }) => contiguity === 'any')
    const unbounded = any.filter(({ within }) => within === undefined && this.body.within === undefined && this.body.session === undefined)
    for (const { span } of unbounded) this.problems.push(warning('`then any` tries every later event: without `within` this grows with the square of a sequence', span))
    if (any.length >= manyAny) this.problems.push(warning(`${any.length} steps try every event: their branches multiply`, any[1]?.span ?? this.steps[0]?.span ?? { start: 0, end: 0 }))
    const repeated = this.steps.filter(({ times }) => times.max === undefined || times.max > 1)
    if (repeated.length > 2) this.problems.push(warning(`${repeated.length} repeated steps share the events between them in many ways`, repeated[2]?.span ?? { start: 0, end: 0 }))
  }

  private checkPattern(pattern: EventPattern, bound: readonly string[]): void {
    const { types } = this.vocabulary
    for (const { text, quoted: exact, span } of pattern.types) {
      if (types.length === 0) break
      const test = exact ? (type: string) => type === text : globTest(text)
      if (types.some(test)) continue
      if (!exact && text.includes('*')) this.problems.push(warning(`no event type is like ${text} so far`, span))
      else this.problems.push(unknown(`no event type \`${text}\` in this workspace`, span, nearest(text, types), backticked))
    }
    this.checkWhere(pattern.where, bound)
  }

  private checkWhere(expression: Step['where'], bound: readonly string[]): void {
    if (expression === undefined) return
    const scope: Scope = { labels: bound, laterLabels: this.labels.filter((label) => !bound.includes(label)), kindOf: (path) => this.kindOf(path), names: () => this.fieldNames() }
    this.problems.push(...checkExpression(expression, scope))
  }

  private checkField({ path, span }: KeyField): void {
    if (this.vocabulary.fields.size > 0 && this.kindOf(path) === undefined) this.problems.push(unknown(`no field \`${path}\` in this workspace`, span, nearest(path, this.fieldNames()), backticked))
  }

  private kindOf(path: string): FieldKind | undefined {
    if (this.vocabulary.fields.size === 0) return 'any'
    return this.vocabulary.fields.get(path) ?? fixedFields.get(path) ?? (this.vocabulary.keyNames.includes(path) ? 'text' : undefined)
  }

  private fieldNames(): readonly string[] {
    return [...this.vocabulary.fields.keys(), ...fixedFields.keys(), ...this.vocabulary.keyNames]
  }
}

/** Fields that every event has, whatever its mapping. */
export const fixedFields: ReadonlyMap<string, FieldKind> = new Map<string, FieldKind>([
  ['key', 'text'], ['user', 'text'], ['time', 'time'], ['type', 'text'], ['source', 'text'], ['topic', 'text'], ['partition', 'number'], ['offset', 'number'],
  ['id', 'text'], ['subject', 'text'], ['correlationid', 'text'], ['causationid', 'text'],
])

/** The patterns of a step, one by one. */
export function patternsOf(step: Step): readonly EventPattern[] {
  return step.pattern.kind === 'event' ? [step.pattern] : step.pattern.kind === 'either' ? step.pattern.alternatives : step.pattern.parts
}

function labelsOf(step: Step): string[] {
  return [step.label, ...patternsOf(step).map(({ label }) => label)].filter((label) => label !== undefined)
}

function error(message: string, span: Span): Problem {
  return { severity: 'error', message, span }
}

function warning(message: string, span: Span): Problem {
  return { severity: 'warning', message, span }
}

const backticked = (name: string): string => `\`${name}\``
const quoted = (name: string): string => `"${name}"`

function unknown(message: string, span: Span, suggestion: string | undefined, written: (name: string) => string = (name) => name): Problem {
  return { severity: 'error', message, span, ...(suggestion === undefined ? {} : { suggestion: written(suggestion) }) }
}
