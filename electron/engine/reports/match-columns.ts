import type { Treatment } from '../../../shared/report/privacy.ts'
import { treatmentUnder, type Rules, type ValueOrigins } from '../../../shared/report/protect.ts'
import { rows, type DuckDBConnection } from '../store/database.ts'
import { jsonPath } from './queries.ts'

/** A value of a match as a column of its own: a field of its key, or a value that it returns. */
export interface MatchColumn {
  readonly name: string
  readonly from: 'key' | 'returns'
  readonly field: string
  readonly type: 'BIGINT' | 'DOUBLE' | 'BOOLEAN' | 'VARCHAR'
  readonly treatment: Treatment
}

/** Columns that every match has. */
const fixed = ['behavior', 'state', 'until', 'start', 'end', 'tied', 'steps']

/** The columns of a run's matches, of the types that their values have. */
export async function matchColumns(connection: DuckDBConnection, run: number, keys: readonly string[], returns: readonly string[], rules: Rules, origins: ValueOrigins): Promise<readonly MatchColumn[]> {
  const fields = [...keys.map((field) => ({ from: 'key' as const, field })), ...returns.map((field) => ({ from: 'returns' as const, field }))]
  const taken = new Set(fixed)
  const columns: MatchColumn[] = []
  for (const { from, field } of fields) {
    const treatment = treatmentUnder(rules, field, ...(from === 'returns' ? (origins.returns.get(field) ?? []) : []))
    const found = await rows(connection, `SELECT DISTINCT json_type(${from}, $1) AS type FROM matches WHERE run = ${run}`, [jsonPath(field)])
    const name = freeName(taken, field, from)
    columns.push({ name, from, field, treatment, type: treatment === 'plain' ? typeOf(found.map(({ type }) => type as string | null)) : 'VARCHAR' })
  }
  return columns
}

function typeOf(types: readonly (string | null)[]): MatchColumn['type'] {
  const known = types.filter((type) => type !== null && type !== 'NULL')
  const are = (...allowed: readonly string[]): boolean => known.length > 0 && known.every((type) => allowed.includes(type ?? ''))
  if (are('BIGINT', 'UBIGINT')) return 'BIGINT'
  if (are('BIGINT', 'UBIGINT', 'HUGEINT', 'DOUBLE')) return 'DOUBLE'
  return are('BOOLEAN') ? 'BOOLEAN' : 'VARCHAR'
}

/** Names of columns differ by more than case. */
function freeName(taken: Set<string>, field: string, from: string): string {
  let name = field
  for (let number = 1; taken.has(name.toLowerCase()); number++) name = `${from}_${field}${number === 1 ? '' : `_${number}`}`
  taken.add(name.toLowerCase())
  return name
}
