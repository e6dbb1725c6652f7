import type { CstNode, IToken } from 'chevrotain'
import { parseDuration } from './duration.ts'
import { buildExpression, fieldPath, nodes, only, span, tokensOf, unquote } from './build-expression.ts'
import type { Problem } from './problem.ts'
import type { Absence, Behavior, Clause, Duration, EventPattern, Expression, KeyField, LabelRef, Pattern, PopulationBody, Reaction, Recurrence, Return, SequenceBody, Step, TypeGlob, Until } from './syntax.ts'

/** What building takes from, and adds to. Comments are taken in order; what is left belongs below. */
export interface Taken {
  readonly comments: { readonly start: number; readonly text: string }[]
  readonly text: string
  readonly problems: Problem[]
}

/** The syntax tree of one behavior out of the parser's. @throws Error when a part is missing that the grammar asks for */
export function buildBehavior(node: CstNode, taken: Taken): Behavior {
  const place = span(node)
  const comments = takeComments(taken, place.start)
  const nameToken = tokensOf(node, 'Text')[0]
  if (nameToken === undefined) throw new Error('a behavior without a name')
  const [population] = nodes(node, 'populationBody')
  const body = population === undefined ? buildSequence(only(node, 'sequenceBody'), taken) : buildPopulation(population)
  const hasEnding = node.children.reactions !== undefined || nodes(node, 'sequenceBody').some(({ children }) => children.ending !== undefined)
  const react = nodes(node, 'reactions').flatMap((reactions) => nodes(reactions, 'reaction').map(buildReaction))
  const rest = takeComments(taken, endOfLine(taken.text, place.end))
  return { name: unquote(nameToken.image), comments: hasEnding ? comments : [...comments, ...rest], body, endComments: hasEnding ? rest : [], react, span: place, nameSpan: span(nameToken) }
}

function buildPopulation(node: CstNode): PopulationBody {
  const base = tokensOf(node, 'Text')[0]
  if (base === undefined) throw new Error('no base')
  return { kind: 'population', base: unquote(base.image), baseSpan: span(base), atLeast: count(only(node, 'atLeast')), of: keyField(only(node, 'fieldPath')), within: duration(tokensOf(node, 'Duration')[0]) }
}

function buildSequence(node: CstNode, taken: Taken): SequenceBody {
  const by = nodes(node, 'fieldPath').map(keyField)
  const firstNode = only(node, 'firstStep')
  const clauses: Clause[] = [buildStep(firstNode, taken, commentsOf(firstNode, taken))]
  for (const clause of nodes(node, 'clause')) clauses.push(buildClause(clause, taken))
  const endings = nodes(node, 'ending')
  const one = <T>(rule: string, what: string, build: (node: CstNode) => T): T | undefined => {
    const found = endings.flatMap((ending) => nodes(ending, rule))
    for (const extra of found.slice(1)) taken.problems.push({ severity: 'error', message: `\`${what}\` is said twice`, span: span(extra) })
    return found[0] === undefined ? undefined : build(found[0])
  }
  return {
    kind: 'sequence',
    by,
    within: optionalDuration(nodes(node, 'within')[0]),
    session: tokensOf(node, 'session').length === 0 ? undefined : duration(tokensOf(node, 'Duration')[0]),
    clauses,
    match: one('matchMode', 'match', (mode) => (tokensOf(mode, 'every').length > 0 ? 'every' : tokensOf(mode, 'longest').length > 0 ? 'longest' : 'first')) ?? 'first',
    skip: one('skipMode', 'skip', (mode) => (tokensOf(mode, 'overlap').length > 0 ? 'overlap' : 'past last')) ?? 'past last',
    every: one('recurrence', 'every', buildRecurrence),
    returns: one('returns', 'return', buildReturns) ?? [],
  }
}

function buildRecurrence(node: CstNode): Recurrence {
  const [period, tolerance] = tokensOf(node, 'Duration')
  return { period: duration(period), tolerance: tolerance === undefined ? { micros: 0, text: '0s' } : duration(tolerance), atLeast: count(only(node, 'atLeast')), span: span(node) }
}

function buildReturns(node: CstNode): Return[] {
  const names = tokensOf(node, 'AnyName')
  return nodes(node, 'expression').map((expression, index) => {
    const name = names[index]
    if (name === undefined) throw new Error('a return without a name')
    return { expression: buildExpression(expression), name: nameOf(name), span: { start: span(expression).start, end: span(name).end } }
  })
}

function buildReaction(node: CstNode): Reaction {
  const place = span(node)
  const [target] = nodes(node, 'eventType')
  if (target === undefined) return { kind: 'notify', span: place }
  const { text } = typeGlob(target)
  return tokensOf(node, 'webhook').length > 0 ? { kind: 'webhook', name: text, span: place } : { kind: 'publish', topic: text, span: place }
}

function buildClause(node: CstNode, taken: Taken): Clause {
  const comments = commentsOf(node, taken)
  const [step] = nodes(node, 'thenStep')
  if (step !== undefined) return buildStep(step, taken, comments)
  const [absence] = nodes(node, 'absence')
  return absence === undefined ? buildUntil(only(node, 'until'), comments) : buildAbsence(absence, taken, comments)
}

function buildStep(node: CstNode, taken: Taken, comments: readonly string[]): Step {
  const patternNode = only(node, 'stepPattern')
  const label = labelOf(patternNode)
  const where = once(node, 'where', 'where', taken)
  const timesNode = once(node, 'times', 'times', taken)
  return {
    kind: 'step',
    comments,
    label: label?.label,
    labelSpan: label?.span,
    optional: tokensOf(node, 'optional').length > 0,
    contiguity: tokensOf(node, 'next').length > 0 ? 'next' : tokensOf(node, 'any').length > 0 ? 'any' : 'skip till next',
    pattern: buildPattern(patternNode),
    where: where === undefined ? undefined : buildExpression(only(where, 'expression')),
    times: timesNode === undefined ? { min: 1, max: 1 } : buildTimes(timesNode),
    within: optionalDuration(once(node, 'within', 'within', taken)),
    after: optionalDuration(once(node, 'after', 'after', taken)),
    same: nodes(node, 'same').flatMap((same) => nodes(same, 'fieldPath').map(keyField)),
    different: nodes(node, 'different').flatMap((different) => nodes(different, 'fieldPath').map(keyField)),
    span: span(node),
  }
}

function buildPattern(node: CstNode): Pattern {
  const [either] = nodes(node, 'either')
  if (either !== undefined) return { kind: 'either', alternatives: nodes(either, 'labeledPattern').map(buildLabeled), span: span(either) }
  const [anyOrder] = nodes(node, 'anyOrder')
  if (anyOrder !== undefined) return { kind: 'any order', parts: nodes(anyOrder, 'labeledPattern').map(buildLabeled), span: span(anyOrder) }
  const types = only(node, 'eventTypes')
  return { kind: 'event', label: undefined, labelSpan: undefined, types: nodes(types, 'eventType').map(typeGlob), where: undefined, span: span(types) }
}

function buildLabeled(node: CstNode): EventPattern {
  const label = labelOf(node)
  const pattern = only(node, 'eventPattern')
  const [where] = nodes(pattern, 'where')
  return { ...eventPattern(pattern, where), label: label?.label, labelSpan: label?.span }
}

function eventPattern(node: CstNode, where: CstNode | undefined): EventPattern {
  return { kind: 'event', label: undefined, labelSpan: undefined, types: nodes(only(node, 'eventTypes'), 'eventType').map(typeGlob), where: where === undefined ? undefined : buildWhere(where), span: span(node) }
}

function buildWhere(node: CstNode): Expression {
  return buildExpression(only(node, 'expression'))
}

function buildAbsence(node: CstNode, taken: Taken, comments: readonly string[]): Absence {
  const pattern = eventPattern(node, once(node, 'where', 'where', taken))
  const between = once(node, 'between', 'between', taken)
  const forAfter = once(node, 'forAfter', 'for', taken)
  if (between !== undefined && forAfter !== undefined) taken.problems.push({ severity: 'error', message: 'an absence is either `between` two steps or `for` a time after one', span: span(forAfter) })
  if (between !== undefined) {
    const [from, to] = tokensOf(between, 'AnyName').map(labelRef)
    if (from === undefined || to === undefined) throw new Error('between without two labels')
    return { kind: 'without', comments, pattern, scope: { kind: 'between', from, to }, span: span(node) }
  }
  if (forAfter === undefined) return { kind: 'without', comments, pattern, scope: { kind: 'here' }, span: span(node) }
  const [after] = tokensOf(forAfter, 'AnyName').map(labelRef)
  return { kind: 'without', comments, pattern, scope: { kind: 'for', duration: duration(tokensOf(forAfter, 'Duration')[0]), after }, span: span(node) }
}

function buildUntil(node: CstNode, comments: readonly string[]): Until {
  const pattern = only(node, 'eventPattern')
  return { kind: 'until', comments, pattern: eventPattern(pattern, nodes(pattern, 'where')[0]), span: span(node) }
}

function buildTimes(node: CstNode): Step['times'] {
  const [atLeast] = nodes(node, 'atLeast')
  if (atLeast !== undefined) return { min: count(atLeast), max: undefined }
  const [min, max] = tokensOf(node, 'Number').map(({ image }) => Number(image))
  if (min === undefined) throw new Error('times without a number')
  return { min, max: max ?? min }
}

function count(node: CstNode): number {
  return Number(tokensOf(node, 'Number')[0]?.image)
}

function typeGlob(node: CstNode): TypeGlob {
  const place = span(node)
  const [quoted] = tokensOf(node, 'Text')
  if (quoted !== undefined) return { text: unquote(quoted.image), quoted: true, span: place }
  const parts = [...nodes(node, 'typePart').flatMap((part) => Object.values(part.children).flat()), ...Object.entries(node.children).flatMap(([name, children]) => (name === 'typePart' ? [] : (children ?? [])))] as IToken[]
  const text = parts.sort((a, b) => a.startOffset - b.startOffset).map(({ image }) => (image.startsWith('`') ? unquote(image) : image)).join('')
  return { text, quoted: false, span: place }
}

function labelOf(node: CstNode): LabelRef | undefined {
  const [label] = nodes(node, 'label')
  const [name] = label === undefined ? [] : tokensOf(label, 'AnyName')
  return name === undefined ? undefined : labelRef(name)
}

function labelRef(token: IToken): LabelRef {
  return { label: nameOf(token), span: span(token) }
}

function nameOf({ image }: IToken): string {
  return image.startsWith('`') ? unquote(image) : image
}

function keyField(node: CstNode): KeyField {
  return { path: fieldPath(node), span: span(node) }
}

function duration(token: IToken | undefined): Duration {
  const read = token === undefined ? undefined : parseDuration(token.image)
  if (read === undefined) throw new Error('no duration')
  return read
}

function optionalDuration(node: CstNode | undefined): Duration | undefined {
  return node === undefined ? undefined : duration(tokensOf(node, 'Duration')[0])
}

function once(node: CstNode, rule: string, what: string, taken: Taken): CstNode | undefined {
  const found = nodes(node, rule)
  for (const extra of found.slice(1)) taken.problems.push({ severity: 'error', message: `\`${what}\` is said twice of one step`, span: span(extra) })
  return found[0]
}

/** The comments above a clause, in it, and behind it in its last line. */
function commentsOf(clause: CstNode, taken: Taken): string[] {
  return takeComments(taken, endOfLine(taken.text, span(clause).end))
}

/** The comments that begin before `end` and belong to nothing yet. */
function takeComments(taken: Taken, end: number): string[] {
  const before = taken.comments.filter(({ start }) => start < end)
  taken.comments.splice(0, before.length)
  return before.map(({ text }) => text)
}

function endOfLine(text: string, offset: number): number {
  const end = text.indexOf('\n', offset)
  return end === -1 ? text.length : end
}

