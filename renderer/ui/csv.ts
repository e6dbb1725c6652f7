/** What a spreadsheet would take for a formula, or for the beginning of one (OWASP, "CSV Injection"). */
const formula = /^[=+\-@\t\r]/
const special = /[",\r\n]/

/**
 * One line of CSV (RFC 4180). A text that a spreadsheet would run gets a `'` in front; numbers stay numbers, also
 * negative ones.
 */
export function csvLine(cells: readonly unknown[]): string {
  return `${cells.map(cell).join(',')}\r\n`
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return String(value)
  if (typeof value !== 'string') return quote(JSON.stringify(value))
  return quote(formula.test(value) ? `'${value}` : value)
}

function quote(text: string): string {
  return special.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
