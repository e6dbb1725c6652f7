import { formatDuration } from '../behavior/duration.ts'
import { printBehavior } from '../behavior/print.ts'
import type { Absence, Clause, Expression, Step } from '../behavior/syntax.ts'

const span = { start: 0, end: 0 }

/** A step of a behavior that is written for a finding: the earliest event of a type. Types are quoted, so that none is a glob. */
export function writtenStep(type: string, label?: string): Step {
  return {
    kind: 'step', comments: [], label, labelSpan: undefined, optional: false, contiguity: 'skip till next', where: undefined, times: { min: 1, max: 1 },
    within: undefined, after: undefined, same: [], different: [], span,
    pattern: { kind: 'event', label: undefined, labelSpan: undefined, types: [{ text: type, quoted: true, span }], where: undefined, span },
  }
}

/** Between the steps before and behind it, no event comes but those of some types. */
export function withoutOthers(types: readonly string[]): Absence {
  const values = types.map((value): Expression => ({ kind: 'string', value, span }))
  const where: Expression | undefined = values.length === 0 ? undefined : { kind: 'in', operand: { kind: 'field', path: 'type', span }, values, negated: true, span }
  return { kind: 'without', comments: [], pattern: { kind: 'event', label: undefined, labelSpan: undefined, types: [{ text: '*', quoted: false, span }], where, span }, scope: { kind: 'here' }, span }
}

/** A behavior in the language. `session`: microseconds. */
export function writtenBehavior(name: string, by: readonly string[], clauses: readonly Clause[], session?: number): string {
  const body = {
    kind: 'sequence', by: by.map((path) => ({ path, span })), within: undefined, session: session === undefined ? undefined : { micros: session, text: formatDuration(session) },
    clauses, match: 'first', skip: 'past last', every: undefined, returns: [],
  } as const
  return printBehavior({ name, comments: [], body, endComments: [], react: [], span, nameSpan: span }) + '\n'
}
