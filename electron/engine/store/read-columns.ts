import type { AttributeType } from '../../../shared/model/mapping.ts'
import { readNumbers } from './arrow.ts'
import { eventOrder } from './compact.ts'
import { identifier, row, rows, type Database, type DuckDBConnection } from './database.ts'
import { doublesInOrder, integersInOrder, orderEvents } from './order-events.ts'
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
}

/** Columns of whole sequences, in order; `fields` has those of `by` as well. Times are microseconds, NaN and -1 are null. */
export interface LoadedColumns {
  readonly length: number
  readonly starts: Int32Array
  readonly time: Float64Array
  readonly type: Int32Array
  readonly types: readonly string[]
  readonly source: Int32Array
  readonly partition: Int32Array
  readonly offset: Float64Array
  readonly fields: ReadonlyMap<string, LoadedField>
}

/** One field: doubles, or codes of texts. */
export type LoadedField = { readonly kind: 'number' | 'time' | 'boolean'; readonly values: Float64Array } | { readonly kind: 'text'; readonly codes: Int32Array; readonly dictionary: readonly string[] }

/** So many events are held at once; more are read in parts, each of which holds whole sequences. */
const partRows = 4_000_000

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

/** {@link readColumnsOn} on a connection of its own. */
export async function* readColumns(database: Database, request: ColumnRequest, signal: AbortSignal): AsyncGenerator<LoadedColumns> {
  const reader = await database.openReader(signal)
  try {
    yield* readColumnsOn(reader.connection, request)
  } catch (error) {
    throw reader.explain(error)
  } finally {
    reader.close()
  }
}

/**
 * Reads the events of whole sequences as columns, ordered by sequence and then in order, in parts of at most about four
 * million events: what does not fit at once is cut by the first field of `by`, so that no sequence lies in two parts.
 */
export async function* readColumnsOn(connection: DuckDBConnection, request: ColumnRequest, rowsOfPart = partRows): AsyncGenerator<LoadedColumns> {
  const temporary: string[] = []
  try {
    const types = await typesOf(connection, request.types)
    const [lead] = request.by
    if (lead === undefined) throw new Error('a sequence needs a key')
    const where = wantedEvents(request, types)
    if (where === undefined) return
    const counted = await row(connection, `SELECT count(*)::DOUBLE AS n, count(e.sequence)::DOUBLE AS numbered FROM ${allEvents} e WHERE ${where}`)
    const total = counted.n as number
    if (total === 0) return
    const fields = [...new Map([...request.by, ...request.fields].map((field) => [field.path, field])).values()]
    const dictionaries = new Map<string, readonly string[]>()
    for (const [index, field] of fields.entries()) {
      if (field.type === 'text') dictionaries.set(field.path, await makeDictionary(connection, `dictionary_${index}`, field, where, temporary))
    }
    const cuts = await cutsOf(connection, lead, where, Math.max(1, Math.ceil(total / rowsOfPart)))
    for (const condition of cuts) {
      const cut = condition === '' ? where : `${where} AND ${condition}`
      const count = condition === '' ? total : Number((await row(connection, `SELECT count(*) AS n FROM ${allEvents} e WHERE ${cut}`)).n)
      if (count > 0) yield await readPart(connection, { fields, by: request.by, where: cut, count, dictionaries, types: types.map(({ type }) => type), codes: types.map(({ code }) => code), areNumbered: (counted.numbered as number) > 0 })
    }
  } finally {
    for (const name of temporary) await connection.run(`DROP TABLE IF EXISTS ${name}`)
  }
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

function wantedEvents({ by, types: asked, only }: ColumnRequest, types: Awaited<ReturnType<typeof typesOf>>): string | undefined {
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

async function typesOf(connection: DuckDBConnection, wanted: readonly string[] | undefined): Promise<readonly { readonly type: string; readonly code: number; readonly wanted: boolean }[]> {
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
  readonly by: readonly StoredField[]
  readonly where: string
  readonly count: number
  readonly dictionaries: ReadonlyMap<string, readonly string[]>
  readonly types: readonly string[]
  readonly codes: readonly number[]
  /** Whether producers have numbered some of the events: their order is then told by more than time and position. */
  readonly areNumbered: boolean
}

async function readPart(connection: DuckDBConnection, { fields, by, where, count, dictionaries, types, codes, areNumbered }: Part): Promise<LoadedColumns> {
  const joins = fields.flatMap((field, index) => (field.type === 'text' ? [`LEFT JOIN dictionary_${index} d${index} ON d${index}.value = ${field.column}`] : []))
  const columns = fields.map((field, index) => `${selected(field, index)} AS f${index}`)
  const byColumns = by.map(({ path }) => fields.findIndex((field) => field.path === path))
  const order = areNumbered ? `ORDER BY ${byColumns.map((index) => `f${index}`).join(', ')}, ${prefixed(eventOrder)}` : ''
  const sql = `SELECT epoch_us(e.time)::DOUBLE AS t, e.type AS ty, e.source::INTEGER AS s, e.partition AS p, e."offset"::DOUBLE AS o${columns.map((column) => `, ${column}`).join('')}
    FROM ${allEvents} e ${joins.join(' ')} WHERE ${where} ${order}`
  const loaded = {
    time: new Float64Array(count),
    type: new Int32Array(count),
    source: new Int32Array(count),
    partition: new Int32Array(count),
    offset: new Float64Array(count),
    fields: fields.map((field) => (field.type === 'text' || field.type === 'key' ? new Int32Array(count) : new Float64Array(count))),
  }
  const place = new Int32Array(Math.max(0, ...codes) + 1)
  codes.forEach((code, index) => {
    place[code] = index
  })
  const length = await readNumbers(await connection.stream(sql), [
    { into: loaded.time, missing: Number.NaN },
    ...[loaded.type, loaded.source, loaded.partition].map((into) => ({ into, missing: -1 })),
    { into: loaded.offset, missing: Number.NaN },
    ...loaded.fields.map((into) => ({ into, missing: into instanceof Int32Array ? -1 : Number.NaN })),
  ])
  for (let at = 0; at < length; at++) loaded.type[at] = place[loaded.type[at] as number] as number
  // what was stored since it was counted is not there, and neither is what was removed
  const read = length === count ? loaded : shortened(loaded, length)
  const keys = byColumns.map((index) => read.fields[index] as Int32Array | Float64Array)
  const { rows: ordered, starts } = areNumbered ? { rows: undefined, starts: startsOf(keys, length) } : orderEvents(keys, { ...read, length })
  if (ordered === undefined) return { length, starts, ...read, types, fields: new Map(fields.map((field, index) => [field.path, toField(field, read.fields[index] as Int32Array | Float64Array, dictionaries.get(field.path) ?? [])])) }
  return new OrderedColumns(
    ordered,
    starts,
    read,
    types,
    new Map(
      fields.map((field, index) => {
        const column = read.fields[index] as Int32Array | Float64Array
        return [field.path, toField(field, column instanceof Int32Array ? integersInOrder(column, ordered) : doublesInOrder(column, ordered), dictionaries.get(field.path) ?? [])]
      }),
    ),
  )
}

/** Columns whose positions are put in order only when somebody looks at them: counting does not. */
class OrderedColumns implements LoadedColumns {
  readonly length: number
  readonly starts: Int32Array
  readonly time: Float64Array
  readonly type: Int32Array
  readonly types: readonly string[]
  readonly fields: ReadonlyMap<string, LoadedField>
  private readonly rows: Int32Array
  private readonly loaded: Loaded
  private sources: Int32Array | undefined
  private partitions: Int32Array | undefined
  private offsets: Float64Array | undefined

  constructor(rows: Int32Array, starts: Int32Array, loaded: Loaded, types: readonly string[], fields: ReadonlyMap<string, LoadedField>) {
    this.rows = rows
    this.length = rows.length
    this.starts = starts
    this.loaded = loaded
    this.time = doublesInOrder(loaded.time, rows)
    this.type = integersInOrder(loaded.type, rows)
    this.types = types
    this.fields = fields
  }

  get source(): Int32Array {
    return (this.sources ??= integersInOrder(this.loaded.source, this.rows))
  }

  get partition(): Int32Array {
    return (this.partitions ??= integersInOrder(this.loaded.partition, this.rows))
  }

  get offset(): Float64Array {
    return (this.offsets ??= doublesInOrder(this.loaded.offset, this.rows))
  }
}

interface Loaded {
  readonly time: Float64Array
  readonly type: Int32Array
  readonly source: Int32Array
  readonly partition: Int32Array
  readonly offset: Float64Array
  readonly fields: readonly (Int32Array | Float64Array)[]
}

function shortened({ time, type, source, partition, offset, fields }: Loaded, length: number): Loaded {
  return { time: time.subarray(0, length), type: type.subarray(0, length), source: source.subarray(0, length), partition: partition.subarray(0, length), offset: offset.subarray(0, length), fields: fields.map((field) => field.subarray(0, length)) }
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

function startsOf(keys: readonly (Int32Array | Float64Array)[], length: number): Int32Array {
  const starts: number[] = []
  for (let at = 0; at < length; at++) if (at === 0 || keys.some((key) => key[at] !== key[at - 1])) starts.push(at)
  starts.push(length)
  return Int32Array.from(starts)
}

function toField({ type }: StoredField, values: Int32Array | Float64Array, dictionary: readonly string[]): LoadedField {
  if (values instanceof Int32Array) return { kind: 'text', codes: values, dictionary }
  return { kind: type === 'boolean' ? 'boolean' : type === 'time' ? 'time' : 'number', values }
}
