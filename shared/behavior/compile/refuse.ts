import { AppError } from '../../errors.ts'
import { lineAndColumn } from '../problem.ts'
import type { Span } from '../syntax.ts'

/** Says no to a clause that a target cannot say, by where it stands in the text. */
export type Refuse = (span: Span, why: string, hint?: string) => AppError

/** The refusals of a text: `4:8: "then any b": Flink SQL …`. */
export function refusals(text: string, target: string): Refuse {
  return (span, why, hint) => {
    const { line, column } = lineAndColumn(text, span.start)
    const [clause = ''] = text.slice(span.start, span.end).split('\n')
    return new AppError('BAD_REQUEST', `${line}:${column}: ${JSON.stringify(clause.trim())}: ${target} ${why}`, { hint: hint ?? '`undercurrent detect` finds it.' })
  }
}
