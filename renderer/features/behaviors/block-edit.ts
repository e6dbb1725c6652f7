import { parseBehaviors } from '../../../shared/behavior/parse.ts'
import { printClause, printExpression } from '../../../shared/behavior/print.ts'
import type { Clause, Expression, SequenceBody, Span, TypeGlob } from '../../../shared/behavior/syntax.ts'
import { typeText } from './language.ts'

const nowhere: Span = { start: 0, end: 0 }

/** The text with one clause written anew. What stands around it, comments included, stays. */
export function replaceClause(text: string, body: SequenceBody, clause: Clause, changed: Clause): string {
  const isFirst = body.clauses.find(({ kind }) => kind === 'step') === clause
  // comments above a clause are not part of it
  return `${text.slice(0, clause.span.start)}${printClause({ ...changed, comments: [] }, isFirst).trim()}${text.slice(clause.span.end)}`
}

/** The text without a clause, and without its line where nothing else stands there. */
export function removeClause(text: string, clause: Clause): string {
  const lineStart = text.lastIndexOf('\n', clause.span.start - 1)
  const before = text.slice(lineStart + 1, clause.span.start).trim() === '' ? lineStart : clause.span.start
  return text.slice(0, Math.max(0, before)) + text.slice(clause.span.end)
}

/** The text with a clause behind another. */
export function insertAfter(text: string, clause: Clause, written: string): string {
  return `${text.slice(0, clause.span.end)}\n  ${written}${text.slice(clause.span.end)}`
}

/** The condition that a text says; undefined when it is empty, the message when it says none. */
export function parseCondition(text: string): { readonly condition: Expression | undefined } | { readonly problem: string } {
  if (text.trim() === '') return { condition: undefined }
  const { file, problems } = parseBehaviors(`sequence "s" by k\n  a where ${text}`)
  const [problem] = problems
  if (problem !== undefined) return { problem: problem.message }
  const body = file.behaviors[0]?.body
  const [step] = body?.kind === 'sequence' ? body.clauses : []
  return step?.kind === 'step' && body?.kind === 'sequence' && body.clauses.length === 1 ? { condition: step.where } : { problem: 'this is more than a condition' }
}

/** A condition as its block shows it. */
export function conditionText(condition: Expression | undefined): string {
  return condition === undefined ? '' : printExpression(condition)
}

/** Types as their block shows them, and back. */
export function toGlobs(types: readonly string[]): readonly TypeGlob[] {
  return types.map((type) => ({ text: type, quoted: !type.includes('*') && typeText(type) !== type, span: nowhere }))
}
