import type { Table } from 'apache-arrow'
import { arrowTables } from './arrow.ts'
import { eventOrder } from './compact.ts'
import { inRanges, type NewRange } from './coverage.ts'
import { row, type DuckDBConnection } from './database.ts'
import { allEvents, prefixed } from './read-events.ts'
import type { ColumnRequest, LoadedColumns, LoadedField, Positions, StoredField } from './read-columns.ts'
import { takeRows } from './take-rows.ts'

/** The events of some keys since some time, in order of time: what several behaviors look at. */
export interface LiveWindow {
  readonly length: number
  /** 1 where the event is one of those that came. */
  readonly fresh: Uint8Array
  readonly time: Float64Array
  readonly type: Int32Array
  readonly types: readonly string[]
  readonly positions: Positions
  /** By {@link fieldId}. */
  readonly fields: ReadonlyMap<string, LoadedField>
}

/** What is asked of a window: the union of what its readers need. */
export interface WindowRequest {
  readonly ranges: readonly NewRange[]
  /** The field that the keys are values of. */
  readonly lead: StoredField
  readonly fields: readonly StoredField[]
  /** Undefined for all. */
  readonly types: readonly string[] | undefined
  /** How far back an event may reach, in microseconds. */
  readonly horizon: number
}

/** The same field is read as a code by one and as a text by another. */
export function fieldId({ column, type }: StoredField): string {
  return `${type} ${column}`
}

/** Reads the events that came and those before them that they may touch; undefined when none came that anybody looks at. */
export async function readWindow(connection: DuckDBConnection, { ranges, lead, fields, types, horizon }: WindowRequest): Promise<LiveWindow | undefined> {
  const codes = new Map((await connection.runAndReadAll('SELECT type, code FROM types ORDER BY code')).getRowsJS().map(([type, code]) => [type as string, code as number]))
  const wanted = types === undefined ? undefined : types.flatMap((type) => codes.get(type) ?? [])
  if (wanted?.length === 0) return undefined
  const ofTypes = wanted === undefined ? '' : `AND e.type IN (${wanted.join(', ')})`
  await connection.run(`CREATE OR REPLACE TEMP TABLE fresh_keys AS SELECT ${lead.column} AS lead, min(e.time) AS first FROM ${allEvents} e WHERE ${inRanges(ranges)} ${ofTypes} AND ${lead.column} IS NOT NULL GROUP BY lead`)
  const came = await row(connection, 'SELECT count(*)::INTEGER AS keys, epoch_us(min(first))::DOUBLE AS first FROM fresh_keys')
  if (came.keys === 0) return undefined
  const from = (came.first as number) - horizon
  const since = Number.isFinite(from) ? `AND e.time >= make_timestamp(${from})` : ''
  const all = [...new Map(fields.map((field) => [fieldId(field), field])).values()]
  const columns = all.map((field, index) => `, ${selected(field)} AS f${index}`).join('')
  const tables: Table[] = []
  const result = await connection.stream(`SELECT ${inRanges(ranges)} AS fresh, epoch_us(e.time)::DOUBLE AS t, e.type AS ty, e.source AS s, e.partition AS p, e."offset"::DOUBLE AS o${columns}
    FROM ${allEvents} e WHERE ${lead.column} IN (SELECT lead FROM fresh_keys) ${ofTypes} ${since} ORDER BY ${prefixed(eventOrder)}`)
  for await (const table of arrowTables(result)) tables.push(table)
  const length = tables.reduce((sum, { numRows }) => sum + numRows, 0)
  const numbers = <T extends Float64Array | Int32Array>(name: string, into: T, missing: number): T => {
    let at = 0
    for (const table of tables) {
      const [data] = table.getChild(name)?.data ?? []
      if (data === undefined) throw new Error(`no column ${name}`)
      into.set((data.values as T).subarray(0, table.numRows), at)
      if (data.nullCount > 0) for (let index = 0; index < table.numRows; index++) if (!data.getValid(index)) into[at + index] = missing
      at += table.numRows
    }
    return into
  }
  const fresh = new Uint8Array(length)
  let at = 0
  for (const table of tables) {
    const flags = table.getChild('fresh')
    for (let index = 0; index < table.numRows; index++) fresh[at++] = flags?.get(index) === true ? 1 : 0
  }
  const names = [...codes.keys()]
  const place = new Map([...codes.values()].map((code, index) => [code, index]))
  const type = numbers('ty', new Int32Array(length), -1)
  for (let index = 0; index < length; index++) type[index] = place.get(type[index] as number) ?? -1
  const loaded = all.map((field, index): [string, LoadedField] => {
    const name = `f${index}`
    if (field.type === 'key') return [fieldId(field), { kind: 'text', codes: numbers(name, new Int32Array(length), -1), dictionary: [] }]
    if (field.type !== 'text') return [fieldId(field), { kind: field.type === 'boolean' ? 'boolean' : field.type === 'time' ? 'time' : 'number', values: numbers(name, new Float64Array(length), Number.NaN) }]
    const dictionary = new Map<string, number>()
    const texts = new Int32Array(length).fill(-1)
    let row = 0
    for (const table of tables) {
      const column = table.getChild(name)
      for (let index = 0; index < table.numRows; index++, row++) {
        const text = column?.get(index) as string | null
        if (text === null) continue
        const code = dictionary.get(text) ?? dictionary.size
        dictionary.set(text, code)
        texts[row] = code
      }
    }
    return [fieldId(field), { kind: 'text', codes: texts, dictionary: [...dictionary.keys()] }]
  })
  return { length, fresh, time: numbers('t', new Float64Array(length), Number.NaN), type, types: names, fields: new Map(loaded), positions: { source: numbers('s', new Int32Array(length), -1), partition: numbers('p', new Int32Array(length), -1), offset: numbers('o', new Float64Array(length), -1) } }
}

/** The sequences that the events of a window make by some fields. */
export interface NumberedSequences {
  /** By row the number of its sequence; -1 where a field is missing. */
  readonly ofRow: Int32Array
  /** By number the first row of the sequence. */
  readonly firstRows: readonly number[]
}

/** Numbers the sequences of a window by some fields: once for all behaviors that are by the same. */
export function numberSequences(window: LiveWindow, by: readonly StoredField[]): NumberedSequences {
  const ofRow = new Int32Array(window.length)
  let firstRows: number[] = [0]
  for (const field of by) {
    const column = columnOf(window, field)
    const [values, missing] = column.kind === 'text' ? [column.codes, -1] : [column.values, Number.NaN]
    const known = new Map<number, number>()
    const pairs = new Map<number, number>()
    const before = firstRows.length
    firstRows = []
    for (let row = 0; row < window.length; row++) {
      const value = values[row] as number
      if (ofRow[row] === -1 || Object.is(value, missing)) {
        ofRow[row] = -1
        continue
      }
      const pair = numberOf(known, value) * before + (ofRow[row] as number)
      const number = numberOf(pairs, pair)
      if (number === firstRows.length) firstRows.push(row)
      ofRow[row] = number
    }
  }
  return { ofRow, firstRows }
}

/** Equal values have equal numbers, from 0 on. */
function numberOf(known: Map<number, number>, value: number): number {
  const number = known.get(value)
  if (number !== undefined) return number
  known.set(value, known.size)
  return known.size - 1
}

/** What of a window one behavior must decide anew. */
export interface WindowPart {
  readonly columns: LoadedColumns
  /** By sequence its number in the window. */
  readonly numbers: Int32Array
  /** How many events came that it looks at. */
  readonly events: number
  /** Microseconds: starts before it are decided. */
  readonly from: number
}

/**
 * The sequences of one behavior that an event came to, from as far back as that can matter; undefined where none came.
 *
 * @param horizon how far back an event may reach, in microseconds; not more than that of the window
 * @param oldest microseconds: what is older is left alone
 */
export function partOfWindow(window: LiveWindow, { by, types, fields }: ColumnRequest, { ofRow, firstRows }: NumberedSequences, horizon: number, oldest: number): WindowPart | undefined {
  const wanted = types === undefined ? undefined : new Set(types)
  const isWanted = Uint8Array.from(window.types, (type) => (wanted === undefined || wanted.has(type) ? 1 : 0))
  const { time, type, fresh } = window
  const isTouched = new Uint8Array(firstRows.length)
  let first = Number.POSITIVE_INFINITY
  let events = 0
  for (let row = 0; row < window.length; row++) {
    if (fresh[row] === 0 || ofRow[row] === -1 || isWanted[type[row] as number] === 0) continue
    events++
    first = Math.min(first, time[row] as number)
    isTouched[ofRow[row] as number] = 1
  }
  if (events === 0) return undefined
  const from = Math.max(oldest, first - horizon)
  const isTaken = (row: number): boolean => (time[row] as number) >= from && isWanted[type[row] as number] === 1 && ofRow[row] !== -1 && isTouched[ofRow[row] as number] === 1
  const counts = new Int32Array(firstRows.length)
  for (let row = 0; row < window.length; row++) if (isTaken(row)) counts[ofRow[row] as number] = (counts[ofRow[row] as number] as number) + 1
  const numbers = Int32Array.from(firstRows.keys()).filter((number) => counts[number] !== 0)
  const starts = new Int32Array(numbers.length + 1)
  const places = new Int32Array(firstRows.length)
  for (const [sequence, number] of numbers.entries()) {
    places[number] = starts[sequence] as number
    starts[sequence + 1] = (starts[sequence] as number) + (counts[number] as number)
  }
  const rows = new Int32Array(starts[numbers.length] as number)
  for (let row = 0; row < window.length; row++) {
    if (!isTaken(row)) continue
    const number = ofRow[row] as number
    rows[places[number] as number] = row
    places[number] = (places[number] as number) + 1
  }
  return { events, from, numbers, columns: takeRows({ ...window, fields: fieldsOf(window, [...by, ...fields]) }, rows, starts) }
}

/** Fields of a window by the paths that whoever asks calls them. */
export function fieldsOf(window: LiveWindow, fields: readonly StoredField[]): ReadonlyMap<string, LoadedField> {
  return new Map(fields.map((field) => [field.path, columnOf(window, field)]))
}

function columnOf(window: LiveWindow, field: StoredField): LoadedField {
  const column = window.fields.get(fieldId(field))
  if (column === undefined) throw new Error(`the window has no ${field.path}`)
  return column
}

function selected({ column, type }: StoredField): string {
  switch (type) {
    case 'text':
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
