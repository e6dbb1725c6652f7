import type { PathQuestion } from '../../../shared/model/discovery.ts'
import { rows, type DuckDBConnection } from '../store/database.ts'
import { allEvents } from '../store/read-events.ts'

/**
 * The type that most users begin with, or end with: where paths begin when nobody says it. Undefined where there are no events.
 *
 * @param only which events count, as a condition on `e` of our own making
 * @param hidden codes of types that are left out
 */
export async function commonestEnd(connection: DuckDBConnection, only: string, direction: PathQuestion['direction'], hidden: readonly number[]): Promise<string | undefined> {
  const pick = direction === 'from' ? 'arg_min' : 'arg_max'
  const shown = hidden.length === 0 ? '' : ` AND e.type NOT IN (${hidden.join(', ')})`
  // a fixed choice between equal times: the answer is the same however often it is asked for
  const ends = `SELECT ${pick}(e.type, (epoch_us(e.time), -e.type)) AS code FROM ${allEvents} e WHERE ${only} AND e.key IS NOT NULL${shown} GROUP BY e.key`
  const [found] = await rows(connection, `SELECT t.type FROM (${ends}) ends JOIN types t ON t.code = ends.code GROUP BY t.type ORDER BY count(*) DESC, t.type LIMIT 1`)
  return found?.['type'] as string | undefined
}
