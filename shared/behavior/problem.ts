import type { Span } from './syntax.ts'

/** What is wrong with a behavior, or what its writer should know, with where it stands. */
export interface Problem {
  readonly severity: 'error' | 'warning'
  /** What was found and what was expected, in a sentence. */
  readonly message: string
  readonly span: Span
  /** What it should probably be, where that can be told. */
  readonly suggestion?: string
}

/** Where an offset stands, as people count: from 1. Columns are UTF-16 units. */
export function lineAndColumn(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset)
  const line = before.split('\n').length
  return { line, column: offset - (before.lastIndexOf('\n') + 1) + 1 }
}

/** `3:14: there is no event type …`, as compilers write it. */
export function describeProblem(text: string, { message, span, suggestion }: Problem): string {
  const { line, column } = lineAndColumn(text, span.start)
  return `${line}:${column}: ${message}${suggestion === undefined ? '' : `; did you mean ${suggestion}?`}`
}
