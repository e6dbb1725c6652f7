import type { Absence, Behavior, BehaviorFile, Clause, EventPattern, Expression, KeyField, Pattern, PopulationBody, Reaction, SequenceBody, Step, TypeGlob, Until } from './syntax.ts'
import { allTokens, lexer } from './tokens.ts'

/** A file of behaviors as text: one step a line. Reading what was printed gives the same tree, and printing that the same text. */
export function printBehaviors({ behaviors, comments }: BehaviorFile): string {
  return [...behaviors.map((behavior) => printBehavior(behavior)), ...(comments.length === 0 ? [] : [printComments(comments, '').join('\n')])].map((part) => `${part}\n`).join('\n')
}

/** One behavior as text, without a line break at its end. */
export function printBehavior({ name, comments, body, react, endComments }: Behavior): string {
  const { clauses, endings } = body.kind === 'population' ? { clauses: [`sequence ${quote(name)} ${printPopulation(body)}`], endings: [] } : printSequence(name, body)
  const last = [...endings, ...(react.length === 0 ? [] : [`react ${react.map(printReaction).join(', ')}`])]
  // where nothing ends it, a comment below would belong to the behavior behind it
  const [above, below] = last.length === 0 ? [[...comments, ...endComments], []] : [comments, endComments]
  return [...printComments(above, ''), ...clauses, ...printComments(below, ''), ...last].join('\n')
}

function printPopulation({ base, atLeast, of, within }: PopulationBody): string {
  return `from ${quote(base)} by at least ${atLeast} ${printPath(of.path)} in ${within.text}`
}

function printSequence(name: string, { by, within, session, clauses, match, skip, every, returns }: SequenceBody): { readonly clauses: readonly string[]; readonly endings: readonly string[] } {
  return {
    clauses: [
      [`sequence ${quote(name)} by ${printKeys(by)}`, within && `within ${within.text}`, session && `session ${session.text}`].filter(Boolean).join(' '),
      ...clauses.flatMap((clause, index) => [...printComments(clause.comments, '  '), `  ${printClause(clause, index === 0)}`]),
    ],
    endings: [
      ...(match === 'first' && skip === 'past last' ? [] : [[match === 'first' ? '' : `match ${match}`, skip === 'overlap' ? 'overlap' : ''].filter((part) => part !== '').join(' ')]),
      ...(every === undefined ? [] : [`every ${every.period.text}${every.tolerance.micros === 0 ? '' : ` ± ${every.tolerance.text}`} at least ${every.atLeast} times`]),
      ...(returns.length === 0 ? [] : [`return ${returns.map((one) => `${printExpression(one.expression)} as ${printName(one.name)}`).join(', ')}`]),
    ],
  }
}

/** One line of a sequence as text. */
export function printClause(clause: Clause, isFirst: boolean): string {
  if (clause.kind === 'step') return printStep(clause, isFirst)
  return clause.kind === 'without' ? printAbsence(clause) : printUntil(clause)
}

function printStep(step: Step, isFirst: boolean): string {
  const lead = isFirst ? '' : `${step.optional ? 'optional ' : ''}then ${step.contiguity === 'skip till next' ? '' : `${step.contiguity} `}`
  const { min, max } = step.times
  return [
    `${lead}${printLabel(step.label)}${printPattern(step.pattern)}`,
    step.where && `where ${printExpression(step.where)}`,
    min === 1 && max === 1 ? undefined : max === undefined ? `at least ${min} times` : min === max ? `${min} times` : `${min}..${max} times`,
    step.within && `within ${step.within.text}`,
    step.after && `after ${step.after.text}`,
    step.same.length > 0 && `same ${printKeys(step.same)}`,
    step.different.length > 0 && `different ${printKeys(step.different)}`,
  ]
    .filter(Boolean)
    .join(' ')
}

function printPattern(pattern: Pattern): string {
  switch (pattern.kind) {
    case 'event':
      return printEvent(pattern)
    case 'either':
      return `either ${pattern.alternatives.map((one) => `(${printLabel(one.label)}${printEvent(one)})`).join(' or ')}`
    case 'any order':
      return `any order (${pattern.parts.map((one) => `${printLabel(one.label)}${printEvent(one)}`).join('; ')})`
  }
}

function printEvent({ types, where }: EventPattern): string {
  return `${types.map(printType).join(', ')}${where === undefined ? '' : ` where ${printExpression(where)}`}`
}

function printAbsence({ pattern, scope }: Absence): string {
  const place = scope.kind === 'between' ? ` between ${printName(scope.from.label)} and ${printName(scope.to.label)}` : scope.kind === 'for' ? ` for ${scope.duration.text}${scope.after === undefined ? '' : ` after ${printName(scope.after.label)}`}` : ''
  return `without ${printEvent(pattern)}${place}`
}

function printUntil({ pattern }: Until): string {
  return `until ${printEvent(pattern)}`
}

function printReaction(reaction: Reaction): string {
  switch (reaction.kind) {
    case 'notify':
      return 'notify'
    case 'webhook':
      return `webhook ${printType({ text: reaction.name, quoted: false, span: reaction.span })}`
    case 'publish':
      return `publish ${printType({ text: reaction.topic, quoted: false, span: reaction.span })}`
  }
}

/** How tightly operators bind, the loosest first. */
const strength: Readonly<Record<string, number>> = { or: 1, and: 2, not: 3, '==': 4, '!=': 4, '<': 4, '<=': 4, '>': 4, '>=': 4, like: 4, in: 4, '+': 5, '-': 5, '*': 6, '/': 6, negative: 7 }

/** An expression as text, with the parentheses that it needs and no others. */
export function printExpression(expression: Expression, least = 0): string {
  switch (expression.kind) {
    case 'number':
      return expression.text
    case 'string':
      return quote(expression.value)
    case 'boolean':
      return String(expression.value)
    case 'null':
      return 'null'
    case 'duration':
      return expression.value.text
    case 'field':
      return printPath(expression.path)
    case 'not':
      return enclose(`not ${printExpression(expression.operand, 3)}`, 3, least)
    case 'negative':
      return enclose(`-${printExpression(expression.operand, 7)}`, 7, least)
    case 'like':
      return enclose(`${printExpression(expression.operand, 5)} ${expression.negated ? 'not ' : ''}like ${quote(expression.pattern)}`, 4, least)
    case 'in':
      return enclose(`${printExpression(expression.operand, 5)} ${expression.negated ? 'not ' : ''}in (${expression.values.map((value) => printExpression(value, 5)).join(', ')})`, 4, least)
    case 'binary': {
      const own = strength[expression.operator] ?? 0
      // comparisons do not chain: both their sides bind more tightly
      const left = printExpression(expression.left, own === 4 ? 5 : own)
      return enclose(`${left} ${expression.operator} ${printExpression(expression.right, own + 1)}`, own, least)
    }
  }
}

function enclose(text: string, own: number, least: number): string {
  return own < least ? `(${text})` : text
}

function printKeys(fields: readonly KeyField[]): string {
  return fields.map(({ path }) => printPath(path)).join(', ')
}

function printLabel(label: string | undefined): string {
  return label === undefined ? '' : `${printName(label)}: `
}

/** `a.b[0].c`, the names quoted that need it. */
function printPath(path: string): string {
  return path
    .split(/(\[\d+\])|\./)
    .filter((part) => part !== undefined && part !== '')
    .map((part, index) => (/^\[\d+\]$/.test(part) ? part : `${index === 0 ? '' : '.'}${printName(part)}`))
    .join('')
}

function printName(name: string): string {
  return isNameToken(name, 'AnyName') ? name : `\`${escape(name, '`')}\``
}

/** A type as it was written; a glob stays one, and a name that is no glob but looks like one stays quoted. */
function printType({ text, quoted }: TypeGlob): string {
  return quoted || !isPlainType(text) ? quote(text) : text
}

/** Whether a text is one token that the category takes. */
function isNameToken(text: string, category: string): boolean {
  const { tokens, errors } = lexer.tokenize(text)
  const [token] = tokens
  if (errors.length > 0 || tokens.length !== 1 || token?.image !== text || text.startsWith('`')) return false
  return token.tokenType.CATEGORIES?.some(({ name }) => name === category) === true
}

const typeTokens = new Set(allTokens.filter(({ name }) => ['Number', 'Duration', 'Star', 'Dot', 'Minus', 'Slash'].includes(name)))

function isPlainType(text: string): boolean {
  const { tokens, errors, groups } = lexer.tokenize(text)
  const [first] = tokens
  if (first === undefined || errors.length > 0 || (groups.comments?.length ?? 0) > 0 || /\s/.test(text) || text.includes('`')) return false
  const startsAsType = first.tokenType.CATEGORIES?.some(({ name }) => name === 'TypeStart') === true || ['Number', 'Duration', 'Star'].includes(first.tokenType.name)
  const isPart = ({ tokenType }: (typeof tokens)[number]): boolean => tokenType.CATEGORIES?.some(({ name }) => name === 'TypeStart') === true || typeTokens.has(tokenType)
  return startsAsType && tokens.every(isPart)
}

function quote(text: string): string {
  return `"${escape(text, '"')}"`
}

function escape(text: string, quoteSign: string): string {
  return text.replace(/[\\"`\n\t]/g, (character) => (character === '\n' ? '\\n' : character === '\t' ? '\\t' : character === '\\' || character === quoteSign ? `\\${character}` : character))
}

function printComments(comments: readonly string[], indent: string): string[] {
  return comments.map((comment) => `${indent}#${comment === '' ? '' : ` ${comment}`}`)
}
