/** One row of a bench's table. */
export type Figure = Readonly<Record<string, number | string>>

/** Prints figures as a table with aligned columns; numbers with thousands separators. */
export function printTable(figures: readonly Figure[]): void {
  const names = [...new Set(figures.flatMap((figure) => Object.keys(figure)))]
  const text = (value: number | string | undefined): string => (typeof value === 'number' ? value.toLocaleString('en-US') : (value ?? ''))
  const widths = names.map((name) => Math.max(name.length, ...figures.map((figure) => text(figure[name]).length)))
  const line = (cells: readonly string[], right: (index: number) => boolean): string => cells.map((cell, index) => (right(index) ? cell.padStart(widths[index] ?? 0) : cell.padEnd(widths[index] ?? 0))).join('  ')
  process.stdout.write(`${line(names, (index) => index > 0)}\n`)
  for (const figure of figures) process.stdout.write(`${line(names.map((name) => text(figure[name])), (index) => index > 0)}\n`)
}
