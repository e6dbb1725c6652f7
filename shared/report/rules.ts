import type { Behavior, Expression } from '../behavior/syntax.ts'

/** What a behavior means where its text says nothing: the rules that change what is counted, in sentences. */
export function rulesOf({ body }: Behavior): readonly string[] {
  if (body.kind === 'population') return [`Confirmed matches of "${body.base}" are looked at in the order of their ends; one counts for each ${body.of.path}.`, 'After a match the search goes on behind it.']
  return [
    `One sequence for each ${body.by.map(({ path }) => path).join(' and ')}; events without a value for it take part in none.`,
    'A step takes the earliest later event that fits; what lies between is skipped.',
    body.match === 'every' ? 'From each start, every way to match counts.' : body.match === 'longest' ? 'From each start, the match with the most events counts.' : 'The earliest start wins, with its first match.',
    body.skip === 'overlap' ? 'Matches may overlap: the search goes on behind the first event of a match.' : 'Matches do not overlap: the search goes on behind the last event of a match.',
    'Times given by “within” are inclusive.',
    ...(body.clauses.some(({ kind }) => kind === 'without') ? ['What must not come is certain when the watermark has passed its time; until then a match is pending.'] : []),
  ]
}

/** The names of the returned values that are durations, in microseconds. */
export function durationReturns({ body }: Behavior): ReadonlySet<string> {
  return new Set(body.kind === 'sequence' ? body.returns.filter(({ expression }) => isDuration(expression)).map(({ name }) => name) : [])
}

/** The fields that each returned value is made of, by its name: `removed.price` reads `price`, or a field of that whole name. */
export function returnFields({ body }: Behavior): ReadonlyMap<string, readonly string[]> {
  return new Map(body.kind === 'sequence' ? body.returns.map(({ name, expression }) => [name, fieldsOf(expression).flatMap((path) => [path, path.slice(path.indexOf('.') + 1)])]) : [])
}

function fieldsOf(expression: Expression): readonly string[] {
  switch (expression.kind) {
    case 'field':
      return [expression.path]
    case 'not':
    case 'negative':
    case 'like':
      return fieldsOf(expression.operand)
    case 'binary':
      return [...fieldsOf(expression.left), ...fieldsOf(expression.right)]
    case 'in':
      return [...fieldsOf(expression.operand), ...expression.values.flatMap(fieldsOf)]
    default:
      return []
  }
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
