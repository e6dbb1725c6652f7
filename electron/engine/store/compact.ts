import { row, transaction, type Database } from './database.ts'
import { commitMany } from './hidden-until-commit.ts'

/**
 * The order of events inside one key (DESIGN section 4): time, then the CloudEvents sequence inside one origin, then the
 * position. Non-CloudEvents have neither origin nor sequence and go straight to the position.
 */
export const eventOrder = 'time, origin NULLS FIRST, sequence NULLS FIRST, source, partition, "offset"'

/** {@link eventOrder} where no event has a sequence: less to compare. */
export const positionOrder = 'time, source, partition, "offset"'

/** Rows of a DuckDB row group. A run of exactly this many is written once; a smaller rest would be written again and again. */
export const rowGroupRows = 122_880

/** So long a run waits for a moment in which nobody reads: no longer than its commit takes without one. */
const patienceMs = 300

/**
 * Moves events from `recent` into `events` as one run ordered by (key, time), in one transaction: the oldest `limit` of
 * them in order of arrival, or all.
 *
 * A run is the unit that keeps timelines fast: inside it a key's events lie side by side, so reading a user touches one
 * or two vectors of wide columns a run instead of one for each event. An index on the key would cost 1.8 to 2.9 times the
 * ingest and give less.
 */
export async function compact(database: Database, limit?: number): Promise<void> {
  const { writer } = database
  const move = async (): Promise<void> => {
    const { last } = await row(writer, `SELECT max(rowid) AS last FROM (SELECT rowid FROM recent ${limit === undefined ? '' : `LIMIT ${limit}`})`)
    if (typeof last !== 'bigint') return
    await writer.run(`INSERT INTO events SELECT * FROM recent WHERE rowid <= ${last} ORDER BY key, ${eventOrder}`)
    await writer.run(`DELETE FROM recent WHERE rowid <= ${last}`)
  }
  await transaction(writer, move, () => commitMany(database, writer, ['events'], patienceMs))
}
