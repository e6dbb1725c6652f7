import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PayloadFormat } from '../../../shared/model/source.ts'
import { createDecoder } from './decode.ts'
import type { Decoded, Header } from './record.ts'

const never = new AbortController().signal

async function decode(value: Buffer | string | null, headers: Readonly<Record<string, string | null>> | null = null, format: PayloadFormat = 'json'): Promise<Decoded | undefined> {
  const pairs = headers === null ? null : Object.entries(headers).map(([name, text]): Header => ({ name, value: text === null ? null : Buffer.from(text) }))
  return (await createDecoder({ format, registry: undefined }).decodeBatch({ size: 1, values: [typeof value === 'string' ? Buffer.from(value) : value], headers: [pairs] }, never))[0]
}

const cloudEvent = { ce_specversion: '1.0', ce_id: 'e', ce_source: 's', ce_type: 't' }
const binary = (value: Buffer | string | null, contentType?: string): Promise<Decoded | undefined> => decode(value, contentType === undefined ? cloudEvent : { ...cloudEvent, 'content-type': contentType })

describe('a payload without marks', () => {
  it('is left to the store in the format json, whatever it is', async () => {
    for (const value of ['{"a":1}', 'no JSON', '', Buffer.from([0xff])]) expect(await decode(value)).toEqual({ kind: 'event', decoder: 'json', data: null, context: null, schema: null })
  })

  it('is its text in the format text', async () => {
    const text = fc.string({ unit: 'grapheme' })
    await fc.assert(
      fc.asyncProperty(text, async (value) => {
        const decoded = await decode(value, null, 'text')
        expect(decoded).toMatchObject({ kind: 'event', decoder: 'text' })
        expect(JSON.parse((decoded as { data: string }).data)).toEqual({ text: value })
      }),
    )
    expect(await decode('\uFFFD', { h: '1' }, 'text')).toMatchObject({ kind: 'event', data: '{"text":"\uFFFD"}' })
    expect(await decode(Buffer.from([0x61, 0xff]), null, 'text')).toMatchObject({ kind: 'dead', reason: 'not_utf8', detail: expect.stringContaining('byte 2 of 2') as string })
  })

  it.each<[format: PayloadFormat, headers: Record<string, string> | null]>([['json', null], ['text', null], ['json', { h: '1' }]])('that is not there is a tombstone (%s, headers %j)', async (format, headers) => {
    expect(await decode(null, headers, format)).toEqual({ kind: 'event', decoder: 'tombstone', data: null, context: null, schema: null })
  })

  it('that begins with the magic byte and is too short for a schema id is a dead letter of broken framing', async () => {
    for (const hex of ['00', '00000001']) {
      for (const headers of [null, { h: '1' }]) {
        expect(await decode(Buffer.from(hex, 'hex'), headers)).toMatchObject({ kind: 'dead', reason: 'bad_framing', detail: expect.stringContaining(`${hex.length / 2} byte`) as string })
      }
    }
    expect(await decode(Buffer.from([0]), null, 'text')).toMatchObject({ kind: 'event', data: '{"text":"\\u0000"}' })
  })
})

describe('the data of a CloudEvent in binary mode', () => {
  it.each([undefined, 'application/json', 'application/vnd.shop+json; v=1', 'Text/JSON'])('is the payload itself with content-type %s', async (contentType) => {
    expect(await binary('{"a":1}', contentType)).toMatchObject({ kind: 'event', decoder: 'cloudevents-binary', data: null })
  })

  it('is a text with content-type text/…, or says why it is none', async () => {
    expect(await binary('a "b"', 'text/plain; charset=utf-8')).toMatchObject({ decoder: 'cloudevents-binary', data: '{"text":"a \\"b\\""}' })
    expect(await binary('', 'text/plain')).toMatchObject({ data: '{"text":""}' })
    expect(await binary(Buffer.from([0xff]), 'text/plain')).toMatchObject({ kind: 'dead', reason: 'not_utf8' })
  })

  it('is base64 with any other', async () => {
    expect(await binary(Buffer.from([0xff, 1]), 'image/png')).toMatchObject({ decoder: 'cloudevents-binary', data: '{"base64":"/wE="}' })
  })

  it('is none where the value is empty and would be JSON', async () => {
    for (const contentType of [undefined, 'application/json']) expect(await binary('', contentType)).toMatchObject({ kind: 'event', decoder: 'cloudevents-binary', data: '{}' })
  })

  it('is none in a tombstone, whatever the content-type says', async () => {
    for (const contentType of [undefined, 'application/json', 'text/plain', 'image/png']) expect(await binary(null, contentType)).toMatchObject({ kind: 'event', decoder: 'tombstone', data: null })
  })
})

describe('a batch', () => {
  it('gives one result a record, in their order, and each as if it came alone', async () => {
    const records: readonly (readonly [value: string | null, headers: Record<string, string> | null])[] = [
      ['{"a":1}', null],
      [null, null],
      ['{"specversion":"1.0","id":"e","source":"s","type":"t","data":7}', { 'content-type': 'application/cloudevents+json' }],
      ['text', { ...cloudEvent, 'content-type': 'text/plain' }],
      ['\0\0\0\0\u0001x', null],
      ['{}', { ce_specversion: '1.0' }],
    ]
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...records), { maxLength: 20 }), async (batch) => {
        const values = batch.map(([value]) => (value === null ? null : Buffer.from(value)))
        const headers = batch.map(([, pairs]) => (pairs === null ? null : Object.entries(pairs).map(([name, text]) => ({ name, value: Buffer.from(text) }))))
        const together = await createDecoder({ format: 'json', registry: undefined }).decodeBatch({ size: batch.length, values, headers }, never)
        expect(together).toEqual(await Promise.all(batch.map(([value, pairs]) => decode(value, pairs))))
      }),
    )
  })

  it('never throws, whatever the bytes', async () => {
    const bytes = fc.uint8Array({ maxLength: 30 }).map((array) => Buffer.from(array))
    const name = fc.constantFrom('content-type', 'ce_specversion', 'ce_id', 'ce_source', 'ce_type', '__value_schema_id', 'x')
    const value = fc.oneof(bytes, fc.constantFrom('1.0', 'application/cloudevents+json', 'application/json', 'text/plain', 'e').map((text) => Buffer.from(text)))
    const headers = fc.option(fc.array(fc.record({ name, value: fc.option(value) }), { maxLength: 8 }))
    await fc.assert(
      fc.asyncProperty(fc.option(bytes), headers, fc.constantFrom<PayloadFormat>('json', 'text'), async (payload, pairs, format) => {
        const [decoded] = await createDecoder({ format, registry: undefined }).decodeBatch({ size: 1, values: [payload], headers: [pairs] }, never)
        if (decoded?.kind === 'dead') expect(decoded.detail).not.toBe('')
        else for (const text of [decoded?.data, decoded?.context]) if (text !== null) expect(() => JSON.parse(text ?? '') as unknown).not.toThrow()
      }),
      { numRuns: 1_000 },
    )
  })
})
