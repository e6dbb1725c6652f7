/** What a spreadsheet would take for a formula, or for the beginning of one (OWASP, "CSV Injection"); some skip spaces and what has no shape in front of it. */
const formula = /^[\s\p{C}]*[=+\-@|%＝＋－＠]|^[\t\r\n]/u
/** What needs quotes, also where a spreadsheet is set to another separator. */
const special = /[",;\t\r\n\u0000]/

/**
 * One row of CSV (RFC 4180). A text that a spreadsheet would run gets a `'` in front; numbers stay numbers, also negative
 * ones. Null is an empty cell, an empty text a quoted one.
 */
export function csvRow(cells: readonly (string | number | bigint | boolean | null)[]): string {
  return `${cells.map(cell).join(',')}\r\n`
}

function cell(value: string | number | bigint | boolean | null): string {
  if (value === null) return ''
  if (typeof value !== 'string') return String(value)
  if (value === '') return '""'
  const text = formula.test(value) ? `'${value}` : value
  // readers disagree about NUL; as a visible sign it is harmless in all of them
  return special.test(text) ? `"${text.replaceAll('"', '""').replaceAll('\0', '␀')}"` : text
}
