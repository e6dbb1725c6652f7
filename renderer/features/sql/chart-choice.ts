import type { CellKind } from '../../analysis/cells.ts'

/** A column as far as a chart needs to know it. */
export interface ChartColumn {
  readonly name: string
  readonly kind: CellKind
}

/** What a result is drawn as: one column along, up to six numbers up. */
export interface ChartChoice {
  readonly shape: 'line' | 'bar' | 'scatter'
  readonly x: string
  readonly ys: readonly string[]
}

const isNumber = ({ kind }: ChartColumn): boolean => kind === 'integer' || kind === 'number'

/**
 * The chart that suits a result: lines over time, bars over names, points where all is numbers. Undefined where there
 * is no number to draw.
 */
export function chooseChart(columns: readonly ChartColumn[]): ChartChoice | undefined {
  const numbers = columns.filter(isNumber)
  const along = columns.find(({ kind }) => kind === 'time') ?? columns.find(({ kind }) => kind === 'text' || kind === 'boolean')
  if (along !== undefined && numbers.length > 0) return { shape: along.kind === 'time' ? 'line' : 'bar', x: along.name, ys: numbers.slice(0, 6).map(({ name }) => name) }
  const [first, ...rest] = numbers
  return first === undefined || rest.length === 0 ? undefined : { shape: 'scatter', x: first.name, ys: rest.slice(0, 1).map(({ name }) => name) }
}
