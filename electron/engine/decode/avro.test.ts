import avsc, { type Schema } from 'avsc'
import { describe, expect, it } from 'vitest'
import { avroReader } from './avro.ts'

/** What a payload written by avsc itself, with its unions wrapped, reads as. */
function read(schema: object, value: unknown): unknown {
  const bytes = avsc.Type.forSchema(schema as Schema, { wrapUnions: true }).toBuffer(value)
  return JSON.parse(avroReader(JSON.stringify(schema), [])(bytes))
}

const record = (name: string, ...fields: object[]): object => ({ type: 'record', name, fields })
const timestamp = { type: 'long', logicalType: 'timestamp-millis' }

describe('an Avro schema', () => {
  it('may hold times, alone, in a union and with a default', () => {
    const schema = record('E', { name: 'at', type: timestamp, default: 0 }, { name: 'until', type: ['null', { type: 'long', logicalType: 'timestamp-micros' }], default: null })
    expect(read(schema, { at: 1_700_000_000_123, until: { long: 1_700_000_000_123_456 } })).toEqual({ at: '2023-11-14T22:13:20.123Z', until: '2023-11-14T22:13:20.123456Z' })
    expect(read(schema, { at: 0, until: null })).toEqual({ at: '1970-01-01T00:00:00.000Z', until: null })
  })

  it('may hold a union of records and of numbers, which reads as the bare value', () => {
    const schema = record('E', { name: 'a', type: ['null', record('A', { name: 'x', type: 'int' }), record('B', { name: 'x', type: 'long' })] }, { name: 'n', type: ['int', 'double'] })
    expect(read(schema, { a: { B: { x: 5 } }, n: { double: 1.5 } })).toEqual({ a: { x: 5 }, n: 1.5 })
    expect(read(schema, { a: null, n: { int: 7 } })).toEqual({ a: null, n: 7 })
  })

  it.each(['long', { type: 'long' }, { type: 'long', 'connect.version': 1 }])('keeps every digit of a long that is written as %j', (type) => {
    const bytes = Buffer.from('feffffffffffffffff01', 'hex')
    expect(avroReader(JSON.stringify(record('E', { name: 'n', type })), [])(bytes)).toBe('{"n":9223372036854775807}')
  })

  it('does not read the branch of a union that is not there', () => {
    expect(() => avroReader('["null", "string"]', [])(Buffer.from([4]))).toThrow('branch')
  })
})
