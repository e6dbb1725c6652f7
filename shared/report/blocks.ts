import type { ReportFigure } from './figures.ts'

/** A cell of a table, as a text for people. */
export type Cell = string

/** A column of a table; numbers stand to the right. */
export interface Column {
  readonly name: string
  readonly isNumber?: boolean
}

/** A table with a name by which it is found again. Marked rows stand out. */
export interface Table {
  readonly kind: 'table'
  readonly name: string
  readonly columns: readonly Column[]
  readonly rows: readonly (readonly Cell[])[]
  readonly marked?: ReadonlySet<number>
  /** The codes of the event types that rows are of, which are colored as in the chart beside it. */
  readonly types?: readonly number[]
  /** What a chart beside it says already: it need not be open. */
  readonly isFolded?: boolean
}

/** A piece of a report, before it becomes HTML or Markdown. All texts are for people: cut, visible, and not escaped yet. */
export type Block =
  | { readonly kind: 'heading'; readonly level: 2 | 3 | 4; readonly text: string }
  | { readonly kind: 'text'; readonly text: string; readonly tone?: 'lead' | 'small' }
  | { readonly kind: 'notes'; readonly text: string }
  | { readonly kind: 'numbers'; readonly items: readonly { readonly name: string; readonly value: string }[] }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | Table
  | { readonly kind: 'figure'; readonly figure: ReportFigure; readonly legend?: readonly ('confirmed' | 'pending' | 'users')[] }
  /** Where a behavior begins. */
  | { readonly kind: 'behavior'; readonly name: string }

export const heading = (level: 2 | 3 | 4, text: string): Block => ({ kind: 'heading', level, text })
export const text = (value: string, tone?: 'lead' | 'small'): Block => ({ kind: 'text', text: value, ...(tone === undefined ? {} : { tone }) })
