import type { Database, DuckDBConnection } from './database.ts'

/**
 * Statements for behind an `INSERT INTO table SELECT`, in its transaction: no reader sees the rows before the transaction
 * has ended. The table has a column `partition`.
 *
 * DuckDB (1.5.6 and before) makes the rows of such a statement without the id of its transaction where they are a row group
 * or more, and moves them over whole (`PhysicalBatchInsert`, `LocalStorage::Flush`). While the transaction is written to
 * the log and committed, everyone sees them, older snapshots too, and beside them what it has deleted. A transaction that
 * has deleted a row of its own has its rows appended one by one instead, which hides them.
 */
export function hiddenUntilCommit(table: string): string {
  return `INSERT INTO ${table} SELECT * REPLACE (-1 AS partition) FROM ${table} LIMIT 1; DELETE FROM ${table} WHERE partition = -1;`
}

/**
 * Commits a transaction that has inserted much into some tables so that no reader sees it before. Where nobody reads the
 * rows can be moved over whole, which takes half the time and memory of {@link hiddenUntilCommit}: it is worth waiting
 * `patienceMs` for such a moment.
 */
export async function commitMany(database: Database, connection: DuckDBConnection, tables: readonly string[], patienceMs: number): Promise<void> {
  if (await database.whileUnread(() => connection.run('COMMIT'), patienceMs)) return
  await connection.run(`${tables.map(hiddenUntilCommit).join('')} COMMIT`)
}
