import { AppError } from '../../../shared/errors.ts'
import { row, rows, transaction, type DuckDBConnection } from './database.ts'

/**
 * The columns that every event has, in the order of the tables `recent` and `events`. Attributes follow as columns of
 * their own. Codes stand for texts that repeat: keys and types have dictionaries, decoder is its place in
 * `shared/model/decoder.ts`.
 */
export const eventColumns = `
  source USMALLINT NOT NULL,
  partition INTEGER NOT NULL,
  "offset" BIGINT NOT NULL,
  time TIMESTAMP NOT NULL,
  broker_time TIMESTAMP NOT NULL,
  ingested_at TIMESTAMP NOT NULL,
  key INTEGER,
  type INTEGER NOT NULL,
  decoder UTINYINT NOT NULL,
  schema INTEGER,
  late BOOLEAN NOT NULL,
  id VARCHAR,
  subject VARCHAR,
  origin VARCHAR,
  sequence VARCHAR,
  correlationid VARCHAR,
  causationid VARCHAR,
  traceparent VARCHAR,
  dataschema VARCHAR,
  context VARCHAR,
  record_key BLOB,
  headers VARCHAR,
  payload BLOB,
  data VARCHAR`

/** Texts and bytes that are soon rewritten into a run are not worth compressing: it costs more than all the rest of the ingest. */
function uncompressed(columns: string): string {
  return columns.replaceAll(/ (VARCHAR|BLOB)\b/g, ' $1 USING COMPRESSION uncompressed')
}

/** The names of {@link eventColumns}. */
export const eventColumnNames: readonly string[] = eventColumns.split(',').map((column) => column.trim().split(' ')[0]?.replaceAll('"', '') ?? '')

/**
 * Every step the schema has taken, oldest first; a step is never changed once it is released.
 *
 * `recent` takes events as they arrive; `events` holds them in runs ordered by (key, time) (see compact.ts). `ranges`
 * are the offsets that have been read, `partitions` what each partition has given so far; both change in the
 * transaction that stores the events. A behavior's `matches` are those of its `run`; `covered` says which events they
 * were found in, and changes in the transaction that stores the matches.
 */
export const migrations: readonly string[] = [
  `CREATE TABLE sources (code USMALLINT NOT NULL, name VARCHAR NOT NULL, kind VARCHAR NOT NULL, topic VARCHAR NOT NULL,
     format VARCHAR NOT NULL, mapping VARCHAR NOT NULL, connection VARCHAR, lateness_ms BIGINT NOT NULL, created_at TIMESTAMP NOT NULL);
   CREATE TABLE keys (code INTEGER NOT NULL, key VARCHAR NOT NULL);
   CREATE TABLE types (code INTEGER NOT NULL, type VARCHAR NOT NULL);
   CREATE TABLE attributes (name VARCHAR NOT NULL, type VARCHAR NOT NULL);
   CREATE TABLE ranges (source USMALLINT NOT NULL, partition INTEGER NOT NULL, first_offset BIGINT NOT NULL, next_offset BIGINT NOT NULL);
   CREATE TABLE partitions (source USMALLINT NOT NULL, partition INTEGER NOT NULL, newest_time TIMESTAMP, events BIGINT NOT NULL,
     dead BIGINT NOT NULL, late BIGINT NOT NULL, bytes BIGINT NOT NULL);
   CREATE TABLE gaps (source USMALLINT NOT NULL, partition INTEGER NOT NULL, first_offset BIGINT NOT NULL, next_offset BIGINT NOT NULL,
     reason VARCHAR NOT NULL, noticed_at TIMESTAMP NOT NULL);
   CREATE TABLE imports (source USMALLINT NOT NULL, partition INTEGER NOT NULL, file VARCHAR NOT NULL, sha256 VARCHAR NOT NULL,
     bytes BIGINT NOT NULL, complete BOOLEAN NOT NULL, started_at TIMESTAMP NOT NULL);
   CREATE TABLE retentions (removed_before TIMESTAMP NOT NULL, events BIGINT NOT NULL, reason VARCHAR NOT NULL, removed_at TIMESTAMP NOT NULL);
   CREATE TABLE recent (${uncompressed(eventColumns)});
   CREATE TABLE events (${eventColumns.replace('payload BLOB', 'payload BLOB USING COMPRESSION zstd')});
   CREATE TABLE dead_letters (source USMALLINT NOT NULL, partition INTEGER NOT NULL, "offset" BIGINT NOT NULL, broker_time TIMESTAMP NOT NULL,
     ingested_at TIMESTAMP NOT NULL, reason VARCHAR NOT NULL, detail VARCHAR NOT NULL, schema INTEGER, record_key BLOB, headers VARCHAR, payload BLOB);`,
  `CREATE TABLE behaviors (name VARCHAR NOT NULL, version INTEGER NOT NULL, text VARCHAR NOT NULL, saved_at TIMESTAMP NOT NULL, run INTEGER,
     found_version INTEGER, covered VARCHAR, watermark TIMESTAMP, events BIGINT NOT NULL, open BIGINT NOT NULL, found_at TIMESTAMP, failure VARCHAR);
   CREATE TABLE matches (run INTEGER NOT NULL, id BIGINT NOT NULL, user VARCHAR, key VARCHAR NOT NULL, until TIMESTAMP, start TIMESTAMP NOT NULL,
     "end" TIMESTAMP NOT NULL, tied BOOLEAN NOT NULL, steps VARCHAR NOT NULL, returns VARCHAR NOT NULL);`,
]

/**
 * Brings the schema to this version, each step in a transaction of its own.
 *
 * @throws AppError WORKSPACE_NEWER when a newer version wrote the file.
 */
export async function migrate(connection: DuckDBConnection): Promise<void> {
  await connection.run('CREATE TABLE IF NOT EXISTS schema_steps (step INTEGER NOT NULL, taken_at TIMESTAMP NOT NULL)')
  const taken = Number((await row(connection, 'SELECT count(*) AS n FROM schema_steps')).n)
  if (taken > migrations.length) {
    throw new AppError('WORKSPACE_NEWER', `The workspace has schema version ${taken}; this version of Undercurrent knows ${migrations.length}.`, {
      hint: 'Update Undercurrent. Nothing was changed.',
    })
  }
  for (const [index, sql] of migrations.entries()) {
    if (index < taken) continue
    await transaction(connection, async () => {
      await connection.run(sql)
      await connection.run('INSERT INTO schema_steps VALUES ($1, now()::TIMESTAMP)', [index + 1])
    })
  }
}

/** The schema version of an open workspace. */
export async function schemaVersion(connection: DuckDBConnection): Promise<number> {
  return (await rows(connection, 'SELECT step FROM schema_steps')).length
}
