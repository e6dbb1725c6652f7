import type { AttributeType } from '../../../shared/model/mapping.ts'
import { readNumbers } from './arrow.ts'
import { eventOrder, positionOrder } from './compact.ts'
import { identifier, row, rows, type Database, type DuckDBConnection } from './database.ts'
import { allEvents, loadAttributes, prefixed } from './read-events.ts'

/** A field of events, as the store keeps it. */
export interface StoredField {
  /** As whoever asks calls it. */
  readonly path: string
  /** A column of the tables of events, quoted for SQL; `key` is the code of the key. */
  readonly column: string
  readonly type: AttributeType | 'key'
}

/** What is wanted of the events: which fields tell sequences apart, which types, and which further fields. */
export interface ColumnRequest {
  readonly by: readonly StoredField[]
  /** Undefined for all. */
  readonly types: readonly string[] | undefined
  readonly fields: readonly StoredField[]
  /** A further condition on `e`, in SQL of our own making. */
  readonly only?: string
  /** Whether it is asked where the events lie: whoever only counts need not know. */
  readonly positions?: boolean
}

/** Columns of whole sequences, in order; `fields` has those of `by` as well. Times are microseconds, NaN and -1 are null. */
export interface LoadedColumns {
  readonly length: number
  readonly starts: Int32Array
  readonly time: Float64Array
  readonly type: Int32Array
  readonly types: readonly string[]
  readonly fields: ReadonlyMap<string, LoadedField>
  /** Where the events lie, when that was asked. */
  readonly positions: Positions | undefined
}

/** Where events lie, by row; `source` has codes. */
export interface Positions {
  readonly source: Int32Array
  readonly partition: Int32Array
  readonly offset: Float64Array
}

/** @throws Error when they were not asked for */
export function positionsOf({ positions }: LoadedColumns): Positions {
  if (positions === undefined) throw new Error('columns were read without their positions')
  return positions
}

/** One field: doubles, or codes of texts. */
export type LoadedField = { readonly kind: 'number' | 'time' | 'boolean'; readonly values: Float64Array } | { readonly kind: 'text'; readonly codes: Int32Array; readonly dictionary: readonly string[] }

/** So many bytes of events are read at once. More are read in parts, which are smaller: while one is read, those before it may still be in memory. */
const wholeBytes = 192_000_000
const partBytes = 64_000_000

/** The fields that a behavior may name, as the store keeps them: attributes, and what every event has. */
export async function storedFields(database: Database, signal?: AbortSignal): Promise<ReadonlyMap<string, StoredField>> {
  const attributes = await database.read((connection) => loadAttributes(connection), signal)
  const fixed: readonly (readonly [string, string, StoredField['type']])[] = [
    ['key', 'key', 'key'], ['user', 'key', 'key'], ['partition', 'partition', 'integer'], ['offset', '"offset"', 'integer'],
    ['id', 'id', 'text'], ['subject', 'subject', 'text'], ['correlationid', 'correlationid', 'text'], ['causationid', 'causationid', 'text'],
    ['source', '(SELECT s.name FROM sources s WHERE s.code = e.source)', 'text'], ['topic', '(SELECT s.topic FROM sources s WHERE s.code = e.source)', 'text'],
  ]
  const fields = new Map(fixed.map(([path, column, type]) => [path, { path, column: column.startsWith('(') ? column : `e.${column}`, type }]))
  for (const { column, type } of attributes) fields.set(column.slice(2), { path: column.slice(2), column: `e.${identifier(column)}`, type })
  return fields
}

/** {@link readColumnsOn} on a snapshot of its own. */
export async function* readColumns(database: Database, request: ColumnRequest, signal: AbortSignal): AsyncGenerator<LoadedColumns> {
  const reader = await database.openSnapshot(signal)
  try {
    yield* readColumnsOn(reader.connection, request)
  } catch (error) {
    throw reader.explain(error)
  } finally {
    await reader.close()
  }
}

/**
 * Reads the events of whole sequences as columns, ordered by sequence and then in order. What is too much at once is cut by
 * the first field of `by` into parts, so that no sequence lies in two of them. It takes several queries, which a snapshot
 * lets see the same events.
 */
export async function* readColumnsOn(connection: DuckDBConnection, request: ColumnRequest, most: PartSizes = { whole: wholeBytes, part: partBytes }): AsyncGenerator<LoadedColumns> {
  const temporary: string[] = []
  const types = await typesOf(connection, request.types)
  const [lead] = request.by
  if (lead === undefined) throw new Error('a sequence needs a key')
  const where = wantedEvents(request, types)
  if (where === undefined) return
  const fields = [...new Map([...request.by, ...request.fields].map((field) => [field.path, field])).values()]
  const parts = await partsOf(connection, where, bytesOfRow(fields, request), most)
  const dictionaries = new Map<string, readonly string[]>()
  for (const [index, field] of fields.entries()) {
    if (field.type === 'text') dictionaries.set(field.path, await makeDictionary(connection, `dictionary_${index}`, field, where, temporary))
  }
  for (const condition of await cutsOf(connection, lead, where, parts)) {
    const part = await readPart(connection, request, { fields, where: condition === '' ? where : `${where} AND ${condition}`, dictionaries, types })
    if (part.length > 0) yield part
  }
  // after an error, or where nobody wants the rest, they go with the snapshot
  for (const name of temporary) await connection.run(`DROP TABLE IF EXISTS ${name}`)
}

/** How many bytes of events are read at once, of all that are wanted and of a part of them. */
export interface PartSizes {
  readonly whole: number
  readonly part: number
}

/** In how many parts the wanted events are read. Only when all there are would be too many it pays to count those that are wanted. */
async function partsOf(connection: DuckDBConnection, where: string, bytes: number, most: PartSizes): Promise<number> {
  const count = async (condition: string): Promise<number> => Number((await row(connection, `SELECT count(*) AS n FROM ${allEvents} e ${condition}`)).n)
  if ((await count('')) * bytes <= most.whole) return 1
  const wanted = (await count(`WHERE ${where}`)) * bytes
  return wanted <= most.whole ? 1 : Math.ceil(wanted / most.part)
}

function bytesOfRow(fields: readonly StoredField[], { positions = false }: ColumnRequest): number {
  return 8 + 4 + (positions ? 4 + 4 + 8 : 0) + fields.reduce((sum, { type }) => sum + (isCode(type) ? 4 : 8), 0)
}

function isCode(type: StoredField['type']): boolean {
  return type === 'text' || type === 'key'
}

/**
 * Conditions that cut the events into parts of about equal size, each with whole sequences. Keys are cut by ranges, of
 * which the store can skip most of the others; other fields by their hash, which reads all for each part.
 */
async function cutsOf(connection: DuckDBConnection, { column, type }: StoredField, where: string, parts: number): Promise<readonly string[]> {
  if (parts === 1) return ['']
  if (type !== 'key') return Array.from({ length: parts }, (_, part) => `hash(${column}) % ${parts} = ${part}`)
  const shares = Array.from({ length: parts - 1 }, (_, part) => (part + 1) / parts)
  const found = await rows(connection, `SELECT DISTINCT unnest(approx_quantile(${column}, [${shares.join(', ')}])) AS bound FROM ${allEvents} e WHERE ${where} ORDER BY bound`)
  const bounds = found.map(({ bound }) => Number(bound))
  return [...bounds, undefined].map((bound, part) => [...(part === 0 ? [] : [`${column} > ${bounds[part - 1] ?? ''}`]), ...(bound === undefined ? [] : [`${column} <= ${bound}`])].join(' AND '))
}

/** The events that a request asks for, as a condition on `e`; undefined when there can be none. */
export async function conditionFor(connection: DuckDBConnection, request: ColumnRequest): Promise<string | undefined> {
  return wantedEvents(request, await typesOf(connection, request.types))
}

/** How many events a request asks for. */
export async function countWanted(connection: DuckDBConnection, request: ColumnRequest): Promise<number> {
  const wanted = await conditionFor(connection, request)
  return wanted === undefined ? 0 : Number((await row(connection, `SELECT count(*) AS n FROM ${allEvents} e WHERE ${wanted}`)).n)
}

function wantedEvents({ by, types: asked, only }: ColumnRequest, types: readonly StoredType[]): string | undefined {
  const wanted = types.filter(({ wanted: isWanted }) => isWanted)
  if (wanted.length === 0) return undefined
  const ofTypes = asked === undefined ? [] : [`e.type IN (${wanted.map(({ code }) => code).join(', ')})`]
  return [...ofTypes, ...by.map(({ column }) => `${column} IS NOT NULL`), ...(only === undefined ? [] : [only])].join(' AND ')
}

/** The texts of keys by their codes, in the order of the codes asked for. */
export async function keyTexts(database: Database, codes: readonly number[]): Promise<readonly string[]> {
  const texts = new Map<number, string>()
  await database.read(async (connection) => {
    for (let from = 0; from < codes.length; from += 10_000) {
      // codes are integers of our own
      for (const { code, key } of await rows(connection, `SELECT code, key FROM keys WHERE code IN (${codes.slice(from, from + 10_000).join(', ')})`)) texts.set(code as number, key as string)
    }
  })
  return codes.map((code) => texts.get(code) ?? '')
}

interface StoredType {
  readonly type: string
  readonly code: number
  readonly wanted: boolean
}

async function typesOf(connection: DuckDBConnection, wanted: readonly string[] | undefined): Promise<readonly StoredType[]> {
  const set = wanted === undefined ? undefined : new Set(wanted)
  return (await rows(connection, 'SELECT type, code FROM types ORDER BY code')).map(({ type, code }) => ({ type: type as string, code: code as number, wanted: set === undefined || set.has(type as string) }))
}

/** Gives each text of a field a code, in a temporary table, so that the events carry numbers. */
async function makeDictionary(connection: DuckDBConnection, name: string, { column }: StoredField, where: string, temporary: string[]): Promise<readonly string[]> {
  temporary.push(name)
  await connection.run(`CREATE OR REPLACE TEMP TABLE ${name} AS SELECT value, (row_number() OVER () - 1)::INTEGER AS code FROM (SELECT DISTINCT ${column} AS value FROM ${allEvents} e WHERE ${where} AND ${column} IS NOT NULL)`)
  return (await rows(connection, `SELECT value FROM ${name} ORDER BY code`)).map(({ value }) => value as string)
}

interface Part {
  readonly fields: readonly StoredField[]
  readonly where: string
  readonly dictionaries: ReadonlyMap<string, readonly string[]>
  readonly types: readonly StoredType[]
}

/** Reads one part. DuckDB puts it in order: so what tells equal times apart need not be handed over, which takes as long as the ordering. */
async function readPart(connection: DuckDBConnection, { by, positions = false }: ColumnRequest, { fields, where, dictionaries, types }: Part): Promise<LoadedColumns> {
  const joins = fields.flatMap((field, index) => (field.type === 'text' ? [`LEFT JOIN dictionary_${index} d${index} ON d${index}.value = ${field.column}`] : []))
  const columns = ['epoch_us(e.time)::DOUBLE', 'e.type', ...fields.map(selected), ...(positions ? ['e.source::INTEGER', 'e.partition', 'e."offset"::DOUBLE'] : [])]
  const keys = by.map(({ path }) => fields.findIndex((field) => field.path === path))
  const order = [...keys.map((index) => selected(fields[index] as StoredField, index)), await orderOf(connection)]
  const result = await connection.run(`SELECT ${columns.join(', ')} FROM ${allEvents} e ${joins.join(' ')} WHERE ${where} ORDER BY ${order.join(', ')}`)
  const [time, type, ...read] = (await readNumbers(result)) as [Float64Array, Int32Array, ...(Int32Array | Float64Array)[]]
  const place = new Int32Array(Math.max(0, ...types.map(({ code }) => code)) + 1)
  for (const [index, { code }] of types.entries()) place[code] = index
  for (let at = 0; at < type.length; at++) type[at] = place[type[at] as number] as number
  const [source, partition, offset] = read.slice(fields.length) as [Int32Array, Int32Array, Float64Array]
  return {
    length: time.length,
    starts: startsOf(keys.map((index) => read[index] as Int32Array | Float64Array), time.length),
    time,
    type,
    types: types.map(({ type }) => type),
    fields: new Map(fields.map((field, index) => [field.path, toField(field, read[index] as Int32Array | Float64Array, dictionaries.get(field.path) ?? [])])),
    positions: positions ? { source, partition, offset } : undefined,
  }
}

/** The order of the events of a sequence. */
async function orderOf(connection: DuckDBConnection): Promise<string> {
  const { numbered } = await row(connection, `SELECT EXISTS (SELECT 1 FROM ${allEvents} WHERE sequence IS NOT NULL) AS numbered`)
  return prefixed(numbered === true ? eventOrder : positionOrder)
}

function selected({ column, type }: StoredField, index: number): string {
  switch (type) {
    case 'text':
      return `d${index}.code`
    case 'key':
      return column
    case 'time':
      return `epoch_us(${column})::DOUBLE`
    case 'boolean':
      return `${column}::INTEGER::DOUBLE`
    default:
      return `${column}::DOUBLE`
  }
}

/** Where each sequence begins, and the end of the last. */
function startsOf(keys: readonly (Int32Array | Float64Array)[], length: number): Int32Array {
  const isStart = new Uint8Array(length)
  for (const key of keys) markChanges(key, isStart)
  let count = 0
  for (let at = 0; at < length; at++) count += isStart[at] as number
  const starts = new Int32Array(count + 1).fill(length)
  for (let at = length - 1; at >= 0; at--) if (isStart[at] === 1) starts[--count] = at
  return starts
}

function markChanges(key: Int32Array | Float64Array, changes: Uint8Array): void {
  for (let at = 0; at < changes.length; at++) if (at === 0 || key[at] !== key[at - 1]) changes[at] = 1
}

function toField({ type }: StoredField, values: Int32Array | Float64Array, dictionary: readonly string[]): LoadedField {
  if (values instanceof Int32Array) return { kind: 'text', codes: values, dictionary }
  return { kind: type === 'boolean' ? 'boolean' : type === 'time' ? 'time' : 'number', values }
}
