import { rows, transaction, type DuckDBConnection } from './database.ts'
import type { StoredSource } from './sources.ts'

/** A file that was imported, or is being imported, as one partition of a source. */
export interface Import {
  readonly source: number
  readonly partition: number
  readonly file: string
  readonly complete: boolean
  /** Epoch milliseconds. */
  readonly startedAt: number
}

/** Imports of a file's content, by its SHA-256, into any source. */
export async function findImports(connection: DuckDBConnection, sha256: string): Promise<readonly Import[]> {
  const found = await rows(connection, 'SELECT source, partition, file, complete, epoch_ms(started_at) AS started FROM imports WHERE sha256 = $1 ORDER BY started_at', [sha256])
  return found.map((row) => ({ source: row.source as number, partition: row.partition as number, file: row.file as string, complete: row.complete as boolean, startedAt: Number(row.started) }))
}

/** Notes that a file is being imported, as the source's next partition. */
export async function beginImport(connection: DuckDBConnection, source: StoredSource, file: string, sha256: string, bytes: number): Promise<number> {
  return transaction(connection, async () => {
    const [last] = await rows(connection, 'SELECT max(partition) AS last FROM imports WHERE source = $1', [source.code])
    const partition = last?.last === null || last?.last === undefined ? 0 : (last.last as number) + 1
    await connection.run('INSERT INTO imports VALUES ($1, $2, $3, $4, $5, false, now()::TIMESTAMP)', [source.code, partition, file, sha256, BigInt(bytes)])
    return partition
  })
}

/** Notes that every row of a file is stored. */
export async function completeImport(connection: DuckDBConnection, source: StoredSource, partition: number): Promise<void> {
  await connection.run('UPDATE imports SET complete = true WHERE source = $1 AND partition = $2', [source.code, partition])
}
