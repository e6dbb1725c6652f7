import { patternsOf } from '../../../shared/behavior/check.ts'
import { splitField } from '../../../shared/behavior/check-expression.ts'
import { globTest } from '../../../shared/behavior/glob.ts'
import { fieldsOf } from '../../../shared/behavior/expressions.ts'
import type { Behavior, Expression, SequenceBody } from '../../../shared/behavior/syntax.ts'
import { AppError } from '../../../shared/errors.ts'
import type { ColumnRequest, StoredField } from '../store/read-columns.ts'

/** What the store must read for a pattern: the fields of its keys, the types that it names, the fields that it compares. */
export function columnsFor(behavior: Behavior, body: SequenceBody, known: ReadonlyMap<string, StoredField>, keyNames: readonly string[], types: readonly string[]): ColumnRequest {
  const labels = body.clauses.flatMap((clause) => (clause.kind === 'step' ? [clause.label, ...patternsOf(clause).map(({ label }) => label)] : [])).filter((label) => label !== undefined)
  const find = (path: string): StoredField => {
    const found = known.get(path) ?? (keyNames.includes(path) ? known.get('key') : undefined)
    if (found === undefined) throw new AppError('BAD_REQUEST', `"${behavior.name}": no field ${path} in this workspace.`, { hint: 'Add it to the mapping of its source as an attribute, or see what is there with `undercurrent stats`.' })
    return { ...found, path }
  }
  const expressions = expressionsOf(body)
  const paths = new Set(expressions.flatMap(fieldsOf).map((path) => splitField(path, labels).field))
  for (const clause of body.clauses) if (clause.kind === 'step') for (const { path } of [...clause.same, ...clause.different]) paths.add(path)
  paths.delete('time')
  paths.delete('type')
  const asked = [...paths].map(find)
  // whoever compares the key needs its text, and then it is read as a text wherever it is used
  const asText = (field: StoredField): StoredField => (field.type === 'key' && paths.has(field.path) ? { path: field.path, column: '(SELECT k.key FROM keys k WHERE k.code = e.key)', type: 'text' } : field)
  return { by: body.by.map(({ path }) => asText(find(path))), fields: asked.map(asText), types: typesFor(body, types) }
}

/** The types that can matter; all of them where the neighbours of an event do. */
function typesFor(body: SequenceBody, types: readonly string[]): readonly string[] | undefined {
  if (body.session !== undefined || body.clauses.some((clause) => clause.kind === 'step' && clause.contiguity === 'next')) return undefined
  const globs = body.clauses.flatMap((clause) => (clause.kind === 'step' ? patternsOf(clause) : [clause.pattern])).flatMap((pattern) => pattern.types)
  const tests = globs.map(({ text, quoted }) => (quoted ? (type: string) => type === text : globTest(text)))
  return types.filter((type) => tests.some((test) => test(type)))
}

function expressionsOf(body: SequenceBody): readonly Expression[] {
  const wheres = body.clauses.flatMap((clause) => (clause.kind === 'step' ? [clause.where, ...patternsOf(clause).map(({ where }) => where)] : [clause.pattern.where]))
  return [...wheres, ...body.returns.map(({ expression }) => expression)].filter((expression) => expression !== undefined)
}
