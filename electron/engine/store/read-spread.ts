import { rows, type DuckDBConnection } from './database.ts'
import { allEvents } from './read-events.ts'
import type { StoredField } from './read-columns.ts'

/** About how many different values each field has, by path. */
export async function readSpread(connection: DuckDBConnection, fields: readonly StoredField[]): Promise<ReadonlyMap<string, number>> {
  if (fields.length === 0) return new Map()
  const [counted] = await rows(connection, `SELECT ${fields.map(({ column }, index) => `approx_count_distinct(${column}) AS n${index}`).join(', ')} FROM ${allEvents} e`)
  return new Map(fields.map(({ path }, index) => [path, Number(counted?.[`n${index}`] ?? 0)]))
}
