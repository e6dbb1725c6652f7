import type { Behavior, Expression } from './syntax.ts'

/** Every field that an expression names. */
export function fieldsOf(expression: Expression): readonly string[] {
  switch (expression.kind) {
    case 'field':
      return [expression.path]
    case 'not':
    case 'negative':
    case 'like':
      return fieldsOf(expression.operand)
    case 'in':
      return [expression.operand, ...expression.values].flatMap(fieldsOf)
    case 'binary':
      return [...fieldsOf(expression.left), ...fieldsOf(expression.right)]
    default:
      return []
  }
}

/** The names of the returned values that are durations, in microseconds. */
export function durationReturns({ body }: Behavior): ReadonlySet<string> {
  return new Set(body.kind === 'sequence' ? body.returns.filter(({ expression }) => isDuration(expression)).map(({ name }) => name) : [])
}

/** The fields that each returned value is made of, by its name: `removed.price` reads `price`, or a field of that whole name. */
export function returnFields({ body }: Behavior): ReadonlyMap<string, readonly string[]> {
  return new Map(body.kind === 'sequence' ? body.returns.map(({ name, expression }) => [name, fieldsOf(expression).flatMap((path) => [path, path.slice(path.indexOf('.') + 1)])]) : [])
}

function isDuration(expression: Expression): boolean {
  if (expression.kind === 'duration') return true
  if (expression.kind === 'negative') return isDuration(expression.operand)
  if (expression.kind !== 'binary') return false
  const { operator, left, right } = expression
  if (operator === '-' && isTime(left) && isTime(right)) return true
  return (operator === '+' || operator === '-') && isDuration(left) && isDuration(right)
}

function isTime(expression: Expression): boolean {
  return expression.kind === 'field' && /(?:^|\.)time$/.test(expression.path)
}
