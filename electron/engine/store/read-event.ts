import type { CallOutput } from '../../../shared/contract/calls.ts'
import { AppError } from '../../../shared/errors.ts'
import { decoders } from '../../../shared/model/decoder.ts'
import { formatPosition, type Position } from '../../../shared/model/position.ts'
import { rows, identifier, type DuckDBConnection } from './database.ts'
import { headersFromText } from './incoming.ts'
import { attributeColumn } from './mapping-sql.ts'
import { allEvents } from './read-events.ts'
import type { StoredSource } from './sources.ts'

/** One event whole. @throws AppError NOT_FOUND when there is none at the position */
export async function readEvent(connection: DuckDBConnection, source: StoredSource, position: Position): Promise<CallOutput<'event.get'>> {
  const attributes = source.mapping.attributes
  // as dates of JavaScript they would lose their microseconds
  const times = attributes.filter(({ type }) => type === 'time').map(({ name }) => identifier(attributeColumn(name))).map((column) => `epoch_us(e.${column}) AS ${column}`)
  const [found] = await rows(
    connection,
    `SELECT e.* EXCLUDE (key, type) ${times.length === 0 ? '' : `REPLACE (${times.join(', ')})`}, epoch_us(e.time) AS time_us, epoch_us(broker_time) AS broker_us, epoch_us(ingested_at) AS ingested_us, k.key AS key, t.type AS type
     FROM ${allEvents} e LEFT JOIN keys k ON k.code = e.key LEFT JOIN types t ON t.code = e.type
     WHERE e.source = $1 AND e.partition = $2 AND e."offset" = $3`,
    [source.code, position.partition, position.offset],
  )
  if (found === undefined) throw new AppError('NOT_FOUND', `There is no event at ${formatPosition(position)}.`)
  const text = (name: string): string | undefined => (found[name] as string | null) ?? undefined
  const bytes = (name: string): Uint8Array | undefined => (found[name] === null ? undefined : new Uint8Array(found[name] as Uint8Array))
  const payload = bytes('payload')
  const data = text('data') ?? (payload === undefined ? undefined : Buffer.from(payload).toString('utf8'))
  return withoutUndefined({
    source: source.name,
    position,
    time: found.time_us,
    brokerTime: found.broker_us,
    ingestedAt: found.ingested_us,
    key: text('key'),
    type: found.type,
    decoder: decoders[found.decoder as number],
    schema: (found.schema) ?? undefined,
    late: found.late,
    id: text('id'),
    subject: text('subject'),
    origin: text('origin'),
    sequence: text('sequence'),
    correlationid: text('correlationid'),
    causationid: text('causationid'),
    traceparent: text('traceparent'),
    dataschema: text('dataschema'),
    context: text('context'),
    data,
    attributes: attributes.map(({ name, type, path }) => ({ name, type, path, value: found[attributeColumn(name)] })),
    raw: withoutUndefined({
      key: bytes('record_key'),
      headers: rawHeaders(text('headers')),
      payload,
    }),
  }) as CallOutput<'event.get'>
}

/** The events that an event names as its cause, that name it as theirs, or that share its correlation, oldest first. */
export async function readRelated(connection: DuckDBConnection, source: StoredSource, position: Position, limit: number): Promise<CallOutput<'event.related'>> {
  const found = await rows(
    connection,
    `WITH this AS (SELECT * FROM ${allEvents} WHERE source = $1 AND partition = $2 AND "offset" = $3), related AS (
       SELECT e.source, e.partition, e."offset", e.time, e.type, e.key,
         CASE WHEN e.id = this.causationid THEN 'cause' WHEN e.causationid = this.id THEN 'effect' ELSE 'correlated' END AS relation
       FROM ${allEvents} e, this
       WHERE (e.id = this.causationid OR e.causationid = this.id OR e.correlationid = this.correlationid)
         AND NOT (e.source = this.source AND e.partition = this.partition AND e."offset" = this."offset"))
     SELECT relation, s.name AS source, s.topic, r.partition, r."offset" AS ${identifier('offset')}, epoch_us(r.time) AS time, t.type, k.key
     FROM related r JOIN sources s ON s.code = r.source JOIN types t ON t.code = r.type LEFT JOIN keys k ON k.code = r.key
     ORDER BY r.time, s.topic, r.partition, r."offset" LIMIT ${limit}`,
    [source.code, position.partition, position.offset],
  )
  return found.map((row) => ({
    relation: row.relation as 'cause' | 'effect' | 'correlated',
    source: row.source as string,
    position: { topic: row.topic as string, partition: row.partition as number, offset: row.offset as bigint },
    time: row.time as bigint,
    type: row.type as string,
    ...(row.key === null ? {} : { key: row.key as string }),
  }))
}

/** Stored headers as they are sent over a port. */
export function rawHeaders(text: string | undefined): { name: string; value?: Uint8Array }[] {
  if (text === undefined) return []
  return headersFromText(text).map(({ name, value }) => (value === null ? { name } : { name, value: new Uint8Array(value) }))
}

function withoutUndefined(object: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined))
}
