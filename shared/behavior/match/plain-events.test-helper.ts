import fc from 'fast-check'
import type { EventColumns, FieldColumn, Value } from './columns.ts'
import type { PlainEvent } from './judge.test-helper.ts'

/** Columns of plain events, one sequence after the other, as the engine reads them from its store. */
export function toColumns(sequences: readonly (readonly PlainEvent[])[]): EventColumns {
  const events = sequences.flat()
  const types = [...new Set(events.map(({ type }) => type))]
  const starts = Int32Array.from([0, ...sequences.map((_, index) => sequences.slice(0, index + 1).flat().length)])
  const names = [...new Set(events.flatMap(({ fields }) => Object.keys(fields)))]
  return {
    length: events.length,
    starts,
    time: Float64Array.from(events, ({ time }) => time),
    type: Int32Array.from(events, ({ type }) => types.indexOf(type)),
    types,
    fields: new Map(names.map((name) => [name, toColumn(events.map(({ fields }) => fields[name] ?? null))])),
  }
}

function toColumn(values: readonly Value[]): FieldColumn {
  const [sample] = values.filter((value) => value !== null)
  if (typeof sample === 'string') {
    const dictionary = [...new Set(values.filter((value) => typeof value === 'string'))]
    return { kind: 'text', codes: Int32Array.from(values, (value) => dictionary.indexOf(value as string)), dictionary }
  }
  return { kind: typeof sample === 'boolean' ? 'boolean' : 'number', values: Float64Array.from(values, (value) => (value === null ? Number.NaN : Number(value))) }
}

const maybeNull = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(value, { freq: 4 })

/** Few types, many ties, gaps that hit bounds exactly, and fields that are null now and then. */
const event = fc.record({
  gap: fc.constantFrom(0, 0, 1, 1, 1, 2, 3, 6),
  type: fc.constantFrom('a', 'a', 'b', 'b', 'c', 'd.x'),
  fields: fc.record({ n: maybeNull(fc.integer({ min: 0, max: 2 })), m: maybeNull(fc.integer({ min: 0, max: 2 })), s: maybeNull(fc.constantFrom('x', 'xy', 'y')), f: maybeNull(fc.boolean()) }),
})

const sequence: fc.Arbitrary<PlainEvent[]> = fc.array(event, { maxLength: 10 }).map((events) => {
  let time = 0
  return events.map(({ gap, type, fields }) => ({ time: (time += gap), type, fields }))
})

export const plainSequences = fc.array(sequence, { minLength: 1, maxLength: 2 })

/** A watermark before, inside of or behind the events. */
export const watermark = fc.oneof({ weight: 5, arbitrary: fc.integer({ min: -1, max: 20 }) }, { weight: 1, arbitrary: fc.constant(Number.POSITIVE_INFINITY) })

/** Events as a table, to be read and to be kept. */
export function describeEvents(sequences: readonly (readonly PlainEvent[])[]): string {
  const line = ({ time, type, fields }: PlainEvent): string => [time, type, ...Object.entries(fields).flatMap(([name, value]) => (value === null ? [] : [`${name}=${String(value)}`]))].join(' ')
  return sequences.map((events) => events.map(line).join('\n')).join('\n---\n')
}

/** Reads such a table: `time type field=value…`, a line an event; `---` begins the next sequence. */
export function readEvents(table: string): PlainEvent[][] {
  return table.split('---').map((part) => part.trim().split('\n').filter((line) => line.trim() !== '').map(readEvent))
}

function readEvent(line: string): PlainEvent {
  const [time = '', type = '', ...rest] = line.trim().split(/\s+/)
  const fields = rest.map((text): [string, Value] => {
    const at = text.indexOf('=')
    const value = text.slice(at + 1)
    return [text.slice(0, at), value === 'true' || value === 'false' ? value === 'true' : value !== '' && !Number.isNaN(Number(value)) ? Number(value) : value]
  })
  return { time: Number(time), type, fields: Object.fromEntries(fields) }
}
