/** How a SQL engine writes what this compiler needs. Names and texts come from people: nothing of them is ever left unquoted. */
export interface Dialect {
  /** As it is called in messages. */
  readonly name: string
  readonly identifier: (name: string) => string
  readonly literal: (text: string) => string
}

/** Texts are standard SQL everywhere; a NUL would end a statement early in some engines. */
function literal(text: string): string {
  return `'${text.replaceAll('\0', '').replaceAll("'", "''")}'`
}

export const flink: Dialect = { name: 'Flink SQL', identifier: (name) => `\`${name.replaceAll('`', '``')}\``, literal }

export const duckdb: Dialect = { name: 'DuckDB', identifier: (name) => `"${name.replaceAll('"', '""')}"`, literal }

/** A comment of one line, whatever is in it. */
export function comment(text: string): string {
  return `-- ${text.replaceAll(/[\u0000-\u001f\u007f\u0085\u2028\u2029]+/gu, ' ')}`
}
