import { splitField } from '../check-expression.ts'
import type { BinaryOperator, Expression } from '../syntax.ts'
import type { Dialect } from './dialect.ts'
import type { EventColumn } from './fields.ts'

/** SQL with what its values are. */
export interface Typed {
  readonly sql: string
  readonly kind: 'text' | 'number' | 'boolean' | 'null'
}

/** What an expression speaks of, where it stands. */
export interface Scope {
  readonly dialect: Dialect
  /** Labels that mean a step, and no field. */
  readonly labels: readonly string[]
  column(field: string): EventColumn
  /** A column of the event at hand, or of the step with a label; undefined where that step has no event. */
  read(label: string | undefined, column: string): string | undefined
}

const nothing: Typed = { sql: 'CAST(NULL AS BOOLEAN)', kind: 'null' }

/** An expression in SQL, null-safe as SEMANTICS.md rules 23 and 24 say. */
export function toSql(expression: Expression, scope: Scope): Typed {
  switch (expression.kind) {
    case 'number':
      return { sql: doubleLiteral(expression.value), kind: 'number' }
    case 'string':
      return { sql: scope.dialect.literal(expression.value), kind: 'text' }
    case 'boolean':
      return { sql: expression.value ? 'TRUE' : 'FALSE', kind: 'boolean' }
    case 'null':
      return nothing
    case 'duration':
      return { sql: `CAST(${expression.value.micros} AS BIGINT)`, kind: 'number' }
    case 'field':
      return fieldSql(expression.path, scope)
    case 'not':
      return { sql: `(NOT ${truth(toSql(expression.operand, scope))})`, kind: 'boolean' }
    case 'negative': {
      const { sql, kind } = toSql(expression.operand, scope)
      return kind === 'number' ? { sql: `(- ${sql})`, kind } : nothing
    }
    case 'like': {
      const { sql, kind } = toSql(expression.operand, scope)
      return kind === 'text' ? { sql: `(${sql} ${expression.negated ? 'NOT ' : ''}LIKE ${globLiteral(expression.pattern, scope.dialect)})`, kind: 'boolean' } : nothing
    }
    case 'in':
      return inSql(expression, scope)
    case 'binary':
      return binarySql(expression.operator, toSql(expression.left, scope), toSql(expression.right, scope), [expression.left, expression.right])
  }
}

/** Whether an expression holds: never null (rule 23: only true fits). */
export function holds(expression: Expression | undefined, scope: Scope): string | undefined {
  return expression === undefined ? undefined : `(${truth(toSql(expression, scope))} IS TRUE)`
}

/** The pattern of LIKE for a glob, with its escape. */
export function globLiteral(glob: string, { literal }: Dialect): string {
  return `${literal(glob.replaceAll(/[%_!]/gu, '!$&').replaceAll('*', '%'))} ESCAPE '!'`
}

/** Equality of a field of two events; null where one is null. */
export function sameField(field: string, label: string | undefined, scope: Scope): string {
  const { name } = scope.column(field)
  return `${scope.read(undefined, name)} = ${scope.read(label, name)}`
}

function truth({ sql, kind }: Typed): string {
  return kind === 'boolean' ? sql : nothing.sql
}

/** An exponent makes it a double in every engine. */
function doubleLiteral(value: number): string {
  const text = String(value)
  return text.includes('e') ? text.replace('e+', 'e') : `${text}e0`
}

function fieldSql(path: string, scope: Scope): Typed {
  const { label, field } = splitField(path, scope.labels)
  const { name, type } = scope.column(field)
  const sql = scope.read(label, name)
  if (sql === undefined) return nothing
  if (type === 'text' || type === 'boolean') return { sql, kind: type }
  // numbers are doubles; times stay whole microseconds
  return { sql: type === 'integer' ? `CAST(${sql} AS DOUBLE)` : sql, kind: 'number' }
}

function inSql({ operand, values, negated }: Extract<Expression, { kind: 'in' }>, scope: Scope): Typed {
  const { sql, kind } = toSql(operand, scope)
  if (kind === 'null') return nothing
  const among = values.map((value) => {
    const one = toSql(value, scope)
    if (one.kind === kind) return `${sql} = ${one.sql}`
    return one.kind === 'null' ? nothing.sql : `(CASE WHEN ${one.sql} IS NOT NULL THEN FALSE END)`
  })
  return { sql: `(CASE WHEN ${sql} IS NOT NULL THEN ${negated ? 'NOT ' : ''}(${among.join(' OR ')}) END)`, kind: 'boolean' }
}

const comparisons: Readonly<Partial<Record<BinaryOperator, string>>> = { '==': '=', '!=': '<>', '<': '<', '<=': '<=', '>': '>', '>=': '>=' }

function binarySql(operator: BinaryOperator, left: Typed, right: Typed, written: readonly Expression[]): Typed {
  if (operator === 'and' || operator === 'or') return { sql: `(${truth(left)} ${operator.toUpperCase()} ${truth(right)})`, kind: 'boolean' }
  const comparison = comparisons[operator]
  if (operator === '==' || operator === '!=') {
    // written as null, not found to be null
    const asked = written[1]?.kind === 'null' ? left : written[0]?.kind === 'null' ? right : undefined
    if (asked !== undefined) return { sql: `(${asked.sql} IS ${operator === '==' ? '' : 'NOT '}NULL)`, kind: 'boolean' }
    return left.kind === right.kind && left.kind !== 'null' ? { sql: `(${left.sql} ${comparison} ${right.sql})`, kind: 'boolean' } : nothing
  }
  if (comparison !== undefined) return left.kind === right.kind && (left.kind === 'number' || left.kind === 'text') ? { sql: `(${left.sql} ${comparison} ${right.sql})`, kind: 'boolean' } : nothing
  if (left.kind !== 'number' || right.kind !== 'number') return nothing
  if (operator === '/') return { sql: `(CAST(${left.sql} AS DOUBLE) / NULLIF(CAST(${right.sql} AS DOUBLE), 0e0))`, kind: 'number' }
  return { sql: `(${left.sql} ${operator} ${right.sql})`, kind: 'number' }
}
