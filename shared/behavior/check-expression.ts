import { nearest } from './nearest.ts'
import type { Problem } from './problem.ts'
import type { Expression } from './syntax.ts'

/** What the values of a field are; `any` where that is not known. */
export type FieldKind = 'text' | 'number' | 'boolean' | 'time' | 'duration' | 'any'

/** What an expression may speak of where it stands. */
export interface Scope {
  readonly labels: readonly string[]
  /** Labels that are bound only later, which is worth another sentence. */
  readonly laterLabels: readonly string[]
  /** Undefined for a field that no event has. */
  kindOf(path: string): FieldKind | undefined
  names(): readonly string[]
}

/** Names that do not exist, steps that are not there yet, and comparisons that can never be true. */
export function checkExpression(expression: Expression, scope: Scope): readonly Problem[] {
  const problems: Problem[] = []
  kindOfExpression(expression, scope, problems)
  return problems
}

/** A field as an expression names it: of the step with that label, or of the event at hand. */
export function splitField(path: string, labels: readonly string[]): { readonly label: string | undefined; readonly field: string } {
  const dot = path.indexOf('.')
  const head = dot === -1 ? path : path.slice(0, dot)
  return dot !== -1 && labels.includes(head) ? { label: head, field: path.slice(dot + 1) } : { label: undefined, field: path }
}

function kindOfExpression(expression: Expression, scope: Scope, problems: Problem[]): FieldKind {
  const kind = (part: Expression): FieldKind => kindOfExpression(part, scope, problems)
  switch (expression.kind) {
    case 'number':
      return 'number'
    case 'string':
      return 'text'
    case 'boolean':
      return 'boolean'
    case 'null':
      return 'any'
    case 'duration':
      return 'duration'
    case 'field':
      return kindOfField(expression, scope, problems)
    case 'not':
      expect(kind(expression.operand), ['boolean'], '`not` needs something that is true or false', expression, problems)
      return 'boolean'
    case 'negative':
      return kind(expression.operand)
    case 'like':
      expect(kind(expression.operand), ['text'], 'only texts are `like` a pattern', expression, problems)
      return 'boolean'
    case 'in': {
      const operand = kind(expression.operand)
      for (const value of expression.values) {
        compare(operand, kind(value), value, problems)
        if (value.kind === 'null') problems.push({ severity: 'warning', message: expression.negated ? '`not in` a list with null is never true: ask `!= null` beside it' : 'null in a list is equal to nothing: ask `== null` beside it', span: value.span })
      }
      return 'boolean'
    }
    case 'binary':
      return kindOfBinary(expression, kind(expression.left), kind(expression.right), problems)
  }
}

function kindOfBinary(expression: Extract<Expression, { kind: 'binary' }>, left: FieldKind, right: FieldKind, problems: Problem[]): FieldKind {
  switch (expression.operator) {
    case 'and':
    case 'or':
      expect(left, ['boolean'], `\`${expression.operator}\` joins what is true or false`, expression.left, problems)
      expect(right, ['boolean'], `\`${expression.operator}\` joins what is true or false`, expression.right, problems)
      return 'boolean'
    case '==':
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=':
      compare(left, right, expression, problems)
      if (left === 'boolean' && right === 'boolean' && expression.operator !== '==' && expression.operator !== '!=') problems.push({ severity: 'warning', message: 'what is true or false is neither less nor more: this is never true', span: expression.span })
      return 'boolean'
    case '-':
    case '+':
      if (left === 'time' && right === 'time' && expression.operator === '-') return 'duration'
      if (left === 'time' || right === 'time') return 'time'
      if (left === 'duration' || right === 'duration') return 'duration'
      return arithmetic(expression, left, right, problems)
    case '*':
    case '/':
      if (left === 'duration' && right === 'duration' && expression.operator === '/') return 'number'
      if (left === 'duration' || right === 'duration') return 'duration'
      return arithmetic(expression, left, right, problems)
  }
}

function arithmetic(expression: Extract<Expression, { kind: 'binary' }>, left: FieldKind, right: FieldKind, problems: Problem[]): FieldKind {
  expect(left, ['number'], `\`${expression.operator}\` needs numbers`, expression.left, problems)
  expect(right, ['number'], `\`${expression.operator}\` needs numbers`, expression.right, problems)
  return 'number'
}

function kindOfField(expression: Extract<Expression, { kind: 'field' }>, scope: Scope, problems: Problem[]): FieldKind {
  const { path, span } = expression
  const early = splitField(path, scope.laterLabels)
  if (early.label !== undefined) {
    problems.push({ severity: 'error', message: `${early.label} comes later: nothing is known of it here`, span })
    return 'any'
  }
  const { field } = splitField(path, scope.labels)
  const kind = scope.kindOf(field)
  if (kind !== undefined) return kind
  const suggestion = nearest(field, scope.names()) ?? mistypedLabel(field, scope)
  problems.push({ severity: 'error', message: `no field \`${field}\` in this workspace`, span, ...(suggestion === undefined ? {} : { suggestion: `\`${suggestion}\`` }) })
  return 'any'
}

/** `aded.price` where a step is labeled added. */
function mistypedLabel(path: string, scope: Scope): string | undefined {
  const { 0: head = '', 1: rest } = /^([^.]*)\.(.+)$/.exec(path)?.slice(1) ?? []
  const label = rest === undefined || scope.kindOf(rest) === undefined ? undefined : nearest(head, scope.labels)
  return label === undefined ? undefined : `${label}.${rest ?? ''}`
}

function compare(left: FieldKind, right: FieldKind, at: Expression, problems: Problem[]): void {
  if (left === 'any' || right === 'any' || left === right) return
  problems.push({ severity: 'warning', message: `${article(left)} is never equal to, more or less than ${article(right)}: this is never true`, span: at.span })
}

function expect(kind: FieldKind, wanted: readonly FieldKind[], message: string, at: Expression, problems: Problem[]): void {
  if (kind !== 'any' && !wanted.includes(kind)) problems.push({ severity: 'error', message: `${message}, this is ${article(kind)}`, span: at.span })
}

function article(kind: FieldKind): string {
  return kind === 'any' ? 'anything' : `a ${kind}`
}
