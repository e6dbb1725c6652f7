import { Bool, Field, Float64, Int32, Int64, Schema, Struct, Table, TimestampMicrosecond, Utf8, RecordBatch, makeData, tableToIPC, vectorFromArray, type DataType, type Data } from 'apache-arrow'
import { expect, it } from 'vitest'
import { readEvents } from './event-rows.ts'

const columns: readonly (readonly [string, DataType, unknown])[] = [
  ['source', new Utf8(), 'shop'],
  ['topic', new Utf8(), 'shop-events'],
  ['partition', new Int32(), 3],
  ['offset', new Int64(), 42n],
  ['time', new TimestampMicrosecond('UTC'), 1_767_261_600_123_456n],
  ['broker_time', new TimestampMicrosecond('UTC'), 1_767_261_601_000_001n],
  ['type', new Utf8(), 'cart.add'],
  ['key', new Utf8(), 'ann'],
  ['late', new Bool(), false],
  ['id', new Utf8(), null],
  ['correlationid', new Utf8(), null],
  ['causationid', new Utf8(), 'e-1'],
  ['payload', new Utf8(), '{"price":2.5}'],
]

/** One row as the engine sends it. */
function batchOf(...fields: readonly (readonly [string, DataType, unknown])[]): Uint8Array {
  const schema = new Schema(fields.map(([name, type]) => new Field(name, type, true)))
  const children = fields.map(([, type, value]): Data => {
    if (type instanceof TimestampMicrosecond && typeof value === 'bigint') return makeData({ type, length: 1, nullCount: 0, data: new BigInt64Array([value]) })
    const [data] = vectorFromArray([value], type).data
    if (data === undefined) throw new Error('no data')
    return data
  })
  const struct = makeData({ type: new Struct(schema.fields), length: 1, nullCount: 0, children })
  return tableToIPC(new Table([new RecordBatch(schema, struct)]), 'stream')
}

it('reads an event with every microsecond', () => {
  expect([...readEvents(batchOf(...columns))]).toEqual([
    { source: 'shop', topic: 'shop-events', partition: 3, offset: 42n, time: 1_767_261_600_123_456n, brokerTime: 1_767_261_601_000_001n, type: 'cart.add', key: 'ann', late: false, id: null, correlationid: null, causationid: 'e-1', payload: '{"price":2.5}', attributes: {} },
  ])
})

it('tells an attribute from the field of the event that has the same name', () => {
  const [event] = readEvents(batchOf(...columns, ['attribute source', new Utf8(), 'newsletter'], ['attribute time', new TimestampMicrosecond('UTC'), 1n], ['attribute id', new Int64(), 7n]))
  expect(event).toMatchObject({ source: 'shop', time: 1_767_261_600_123_456n, type: 'cart.add' })
  expect(event?.attributes).toEqual({ source: 'newsletter', time: '1970-01-01T00:00:00.000001Z', id: 7n })
})

it('leaves out attributes that an event does not have', () => {
  const [event] = readEvents(batchOf(...columns, ['price', new Float64(), 2.5], ['count', new Int64(), null], ['seen', new TimestampMicrosecond('UTC'), null]))
  expect(event?.attributes).toEqual({ price: 2.5 })
})
