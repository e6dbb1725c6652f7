import { AppError } from '../../../shared/errors.ts'
import { Mapping } from '../../../shared/model/mapping.ts'
import { PayloadFormat, SourceKind, type Source } from '../../../shared/model/source.ts'
import { StoredConnection } from '../../../shared/model/connection.ts'
import { identifier, rows, transaction, type DuckDBConnection } from './database.ts'
import { attributeColumn, columnTypes } from './mapping-sql.ts'

/** A source with its code in the store. */
export interface StoredSource extends Source {
  readonly code: number
}

/** Every source of the workspace, oldest first. */
export async function loadSources(connection: DuckDBConnection): Promise<readonly StoredSource[]> {
  const found = await rows(connection, 'SELECT code, name, kind, topic, format, mapping, connection, lateness_ms FROM sources ORDER BY code')
  return found.map((row) => ({
    code: row.code as number,
    name: row.name as string,
    kind: SourceKind.parse(row.kind),
    topic: row.topic as string,
    format: PayloadFormat.parse(row.format),
    mapping: Mapping.parse(JSON.parse(row.mapping as string)),
    latenessMs: Number(row.lateness_ms),
    ...(row.connection === null ? {} : { connection: StoredConnection.parse(JSON.parse(row.connection as string)) }),
  }))
}

/** Adds a source, with columns for its attributes, and gives it the next code. */
export async function addSource(connection: DuckDBConnection, source: Source): Promise<StoredSource> {
  return transaction(connection, async () => {
    const known = await loadSources(connection)
    if (known.some(({ name }) => name === source.name)) throw new AppError('CONFLICT', `The workspace already has a source named ${source.name}.`)
    const code = known.length
    await addAttributeColumns(connection, source.mapping)
    await connection.run('INSERT INTO sources VALUES ($1, $2, $3, $4, $5, $6, $7, $8, now()::TIMESTAMP)', [
      code, source.name, source.kind, source.topic, source.format, JSON.stringify(source.mapping),
      source.connection === undefined ? null : JSON.stringify(source.connection), BigInt(source.latenessMs),
    ])
    return { ...source, code }
  })
}

/** Replaces what a source's row says, as part of the caller's transaction; the caller re-decodes its history where the mapping changed. */
export async function updateSource(connection: DuckDBConnection, source: StoredSource): Promise<void> {
  await addAttributeColumns(connection, source.mapping)
  await connection.run('UPDATE sources SET format = $2, mapping = $3, connection = $4, lateness_ms = $5 WHERE code = $1', [
    source.code, source.format, JSON.stringify(source.mapping), source.connection === undefined ? null : JSON.stringify(source.connection), BigInt(source.latenessMs),
  ])
}

/**
 * Makes sure that every attribute of a mapping has its column. Sources share columns by name, so that one behavior can
 * run over several topics.
 *
 * @throws AppError BAD_MAPPING when another source uses the name with another type, or two attributes have one name
 */
async function addAttributeColumns(connection: DuckDBConnection, mapping: Mapping): Promise<void> {
  const known = new Map((await rows(connection, 'SELECT name, type FROM attributes')).map((row) => [row.name as string, row.type as string]))
  const taken = new Set<string>()
  for (const { name, type } of mapping.attributes) {
    const column = attributeColumn(name)
    if (taken.has(column)) throw new AppError('BAD_MAPPING', `Two attributes have the name ${name}.`, { hint: 'Give one of them another name; names that differ only in case are the same.' })
    taken.add(column)
    const knownType = known.get(column)
    if (knownType === type) continue
    if (knownType !== undefined) {
      throw new AppError('BAD_MAPPING', `The attribute ${name} is ${knownType} in this workspace already; here it would be ${type}.`, { hint: `Give it the type ${knownType}, or another name.` })
    }
    for (const table of ['recent', 'events']) await connection.run(`ALTER TABLE ${table} ADD COLUMN ${identifier(column)} ${columnTypes[type]}`)
    await connection.run('INSERT INTO attributes VALUES ($1, $2)', [column, type])
    known.set(column, type)
  }
}
