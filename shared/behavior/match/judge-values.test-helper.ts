import type { BinaryOperator, Expression } from '../syntax.ts'
import type { Value } from './columns.ts'

/** The value of an expression (SEMANTICS.md rules 23 and 24), as the judge sees it: no columns, no compiling. */
export function evaluatePlainly(expression: Expression, field: (path: string) => Value): Value {
  const value = (part: Expression): Value => evaluatePlainly(part, field)
  switch (expression.kind) {
    case 'number':
    case 'string':
    case 'boolean':
      return expression.value
    case 'null':
      return null
    case 'duration':
      return expression.value.micros
    case 'field':
      return field(expression.path)
    case 'not':
      return not(value(expression.operand))
    case 'negative': {
      const operand = value(expression.operand)
      return typeof operand === 'number' ? -operand : null
    }
    case 'like': {
      const operand = value(expression.operand)
      const is = typeof operand === 'string' ? hasGlob(expression.pattern, operand) : null
      return expression.negated ? not(is) : is
    }
    case 'in': {
      const operand = value(expression.operand)
      const is = expression.values.map((one) => equals(operand, value(one))).reduce((left, right) => or(left, right), false)
      return expression.negated ? not(is) : is
    }
    case 'binary':
      return binary(expression.operator, expression.left, expression.right, value)
  }
}

function binary(operator: BinaryOperator, leftPart: Expression, rightPart: Expression, value: (part: Expression) => Value): Value {
  const left = value(leftPart)
  const right = value(rightPart)
  const asksForNull = leftPart.kind === 'null' || rightPart.kind === 'null'
  switch (operator) {
    case 'and':
      return not(or(not(left), not(right)))
    case 'or':
      return or(left, right)
    case '==':
      return asksForNull ? left === right : equals(left, right)
    case '!=':
      return asksForNull ? left !== right : not(equals(left, right))
    case '<':
      return less(left, right)
    case '>':
      return less(right, left)
    case '<=':
      return not(less(right, left))
    case '>=':
      return not(less(left, right))
    default:
      return typeof left === 'number' && typeof right === 'number' ? calculate(operator, left, right) : null
  }
}

function calculate(operator: '+' | '-' | '*' | '/', left: number, right: number): number | null {
  if (operator === '+') return left + right
  if (operator === '-') return left - right
  if (operator === '*') return left * right
  return right === 0 ? null : left / right
}

/** Null where one is null, or where they are of different kinds. */
export function equals(left: Value, right: Value): boolean | null {
  return left === null || right === null || typeof left !== typeof right ? null : left === right
}

/** Truth is not ordered. */
function less(left: Value, right: Value): boolean | null {
  return left === null || right === null || typeof left !== typeof right || typeof left === 'boolean' ? null : left < right
}

function not(value: Value): boolean | null {
  return typeof value === 'boolean' ? !value : null
}

/** Three-valued; what is neither true nor false is not known. */
function or(left: Value, right: Value): boolean | null {
  if (left === true || right === true) return true
  return left === false && right === false ? false : null
}

/** A text that a glob stands for, by trying everything. */
export function hasGlob(glob: string, text: string): boolean {
  if (glob === '') return text === ''
  if (glob.startsWith('*')) return hasGlob(glob.slice(1), text) || (text !== '' && hasGlob(glob, text.slice(1)))
  return text !== '' && glob[0] === text[0] && hasGlob(glob.slice(1), text.slice(1))
}
