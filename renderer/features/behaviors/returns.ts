import type { Behavior, Expression } from '../../../shared/behavior/syntax.ts'

/** The names of the returned values that are durations. */
export function durationReturns({ body }: Behavior): ReadonlySet<string> {
  return new Set(body.kind === 'sequence' ? body.returns.filter(({ expression }) => isDuration(expression)).map(({ name }) => name) : [])
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
