import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { brokerTime, event, simpleMapping, TestStore, toBatch, type TestRecord } from '../../../e2e/fixtures/test-store.ts'
import { formatFieldPath } from '../../../shared/model/field-path.ts'
import type { Attribute, Mapping, TimeFormat } from '../../../shared/model/mapping.ts'
import { rows, type DuckDBConnection } from './database.ts'
import { writeIncoming } from './incoming.ts'
import { mappingSql } from './mapping-sql.ts'

let workspace: TestStore
let connection: DuckDBConnection

beforeAll(async () => {
  workspace = await TestStore.open()
  connection = workspace.store.database.writer
})
afterAll(() => workspace.remove())

async function map(records: readonly TestRecord[], mapping: Partial<Mapping> = {}, topic = 'shop'): Promise<readonly Record<string, unknown>[]> {
  const { batch, decoded } = toBatch(records)
  await writeIncoming(connection, batch, decoded)
  await connection.run(mappingSql({ ...simpleMapping, ...mapping }, topic))
  return rows(connection, 'SELECT * REPLACE (epoch_us(time) AS time, epoch_us(broker_time) AS broker_time) FROM mapped ORDER BY partition, "offset"')
}

const at = '2026-01-01T12:00:00Z'
const atUs = BigInt(Date.parse(at)) * 1000n
const payload = (rest: object): object => ({ type: 'view', at, user: 'ann', ...rest })
const one = (value: object | string | Buffer | null, rest: Partial<TestRecord> = {}): TestRecord[] => [{ offset: 7, value, ...rest }]

/** What a mapping reads at a path, as the key of an event and as a text attribute; both must be the same. */
async function readAt(path: string, record: Partial<TestRecord> = {}, topic?: string): Promise<unknown> {
  const [row] = await map(one(payload({}), record), { key: path, attributes: [{ name: 'x', path, type: 'text' }] }, topic)
  expect(row?.a_x).toEqual(row?.key_text)
  return row?.key_text
}

describe('a path', () => {
  it.each<[path: string, data: object, expected: string | null]>([
    ['a', { a: 'text' }, 'text'],
    ['a', { a: 12.5 }, '12.5'],
    ['a', { a: true }, 'true'],
    ['a', { a: null }, null],
    ['a', {}, null],
    ['a', { a: { b: [1, 'x'] } }, '{"b":[1,"x"]}'],
    ['a.b.c', { a: { b: { c: 'deep' } } }, 'deep'],
    ['a.b', { a: 'no object' }, null],
    ['a[1].b', { a: [{}, { b: 'second' }] }, 'second'],
    ['a[7]', { a: [1] }, null],
    ['a[*].sku', { a: [{ sku: 'p1' }, {}, { sku: 'p3' }] }, '["p1","p3"]'],
    ['a[*]', { a: [1, 'two', null] }, '[1,"two",null]'],
    ['a[*].sku', { a: 'no list' }, '[]'],
    ['Größe_1-x', { 'Größe_1-x': 'plain' }, 'plain'],
    ["'it''s constant'", {}, "it's constant"],
    ['$partition', {}, '0'],
  ])('%s reads %j as %j', async (path, data, expected) => {
    expect(await readAt(path, { value: payload(data) })).toBe(expected)
  })

  it('$topic reads the topic, $key the key, $broker_time the broker\'s time', async () => {
    expect(await readAt('$topic', {}, "o'topic; --")).toBe("o'topic; --")
    expect(await readAt('$key', { key: 'ключ' })).toBe('ключ')
    expect(await readAt('$key', { key: null })).toBe(null)
    expect(await readAt('$broker_time')).toBe('2026-01-01 00:00:00')
  })

  it('$key shows a key that is not UTF-8 by its bytes, so that no two keys become one', async () => {
    expect(await readAt('$key', { key: Buffer.from([0xff, 0x00, 0xfe]) })).toBe('0xFF00FE')
    expect(await readAt('$key', { key: Buffer.from([0xff, 0x00]) })).toBe('0xFF00')
  })

  it('$headers reads the first header of the name, as UTF-8', async () => {
    const headers = [{ name: 'b', value: Buffer.from('no') }, { name: 'a', value: Buffer.from('yés') }, { name: 'a', value: Buffer.from('second') }, { name: 'n', value: null }]
    expect(await readAt('$headers.a', { headers })).toBe('yés')
    expect(await readAt('$headers.n', { headers })).toBe(null)
    expect(await readAt('$headers.c', { headers })).toBe(null)
    expect(await readAt('$headers.a')).toBe(null)
  })

  it('$ce reads a CloudEvents attribute or extension', async () => {
    const decoded = event('cloudevents-binary', { context: JSON.stringify({ id: '1', source: '/s', type: 't', tenant: 'blue' }) })
    expect(await readAt('$ce.tenant', { decoded })).toBe('blue')
    expect(await readAt('$ce.other', { decoded })).toBe(null)
    expect(await readAt('$ce.tenant')).toBe(null)
  })

  it('reads the decoded data where a payload is not its own data', async () => {
    expect(await readAt('user', { value: Buffer.from([0, 0, 0, 0, 1, 9]), decoded: event('avro', { data: JSON.stringify(payload({})) }) })).toBe('ann')
  })
})

describe('hostile names', () => {
  const hostile = ["'", "''); DROP TABLE events; --", '"', '\\', '\\"', '$', '*x', 'a.b', '[0]', ' ', '\n', ';', "$.x'] OR true --", '\u2028', '🙂', '%', '__proto__', "');ATTACH '/tmp/x' AS y;--"]

  it.each(hostile)('%j is a field like every other', async (name) => {
    const path = formatFieldPath({ from: 'payload', steps: [{ name }] })
    expect(await readAt(path, { value: payload(Object.fromEntries([[name, 'found'], ['other', 'x']])) })).toBe('found')
    expect(await readAt(path, { value: payload({ other: 'x' }) })).toBe(null)
    expect(await readAt(formatFieldPath({ from: 'payload', steps: [{ name: 'in' }, { name }, { each: true }] }), { value: payload({ in: Object.fromEntries([[name, [1]]]) }) })).toBe('[1]')
  })

  it.each(hostile)('%j is a header, an extension, a constant and a topic like every other', async (name) => {
    expect(await readAt(formatFieldPath({ from: 'header', name }), { headers: [{ name, value: Buffer.from('found') }] })).toBe('found')
    expect(await readAt(formatFieldPath({ from: 'ce', name }), { decoded: event('cloudevents-binary', { context: JSON.stringify(Object.fromEntries([['id', '1'], ['type', 't'], [name, 'found']])) }) })).toBe('found')
    expect(await readAt(formatFieldPath({ from: 'constant', value: name }))).toBe(name)
    expect(await readAt('$topic', {}, name)).toBe(name)
  })

  it('are read where they are meant, whatever they are made of', async () => {
    const name = fc.string({ unit: fc.constantFrom("'", '"', '\\', '$', '.', '[', ']', '*', ';', '-', ' ', 'a', 'é', '%', '{', '}', '`'), minLength: 1, maxLength: 8 }).filter((text) => text !== '*')
    await fc.assert(
      fc.asyncProperty(name, fc.string(), async (field, value) => {
        fc.pre(!value.includes('\0'))
        expect(await readAt(formatFieldPath({ from: 'payload', steps: [{ name: field }] }), { value: payload(Object.fromEntries([[field, value]])) })).toBe(value)
        expect(await readAt(formatFieldPath({ from: 'constant', value }))).toBe(value)
      }),
      { numRuns: 60 },
    )
    expect(await workspace.query('SELECT count(*) AS n FROM events')).toEqual([{ n: 0n }])
  })

  it.each(['', '*', 'a\0b'])('%j is refused, because the store cannot say it', (name) => {
    const path = formatFieldPath({ from: 'payload', steps: [{ name }] })
    expect(() => mappingSql({ ...simpleMapping, key: path }, 'shop')).toThrow(expect.objectContaining({ code: 'BAD_MAPPING' }) as Error)
  })

  it('a path that cannot be read is refused, with what was expected', () => {
    const attributes: Attribute[] = [{ name: 'price', path: 'a..b', type: 'number' }]
    expect(() => mappingSql({ ...simpleMapping, attributes }, 'shop')).toThrow(/^The path of price, a\.\.b, cannot be read: column 3: expected a field name/)
  })
})

describe('a time', () => {
  it.each<[format: TimeFormat, written: unknown, micros: bigint]>([
    ['iso', '2026-01-01T12:00:00.123456Z', atUs + 123_456n],
    ['iso', '2026-01-01T14:00:00+02:00', atUs],
    ['iso', '2026-01-01 12:00:00', atUs],
    ['iso', '2026-01-01', atUs - 43_200_000_000n],
    ['iso', '1969-12-31T23:59:59.5Z', -500_000n],
    ['epoch_s', 1767268800, atUs],
    ['epoch_s', '1767268800.25', atUs + 250_000n],
    ['epoch_s', -1, -1_000_000n],
    ['epoch_ms', 1767268800123, atUs + 123_000n],
    ['epoch_ms', 1767268800123.5, atUs + 123_500n],
    ['epoch_us', 1767268800123456, atUs + 123_456n],
    ['epoch_ns', '1767268800123456789', atUs + 123_456n],
    ['epoch_ns', -1, -1n],
  ])('in the form %s reads %s', async (timeFormat, written, micros) => {
    const [row] = await map(one({ type: 'view', at: written }), { timeFormat })
    expect(row).toMatchObject({ reason: null, time: micros })
  })

  it.each<[format: TimeFormat, written: unknown]>([
    ['iso', 'yesterday'], ['iso', 'infinity'], ['iso', 1767268800], ['iso', { y: 2026 }], ['iso', ''],
    ['epoch_s', 'soon'], ['epoch_s', 1e300], ['epoch_ms', 'NaN'], ['epoch_us', true], ['epoch_ns', '9'.repeat(40)],
  ])('in the form %s does not read %j', async (timeFormat, written) => {
    expect(await map(one({ type: 'view', at: written }), { timeFormat })).toMatchObject([{ reason: 'bad_time', detail: `The value at at is not a time in the form ${timeFormat}.`, time: null }])
  })

  it('may be the broker\'s', async () => {
    expect(await map(one({ type: 'view' }), { time: '$broker_time', timeFormat: 'epoch_ms' })).toMatchObject([{ reason: null, time: BigInt(brokerTime) }])
  })

  it('may stand in a header', async () => {
    expect(await map(one({ type: 'view' }, { headers: [{ name: 'at', value: Buffer.from(at) }] }), { time: '$headers.at' })).toMatchObject([{ reason: null, time: atUs }])
  })
})

describe('an attribute', () => {
  it.each<[type: Attribute['type'], json: string, expected: unknown]>([
    ['text', '"a"', 'a'],
    ['text', '1.50', '1.5'],
    ['integer', '42', 42n],
    ['integer', '"42"', 42n],
    ['integer', '-9007199254740993', -9007199254740993n],
    ['integer', '2.5', null],
    ['integer', '"many"', null],
    ['number', '2.5', 2.5],
    ['number', '"1e-3"', 0.001],
    ['number', '"NaN?"', null],
    ['boolean', 'true', true],
    ['boolean', '"false"', false],
    ['boolean', '"maybe"', null],
    ['time', '"2026-01-01T12:00:00Z"', new Date(at)],
    ['time', '"infinity"', null],
    ['time', '"never"', null],
  ])('of type %s reads %s as it is, or as NULL, and the event stays one', async (type, json, expected) => {
    expect(await map(one(`{"type":"view","at":"${at}","x":${json}}`), { attributes: [{ name: 'x', path: 'x', type }] })).toMatchObject([{ reason: null, a_x: expected }])
  })

  it('has a column of its own, whatever it is called', async () => {
    const names = ['time', 'key', 'offset', 'payload', 'type_text', 'reason', 'select', 'a_x', 'x.y']
    const attributes = names.map((name): Attribute => ({ name, path: `"${name}"`, type: 'text' }))
    const [row] = await map(one({ ...payload({}), ...Object.fromEntries(names.map((name) => [name, `my ${name}`])) }), { attributes })
    expect(row).toMatchObject({ ...Object.fromEntries(names.map((name) => [`a_${name}`, `my ${name}`])), time: atUs, type_text: 'view' })
  })
})

describe('a dead letter', () => {
  it.each<[reason: string, value: string | Buffer | object, detail: string]>([
    ['not_json', '{"type":', 'The payload is not valid JSON.'],
    ['not_json', '', 'The payload is not valid JSON.'],
    ['not_utf8', Buffer.from([0x22, 0xc3, 0x28, 0x22]), 'The payload is not UTF-8 text.'],
    ['no_type', { at }, 'The event has no type at type.'],
    ['no_type', '[]', 'The event has no type at type.'],
    ['no_type', 'null', 'The event has no type at type.'],
    ['no_time', { type: 'view' }, 'The event has no time at at.'],
    ['no_time', { type: 'view', at: null }, 'The event has no time at at.'],
    ['bad_time', { type: 'view', at: 'then' }, 'The value at at is not a time in the form iso.'],
  ])('says %s of %j', async (reason, value, detail) => {
    expect(await map(one(value))).toMatchObject([{ reason, detail }])
  })

  it('keeps the reason that a decoder gave, and leaves its neighbors alone', async () => {
    const found = await map([
      { offset: 1, value: payload({}) },
      { offset: 2, value: Buffer.from([0, 0, 0, 0, 1]), decoded: { kind: 'dead', reason: 'registry_missing', detail: 'No registry.', schema: 1 } },
      { offset: 3, value: 'broken' },
      { offset: 4, value: payload({ user: 'bob' }) },
    ])
    expect(found.map(({ reason, detail, key_text: key }) => ({ reason, detail, key }))).toEqual([
      { reason: null, detail: null, key: 'ann' },
      { reason: 'registry_missing', detail: 'No registry.', key: null },
      { reason: 'not_json', detail: 'The payload is not valid JSON.', key: null },
      { reason: null, detail: null, key: 'bob' },
    ])
  })

  it('quotes the mapping\'s own words without running them', async () => {
    const hostile = `"'); DROP TABLE events; --"`
    expect(await map(one({ at }), { type: hostile })).toMatchObject([{ reason: 'no_type', detail: `The event has no type at ${hostile}.` }])
  })
})

describe('a tombstone', () => {
  it('is an event of its key, of type tombstone, at the broker\'s time', async () => {
    expect(await map(one(null, { key: 'ann' }), { key: '$key' })).toMatchObject([{ reason: null, key_text: 'ann', type_text: 'tombstone', time: BigInt(brokerTime) }])
  })

  it('takes type and time from where the mapping finds them', async () => {
    expect(await map(one(null, { key: 'ann', headers: [{ name: 'at', value: Buffer.from(at) }] }), { key: '$key', type: '$topic', time: '$headers.at' })).toMatchObject([{ reason: null, type_text: 'shop', time: atUs }])
  })
})

describe('a CloudEvent', () => {
  const context = { id: 'e-1', source: '/shop', type: 'cart.added', time: '2026-01-01T00:00:00.5Z', subject: 'cart/1', sequence: '0007', correlationid: 'c', causationid: 'e-0', traceparent: '00-ab-cd-01', dataschema: 'urn:x', extra: 'kept' }
  const decoded = event('cloudevents-binary', { context: JSON.stringify(context) })

  it('fills its columns without any mapping, before what the mapping says', async () => {
    expect(await map(one(payload({}), { decoded }))).toMatchObject([
      { reason: null, type_text: 'cart.added', time: BigInt(brokerTime) + 500_000n, key_text: 'ann', id: 'e-1', origin: '/shop', subject: 'cart/1', sequence: '0007', correlationid: 'c', causationid: 'e-0', traceparent: '00-ab-cd-01', dataschema: 'urn:x' },
    ])
  })

  it('without a time has the mapping\'s time, else the broker\'s', async () => {
    const { time: _, ...timeless } = context
    const withoutTime = event('cloudevents-binary', { context: JSON.stringify(timeless) })
    expect(await map(one(payload({}), { decoded: withoutTime }))).toMatchObject([{ time: atUs }])
    expect(await map(one({ user: 'ann' }, { decoded: withoutTime }))).toMatchObject([{ reason: null, time: BigInt(brokerTime) }])
  })

  it('with a time that is none is a dead letter, as any other event: the broker\'s would be made up', async () => {
    const never = event('cloudevents-binary', { context: JSON.stringify({ ...context, time: 'yesterday' }) })
    expect(await map(one(payload({}), { decoded: never }))).toMatchObject([{ reason: 'bad_time', detail: 'The CloudEvent\'s attribute time is no time (RFC 3339).', time: null }])
  })

  it('has its trace from the header where it says none itself', async () => {
    const headers = [{ name: 'traceparent', value: Buffer.from('00-11-22-01') }]
    expect(await map([{ offset: 1, value: payload({}), headers }, { offset: 2, value: payload({}), headers, decoded }])).toMatchObject([{ traceparent: '00-11-22-01' }, { traceparent: '00-ab-cd-01' }])
  })

  it('without data is no tombstone, and with data that is not JSON a dead letter', async () => {
    const structured = event('cloudevents-structured', { data: 'null', context: JSON.stringify(context) })
    expect(await map([{ offset: 1, value: '{}', decoded: structured }, { offset: 2, value: 'oops', decoded }])).toMatchObject([{ reason: null, type_text: 'cart.added' }, { reason: 'not_json' }])
  })
})
