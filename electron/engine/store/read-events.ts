import { AppError } from '../../../shared/errors.ts'
import { attributeField, eventColumns } from '../../../shared/model/event-columns.ts'
import type { EventFilter } from '../../../shared/model/event-filter.ts'
import type { Attribute } from '../../../shared/model/mapping.ts'
import { toArrow } from './arrow.ts'
import { eventOrder } from './compact.ts'
import { identifier, rows, type Database, type DuckDBConnection, type DuckDBValue } from './database.ts'

/** All events, wherever they lie. */
export const allEvents = '(FROM events UNION ALL BY NAME FROM recent)'

/**
 * A user's events in order, as Arrow. The key's code is looked up first, so that the scan compares integers and skips
 * every row group whose range of keys does not hold it.
 */
export async function* readTimeline(database: Database, query: { readonly key: string; readonly from?: bigint | undefined; readonly to?: bigint | undefined; readonly limit?: number | undefined; readonly columns?: readonly string[] | undefined }, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  yield* readStream(database, signal, async (connection) => {
    const [found] = await rows(connection, 'SELECT code FROM keys WHERE key = $1', [query.key])
    const where = new Conditions()
    // no such key: a code that no event has gives the columns and no rows
    where.add(`e.key = ${(found?.code as number | undefined) ?? -1}`)
    where.addTimes(query.from, query.to)
    return { sql: `${await selectEvents(connection, where, query.columns)} ORDER BY ${prefixed(eventOrder)}${query.limit === undefined ? '' : ` LIMIT ${query.limit}`}`, values: where.values }
  })
}

/** Events by filter in order of time, newest first where asked, as Arrow. */
export async function* readSlice(database: Database, query: { readonly filter: EventFilter; readonly limit: number; readonly newest: boolean; readonly columns?: readonly string[] | undefined }, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  yield* readStream(database, signal, async (connection) => {
    const where = filterConditions(query.filter)
    if (query.newest && query.limit <= fewRows) await narrowToNewest(connection, where, query.limit)
    const order = query.newest ? 'e.time DESC, e.source DESC, e.partition DESC, e."offset" DESC' : prefixed(eventOrder)
    return { sql: `${await selectEvents(connection, where, query.columns)} ORDER BY ${order} LIMIT ${query.limit}`, values: where.values }
  })
}

/** Up to so many rows it pays to look for their times first. */
const fewRows = 100_000

/**
 * Narrows conditions to the times of the newest rows that fit them. Times alone are found in a tenth of a second among ten
 * million events; sorting whole rows would unpack every payload on the way.
 */
async function narrowToNewest(connection: DuckDBConnection, where: Conditions, limit: number): Promise<void> {
  const [oldest] = await rows(connection, `SELECT epoch_us(min(time)) AS time FROM (SELECT e.time FROM ${allEvents} e ${where.sql} ORDER BY e.time DESC LIMIT ${limit})`, where.values)
  if (typeof oldest?.time === 'bigint') where.addTimes(oldest.time, undefined)
}

/** How many events of each type fall into each bucket of time, as Arrow. */
export async function* readVolume(database: Database, query: { readonly filter: EventFilter; readonly resolution: bigint }, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  yield* readStream(database, signal, () => {
    const where = filterConditions(query.filter)
    const bucket = `make_timestamp((epoch_us(e.time) // ${query.resolution} - CASE WHEN epoch_us(e.time) % ${query.resolution} < 0 THEN 1 ELSE 0 END) * ${query.resolution})`
    return Promise.resolve({
      sql: `SELECT bucket, t.type, events FROM (SELECT ${bucket} AS bucket, e.type AS code, count(*) AS events FROM ${allEvents} e ${where.sql} GROUP BY ALL)
        JOIN types t USING (code) ORDER BY bucket, t.type`,
      values: where.values,
    })
  })
}

/** Where the columns of every event come from. */
const eventValues: Record<(typeof eventColumns)[number], string> = {
  source: 's.name', topic: 's.topic', partition: 'e.partition', offset: 'e."offset"', time: 'e.time', broker_time: 'e.broker_time', type: 't.type',
  key: 'k.key', late: 'e.late', id: 'e.id', correlationid: 'e.correlationid', causationid: 'e.causationid', payload: 'coalesce(e.data, try(decode(e.payload)))',
}

/** Attributes of the workspace with their columns. */
export async function loadAttributes(connection: DuckDBConnection): Promise<readonly { readonly column: string; readonly type: Attribute['type'] }[]> {
  return (await rows(connection, 'SELECT name, type FROM attributes')).map((row) => ({ column: row.name as string, type: row.type as Attribute['type'] }))
}

/** Runs a query on a snapshot of its own and hands its rows over as Arrow; cancelling interrupts it. */
export async function* readStream(database: Database, signal: AbortSignal, plan: (connection: DuckDBConnection) => Promise<{ readonly sql: string; readonly values: readonly DuckDBValue[] }>): AsyncGenerator<Uint8Array> {
  const reader = await database.openSnapshot(signal)
  try {
    const { sql, values } = await plan(reader.connection)
    yield* toArrow(await reader.connection.stream(sql, [...values]))
  } catch (error) {
    throw reader.explain(error)
  } finally {
    await reader.close()
  }
}

/** The columns of the event streams (shared/contract/streams.ts), or those of them that are wanted. */
async function selectEvents(connection: DuckDBConnection, where: Conditions, wanted?: readonly string[]): Promise<string> {
  const attributes = (await loadAttributes(connection)).map(({ column }) => ({ name: column.slice(2), field: attributeField(column.slice(2)), value: `e.${identifier(column)}` }))
  const columns = [...eventColumns.map((name) => ({ name, field: name, value: eventValues[name] })), ...attributes].filter(({ name }) => wanted === undefined || wanted.includes(name))
  if (columns.length === 0) throw new AppError('BAD_REQUEST', 'A slice needs at least one column that events have.')
  return `SELECT ${columns.map(({ field, value }) => `${value} AS ${identifier(field)}`).join(', ')}
    FROM ${allEvents} e LEFT JOIN sources s ON s.code = e.source LEFT JOIN types t ON t.code = e.type LEFT JOIN keys k ON k.code = e.key ${where.sql}`
}

/** An order of events whose columns stand behind the alias `e`. */
export function prefixed(order: string): string {
  return order.split(', ').map((column) => `e.${column}`).join(', ')
}

/** What a filter means for events under the alias `e`. */
export function filterConditions(filter: EventFilter): Conditions {
  const where = new Conditions()
  where.addTimes(filter.from, filter.to)
  if (filter.sources !== undefined) where.addIn('e.source', 'SELECT code FROM sources WHERE name', filter.sources)
  if (filter.types !== undefined) where.addIn('e.type', 'SELECT code FROM types WHERE type', filter.types)
  if (filter.keys !== undefined) where.addIn('e.key', 'SELECT code FROM keys WHERE key', filter.keys)
  if (filter.text !== undefined && filter.text !== '') where.addText(filter.text)
  return where
}

/** Conditions of a query, with their values bound, never written into the text. */
class Conditions {
  readonly values: DuckDBValue[] = []
  private readonly parts: string[] = []

  get sql(): string {
    return this.parts.length === 0 ? '' : `WHERE ${this.parts.join(' AND ')}`
  }

  add(part: string): void {
    this.parts.push(part)
  }

  addTimes(from: bigint | undefined, to: bigint | undefined): void {
    if (from !== undefined) this.add(`e.time >= make_timestamp(${from})`)
    if (to !== undefined) this.add(`e.time < make_timestamp(${to})`)
  }

  addIn(column: string, select: string, texts: readonly string[]): void {
    if (texts.length === 0) { this.add('false'); return; }
    this.add(`${column} IN (${select} IN (${texts.map((text) => this.bind(text)).join(', ')}))`)
  }

  addText(text: string): void {
    const bound = this.bind(text)
    const inside = (value: string): string => `contains(lower(${value}), lower(${bound}))`
    this.add(`(e.key IN (SELECT code FROM keys WHERE ${inside('key')}) OR e.type IN (SELECT code FROM types WHERE ${inside('type')})
      OR ${inside("coalesce(e.headers, '')")} OR ${inside("coalesce(e.data, try(decode(e.payload)), '')")})`)
  }

  addKeyText(text: string): void {
    this.add(`e.key IN (SELECT code FROM keys WHERE contains(lower(key), lower(${this.bind(text)})))`)
  }

  private bind(value: string): string {
    this.values.push(value)
    return `$${this.values.length}`
  }
}
