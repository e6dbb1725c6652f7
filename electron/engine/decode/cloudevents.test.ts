import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isJsonType, readCloudEvent } from './cloudevents.ts'
import type { DeadRecord, DecodedEvent, Header } from './record.ts'

type Read = DecodedEvent | DeadRecord | undefined

/** Headers by name; a list gives a name several times. */
function headers(values: Readonly<Record<string, string | null>> | readonly (readonly [string, string | null])[]): Header[] {
  const pairs = Array.isArray(values) ? (values as readonly (readonly [string, string | null])[]) : Object.entries(values)
  return pairs.map(([name, value]) => ({ name, value: value === null ? null : Buffer.from(value) }))
}

const attributes = { specversion: '1.0', id: 'e-1', source: '/shop', type: 'cart.add' }
const binaryHeaders = { ce_specversion: '1.0', ce_id: 'e-1', ce_source: '/shop', ce_type: 'cart.add' }
const jsonFormat = 'application/cloudevents+json'

function binary(more: Readonly<Record<string, string | null>> = {}, value: Buffer | null = Buffer.from('{}')): Read {
  return readCloudEvent({ key: null, value, headers: headers({ ...binaryHeaders, ...more }) })
}

function structured(envelope: object | string, contentType = jsonFormat): Read {
  const text = typeof envelope === 'string' ? envelope : JSON.stringify(envelope)
  return readCloudEvent({ key: null, value: Buffer.from(text), headers: headers({ 'content-type': contentType }) })
}

function asEvent(read: Read): DecodedEvent {
  if (read?.kind !== 'event') throw new Error(`no event: ${JSON.stringify(read)}`)
  return read
}
const context = (read: Read): unknown => JSON.parse(asEvent(read).context ?? 'null')
const data = (read: Read): unknown => JSON.parse(asEvent(read).data ?? 'null')
const detail = (read: Read): string => {
  if (read?.kind !== 'dead') throw new Error(`no dead letter: ${JSON.stringify(read)}`)
  expect(read.detail.length).toBeLessThan(400)
  return `${read.reason}: ${read.detail}`
}

describe('the content mode', () => {
  it.each(['application/cloudevents+json', 'application/cloudevents', 'Application/CloudEvents+JSON; charset=UTF-8', 'APPLICATION/CLOUDEVENTS+JSON', ' application/cloudevents+json ;charset=utf-8'])('is structured with content-type %s', (contentType) => {
    expect(asEvent(structured({ ...attributes, data: 1 }, contentType)).decoder).toBe('cloudevents-structured')
  })

  it('is told from the header in whatever case its name is written', () => {
    const value = Buffer.from(JSON.stringify({ ...attributes, data: 1 }))
    expect(asEvent(readCloudEvent({ key: null, value, headers: headers({ 'Content-Type': jsonFormat }) })).decoder).toBe('cloudevents-structured')
  })

  it('is structured even where the attributes are repeated as headers', () => {
    const value = Buffer.from(JSON.stringify({ ...attributes, id: 'inside', data: 1 }))
    expect(context(readCloudEvent({ key: null, value, headers: headers({ ...binaryHeaders, 'content-type': jsonFormat }) }))).toMatchObject({ id: 'inside' })
  })

  it.each(['application/cloudevents+avro', 'application/cloudevents+protobuf', 'application/cloudevents-batch+json', 'application/cloudevents-batch'])('%s is kept as a dead letter', (contentType) => {
    expect(detail(structured([attributes], contentType))).toMatch(contentType.includes('batch') ? /^bad_cloudevent: Batches/ : /^bad_cloudevent: The CloudEvents format application\/cloudevents\+\w+ is not known/)
  })

  it('is none without the headers of one', () => {
    expect(readCloudEvent({ key: null, value: Buffer.from('{"specversion":"1.0"}'), headers: null })).toBeUndefined()
    expect(readCloudEvent({ key: null, value: Buffer.from('{}'), headers: headers({ 'content-type': 'application/json', ce_id: 'no version' }) })).toBeUndefined()
    expect(readCloudEvent({ key: null, value: Buffer.from('{}'), headers: headers({ ce_specversion: null }) })).toBeUndefined()
  })
})

describe('binary mode', () => {
  it('takes every attribute and extension from its header, and the type of the data from content-type', () => {
    const read = binary({ ce_time: '2026-01-01T00:00:00Z', ce_subject: 'cart/7', ce_traceparent: '00-a-b-01', ce_Region: 'eu', other: 'x', 'content-type': 'application/json; charset=utf-8' })
    expect(context(read)).toEqual({ ...attributes, time: '2026-01-01T00:00:00Z', subject: 'cart/7', traceparent: '00-a-b-01', region: 'eu', datacontenttype: 'application/json; charset=utf-8' })
    expect(asEvent(read)).toMatchObject({ decoder: 'cloudevents-binary', data: null })
  })

  it('takes values as the UTF-8 that they are: Kafka headers are not percent-encoded', () => {
    expect(context(binary({ ce_subject: '100%25 %C3%A9 é "€"', ce_empty: '' }))).toEqual({ ...attributes, subject: '100%25 %C3%A9 é "€"', empty: '' })
  })

  it('reads the names of attributes in any case', () => {
    expect(context(readCloudEvent({ key: null, value: null, headers: headers({ CE_SpecVersion: '1.0', Ce_Id: 'e-1', ce_Source: '/shop', CE_TYPE: 'cart.add' }) }))).toEqual(attributes)
  })

  it('takes the first of a header that comes twice, and none that is null', () => {
    const twice = [...Object.entries(binaryHeaders), ['ce_id', 'second'], ['ce_subject', null], ['ce_subject', 'cart/7'], ['ce_subject', 'cart/8'], ['content-type', 'text/plain'], ['content-type', 'application/json']] as const
    expect(context(readCloudEvent({ key: null, value: Buffer.from('{}'), headers: headers(twice) }))).toEqual({ ...attributes, subject: 'cart/7', datacontenttype: 'text/plain' })
  })

  it('keeps an attribute of every name', () => {
    expect(Object.entries(context(binary({ ce___proto__: 'p', ce_constructor: 'c' })) as object)).toEqual([...Object.entries(attributes), ['__proto__', 'p'], ['constructor', 'c']])
  })

  it('without a value is a tombstone that keeps its attributes', () => {
    expect(asEvent(binary({}, null))).toMatchObject({ decoder: 'tombstone', data: null })
    expect(context(binary({}, null))).toEqual(attributes)
  })

  it.each(['id', 'source', 'type'])('without %s is a dead letter that says so', (name) => {
    expect(detail(binary({ [`ce_${name}`]: null }))).toBe(`bad_cloudevent: The CloudEvent has no attribute ${name}.`)
    expect(detail(binary({ [`ce_${name}`]: '' }))).toBe(`bad_cloudevent: The CloudEvent's attribute ${name} is empty.`)
  })

  it.each(['0.3', '2.0', '1', '1.0.2', 'x'.repeat(1000)])('of version %s is a dead letter', (version) => {
    expect(detail(binary({ ce_specversion: version }))).toBe(`bad_cloudevent: The CloudEvent is of version ${version.slice(0, 20)}; 1.0 is known.`)
  })
})

describe('structured mode', () => {
  it('splits the envelope into data and everything else', () => {
    const read = structured({ ...attributes, subject: 'cart/7', datacontenttype: 'application/json', partitionkey: 'k', count: 7, flag: true, none: null, data: { item: 'p1', deep: [{}] } })
    expect(asEvent(read)).toMatchObject({ decoder: 'cloudevents-structured', schema: null })
    expect(context(read)).toEqual({ ...attributes, subject: 'cart/7', datacontenttype: 'application/json', partitionkey: 'k', count: 7, flag: true, none: null })
    expect(data(read)).toEqual({ item: 'p1', deep: [{}] })
  })

  it('keeps the digits of numbers, in data and in extensions', () => {
    const read = asEvent(structured('{"specversion":"1.0","id":"e","source":"s","type":"t","sequence":9007199254740993,"data":{"id":18446744073709551617,"price":2.10,"tiny":1e-400}}'))
    expect(read.data).toBe('{"id":18446744073709551617,"price":2.10,"tiny":1e-400}')
    expect(read.context).toContain('"sequence":9007199254740993')
  })

  it.each<[data: unknown]>([['text'], [0], [false], [null], [[1, 'two']], [{}]])('takes %j as data', (value) => {
    expect(data(structured({ ...attributes, data: value }))).toEqual(value)
  })

  it('takes whatever JSON can say as data', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => {
      expect(data(structured({ ...attributes, data: value }))).toEqual(JSON.parse(JSON.stringify(value)))
    }))
  })

  it('without data is an event, no tombstone', () => {
    expect(asEvent(structured(attributes))).toMatchObject({ decoder: 'cloudevents-structured', data: '{}' })
  })

  it('reads the first of a name that comes twice in an object', () => {
    expect(data(structured('{"specversion":"1.0","id":"e","id":"f","source":"s","type":"t","data":{"a":1,"a":2}}'))).toEqual({ a: 1 })
  })

  it('keeps a name that JavaScript objects have', () => {
    expect(asEvent(structured('{"specversion":"1.0","id":"e","source":"s","type":"t","data":{"__proto__":{"admin":true}}}')).data).toBe('{"__proto__":{"admin":true}}')
    expect(detail(structured('{"__proto__":{"specversion":"1.0","id":"e","source":"s","type":"t"}}'))).toContain('no attribute specversion')
  })

  it('reads base64 as JSON where the data is JSON, and keeps it else', () => {
    const base64 = (bytes: string | Buffer): string => Buffer.from(bytes).toString('base64')
    expect(data(structured({ ...attributes, data_base64: base64('{"a":"é"}') }))).toEqual({ a: 'é' })
    expect(data(structured({ ...attributes, datacontenttype: 'application/vnd.shop+json', data_base64: base64('[1]') }))).toEqual([1])
    expect(asEvent(structured({ ...attributes, data_base64: base64('{"n":9007199254740993}') })).data).toBe('{"n":9007199254740993}')
    for (const kept of [base64('{"a":'), base64(Buffer.from([0x22, 0xff, 0x22])), '']) expect(data(structured({ ...attributes, data_base64: kept }))).toEqual({ base64: kept })
    expect(data(structured({ ...attributes, datacontenttype: 'image/png', data_base64: base64('{}') }))).toEqual({ base64: base64('{}') })
  })

  it.each<[what: string, envelope: object | string, reason: RegExp]>([
    ['data and data_base64 at once', { ...attributes, data: 1, data_base64: 'MQ==' }, /^bad_cloudevent: .*not both/],
    ['data_base64 that is no text', { ...attributes, data_base64: 7 }, /^bad_cloudevent: .*data_base64 is not a text/],
    ['an id that is a number', { ...attributes, id: 7 }, /^bad_cloudevent: .*attribute id is not a text/],
    ['an id that is null', { ...attributes, id: null }, /^bad_cloudevent: .*no attribute id/],
    ['no type', { ...attributes, type: undefined }, /^bad_cloudevent: .*no attribute type/],
    ['an older version', { ...attributes, specversion: '0.3' }, /^bad_cloudevent: .*version 0\.3; 1\.0 is known/],
    ['a list', [attributes], /^bad_cloudevent: .*is a JSON object/],
    ['a number', '7', /^bad_cloudevent: .*is a JSON object/],
    ['null', 'null', /^bad_cloudevent: .*is a JSON object/],
    ['no JSON', '{"specversion": x}', /^not_json: .*from character 17 on/],
    ['nothing', '', /^not_json: The payload is empty/],
  ])('with %s is a dead letter', (_, envelope, reason) => {
    expect(detail(structured(envelope))).toMatch(reason)
  })

  it('that is not UTF-8, or has no value, is a dead letter', () => {
    const contentType = headers({ 'content-type': jsonFormat })
    expect(detail(readCloudEvent({ key: null, value: Buffer.from([0x7b, 0xff]), headers: contentType }))).toMatch(/^not_utf8: /)
    expect(detail(readCloudEvent({ key: null, value: null, headers: contentType }))).toMatch(/^bad_cloudevent: .*no value/)
  })

  it('is read or refused, however deep it is, and never throws', () => {
    for (let depth = 1; depth < 300_000; depth = Math.ceil(depth * 1.1)) {
      for (const [open, close] of [['[', ']'], ['{"a":', '}']] as const) {
        const deep = `${open.repeat(depth)}1${close.repeat(depth)}`
        const read = structured(`{"specversion":"1.0","id":"e","source":"s","type":"t","data":${deep}}`)
        if (read?.kind === 'event') expect(read.data === deep).toBe(true)
        else expect(detail(read)).toBe('bad_cloudevent: The CloudEvent is nested too deep to be read.')
      }
    }
  })
})

describe('a media type', () => {
  it.each<[type: string, isJson: boolean]>([
    ['application/json', true],
    ['Application/JSON; charset=utf-8', true],
    ['text/json', true],
    ['application/vnd.shop.v1+json ; v=1', true],
    ['application/jsonl', false],
    ['application/xml', false],
    ['application/xml; profile=a/json', false],
    ['json', false],
    ['', false],
  ])('%s is JSON: %s', (type, isJson) => {
    expect(isJsonType(type)).toBe(isJson)
  })
})
