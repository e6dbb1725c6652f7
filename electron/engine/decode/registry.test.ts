import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Registry } from '../../../shared/model/connection.ts'
import { createDecoder, type RecordDecoder } from './decode.ts'
import type { Decoded, Header } from './record.ts'
import { SchemaCache } from './registry.ts'

type Answer = object | number | ((request: IncomingMessage, response: ServerResponse) => void)

/** A registry that answers from a table and remembers what it was asked. A number is an error, by Confluent's code or by the status alone. */
class TestRegistry {
  readonly answers = new Map<string, Answer>()
  readonly asked: string[] = []
  authorization: string | undefined
  private server: Server | undefined
  private port = 0

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  async start(): Promise<void> {
    this.server = createServer((request, response) => {
      this.asked.push(request.url ?? '')
      this.authorization = request.headers.authorization
      const answer = this.answers.get(request.url ?? '') ?? 40403
      if (typeof answer === 'function') answer(request, response)
      else if (typeof answer === 'number') response.writeHead(answer > 999 ? Math.floor(answer / 100) : answer).end(JSON.stringify({ error_code: answer }))
      else response.end(JSON.stringify(answer))
    })
    await new Promise<void>((resolve) => this.server?.listen(this.port, '127.0.0.1', resolve))
    this.port = (this.server.address() as AddressInfo).port
  }

  async stop(): Promise<void> {
    this.server?.closeAllConnections()
    await new Promise((resolve) => this.server?.close(resolve) ?? resolve(undefined))
    this.server = undefined
  }
}

let server: TestRegistry
let signal: AbortSignal

beforeEach(async () => {
  server = new TestRegistry()
  await server.start()
  signal = new AbortController().signal
})
afterEach(async () => {
  vi.restoreAllMocks()
  await server.stop()
})

const connect = (rest: Partial<Registry> = {}): RecordDecoder => createDecoder({ format: 'json', registry: { url: server.url, ...rest } })

/** A payload with its frame, from the id and the hexadecimal bytes behind it. */
function framed(id: number, hex: string): Buffer {
  const front = Buffer.alloc(5)
  front.writeUInt32BE(id, 1)
  return Buffer.concat([front, Buffer.from(hex.replaceAll(' ', ''), 'hex')])
}

async function decode(decoder: RecordDecoder, value: Buffer, headers: readonly Header[] | null = null): Promise<Decoded | undefined> {
  return (await decoder.decodeBatch({ size: 1, values: [value], headers: [headers] }, signal))[0]
}

const avro = { schema: '{"type":"record","name":"E","fields":[{"name":"user","type":"string"},{"name":"n","type":"long"}]}' }
const avroHex = '06 616e6e 0e' // "ann", 7
const avroData = '{"user":"ann","n":7}'

describe('a payload in a registry\'s frame', () => {
  it('is read as Avro where the schema names no type', async () => {
    server.answers.set('/schemas/ids/1', avro)
    expect(await decode(connect(), framed(1, avroHex))).toEqual({ kind: 'event', decoder: 'avro', data: avroData, context: null, schema: 1 })
  })

  it('is read as Protobuf, with the schemas that it refers to, deepest first', async () => {
    server.answers.set('/schemas/ids/2', { schemaType: 'PROTOBUF', schema: 'syntax = "proto3"; import "order.proto"; message E { Order order = 1; }', references: [{ name: 'order.proto', subject: 'order/value', version: 3 }] })
    server.answers.set('/subjects/order%2Fvalue/versions/3', { schema: 'syntax = "proto3"; import "item.proto"; message Order { Item item = 1; }', references: [{ name: 'item.proto', subject: 'item', version: 1 }] })
    server.answers.set('/subjects/item/versions/1', { schema: 'syntax = "proto3"; message Item { string sku = 1; }' })
    expect(await decode(connect(), framed(2, '00 0a050a030a0161'))).toMatchObject({ decoder: 'protobuf', schema: 2, data: '{"order":{"item":{"sku":"a"}}}' })
  })

  it('is read as Avro with references that name each other in a circle', async () => {
    const reference = (name: string): object => ({ name, subject: name, version: 1 })
    server.answers.set('/schemas/ids/3', { schema: '{"type":"record","name":"E","fields":[{"name":"a","type":"A"}]}', references: [reference('A')] })
    server.answers.set('/subjects/A/versions/1', { schema: '{"type":"record","name":"A","fields":[{"name":"b","type":"B"}]}', references: [reference('B')] })
    server.answers.set('/subjects/B/versions/1', { schema: '{"type":"enum","name":"B","symbols":["X","Y"]}', references: [reference('A')] })
    expect(await decode(connect(), framed(3, '02'))).toMatchObject({ decoder: 'avro', data: '{"a":{"b":"Y"}}' })
  })

  it('is JSON as it stands where the schema is a JSON Schema, valid by it or not', async () => {
    server.answers.set('/schemas/ids/4', { schemaType: 'JSON', schema: '{"type":"string"}' })
    const text = '{ "n": 9007199254740993, "é": 2.10 }'
    expect(await decode(connect(), framed(4, Buffer.from(text).toString('hex')))).toEqual({ kind: 'event', decoder: 'json-schema', data: text, context: null, schema: 4 })
    expect(await decode(connect(), framed(4, '22ff22'))).toMatchObject({ kind: 'dead', reason: 'schema_mismatch', schema: 4 })
  })

  it('may name its schema in a header, by id or by GUID', async () => {
    const guid = '00112233-4455-6677-8899-aabbccddeeff'
    server.answers.set(`/schemas/guids/${guid}/ids`, [{ id: 9 }, { id: 10 }])
    server.answers.set('/schemas/ids/9', avro)
    const header = (hex: string): Header[] => [{ name: '__value_schema_id', value: Buffer.from(hex.replaceAll('-', ''), 'hex') }]
    const payload = Buffer.from(avroHex.replaceAll(' ', ''), 'hex')
    expect(await decode(connect(), payload, header(`01${guid}`))).toMatchObject({ decoder: 'avro', data: avroData, schema: 9 })
    expect(await decode(connect(), payload, header('0000000009'))).toMatchObject({ decoder: 'avro', data: avroData, schema: 9 })
    server.answers.set(`/schemas/guids/${guid}/ids`, [])
    expect(await decode(connect(), payload, header(`01${guid}`))).toMatchObject({ kind: 'dead', reason: 'schema_unknown' })
  })

  it('may be the data of a CloudEvent in binary mode', async () => {
    server.answers.set('/schemas/ids/1', avro)
    const headers = Object.entries({ ce_specversion: '1.0', ce_id: 'e', ce_source: 's', ce_type: 't', 'content-type': 'application/avro' }).map(([name, value]) => ({ name, value: Buffer.from(value) }))
    const decoded = await decode(connect(), framed(1, avroHex), headers)
    expect(decoded).toMatchObject({ kind: 'event', decoder: 'avro', data: avroData })
    expect(JSON.parse((decoded as { context: string }).context)).toMatchObject({ type: 't' })
  })

  it.each<[what: string, hex: string]>([
    ['is cut off', '06616e'],
    ['has a text of negative length', '0361'],
    ['is empty', ''],
  ])('is a dead letter where it %s', async (_, hex) => {
    server.answers.set('/schemas/ids/1', avro)
    expect(await decode(connect(), framed(1, hex))).toMatchObject({ kind: 'dead', reason: 'schema_mismatch', schema: 1, detail: expect.stringMatching(/^The payload does not fit schema 1: ./) as string })
  })

  it.each<[what: string, answer: object, reason: RegExp]>([
    ['broken', { schema: '{' }, /^Schema 1 cannot be used: ./],
    ['of an unknown type', { schema: '', schemaType: 'THRIFT' }, /of the type THRIFT, which is not known/],
  ])('is a dead letter where the schema is %s', async (_, answer, reason) => {
    server.answers.set('/schemas/ids/1', answer)
    expect(await decode(connect(), framed(1, avroHex))).toMatchObject({ kind: 'dead', schema: 1, detail: expect.stringMatching(reason) as string })
  })

  it('waits where the connection names no registry', async () => {
    const decoder = createDecoder({ format: 'json', registry: undefined })
    expect(await decode(decoder, framed(1, avroHex))).toMatchObject({ kind: 'dead', reason: 'registry_missing', schema: 1 })
    expect(decoder.status()).toBeUndefined()
  })

  it('is a dead letter of an unknown schema where the registry does not have it, and is not asked for again', async () => {
    const decoder = connect()
    for (let turn = 0; turn < 3; turn++) expect(await decode(decoder, framed(7, avroHex))).toMatchObject({ kind: 'dead', reason: 'schema_unknown', detail: 'The schema registry has no schema 7.', schema: 7 })
    expect(server.asked).toEqual(['/schemas/ids/7'])
    expect(decoder.status()).toEqual({ state: 'ok' })
  })
})

describe('a registry', () => {
  it('is asked for each schema once, by however many records and batches at the same time', async () => {
    server.answers.set('/schemas/ids/1', (_, response) => setTimeout(() => response.end(JSON.stringify(avro)), 50))
    const decoder = connect()
    const batch = { size: 100, values: Array.from({ length: 100 }, (_, row) => (row % 2 === 0 ? framed(1, avroHex) : Buffer.from('{}'))), headers: new Array<null>(100).fill(null) }
    const results = await Promise.all([decoder.decodeBatch(batch, signal), decoder.decodeBatch(batch, signal)])
    for (const result of results) expect(result.map((made) => (made.kind === 'event' ? made.decoder : made.reason))).toEqual(Array.from({ length: 100 }, (_, row) => (row % 2 === 0 ? 'avro' : 'json')))
    expect(server.asked).toEqual(['/schemas/ids/1'])
  })

  it('that is away stops nothing: its records wait, the others are read, and it is asked again only after a growing pause', async () => {
    server.answers.set('/schemas/ids/1', avro)
    await server.stop()
    let now = 1_000_000
    vi.spyOn(Date, 'now').mockImplementation(() => now)
    const decoder = connect()
    const waiting = { kind: 'dead', reason: 'registry_unavailable', detail: 'The schema registry does not answer: ECONNREFUSED', schema: 1 }
    const both = await decoder.decodeBatch({ size: 2, values: [framed(1, avroHex), Buffer.from('{}')], headers: [null, null] }, signal)
    expect(both).toMatchObject([waiting, { kind: 'event', decoder: 'json' }])
    expect(decoder.status()).toEqual({ state: 'down', since: 1_000_000, error: 'ECONNREFUSED' })

    await server.start()
    now += 999
    expect(await decode(decoder, framed(1, avroHex))).toMatchObject(waiting)
    expect(server.asked).toEqual([])
    now += 1
    expect(await decode(decoder, framed(1, avroHex))).toMatchObject({ kind: 'event', data: avroData })
    expect(decoder.status()).toEqual({ state: 'ok' })
  })

  it('is asked again after 1, 2, 4, 8, 16, 30 and 30 s, and at once again after it was back', async () => {
    server.answers.set('/schemas/ids/1', 500)
    let now = 0
    vi.spyOn(Date, 'now').mockImplementation(() => now)
    const cache = new SchemaCache({ url: server.url })
    const times: number[] = []
    for (; now < 100_000; now += 500) {
      const before = server.asked.length
      await cache.load(['1'], signal)
      if (server.asked.length > before) times.push(now / 1000)
    }
    expect(times).toEqual([0, 1, 3, 7, 15, 31, 61, 91])
    expect(cache.status()).toEqual({ state: 'down', since: 0, error: 'the registry answers with status 500' })
    now += 60_000
    server.answers.set('/schemas/ids/1', avro)
    await cache.load(['1'], signal)
    server.answers.set('/schemas/ids/2', 500)
    await cache.load(['2'], signal)
    expect(cache.status()).toMatchObject({ state: 'down', since: now })
  })

  it('counts one pause however many schemas are asked for at once', async () => {
    let now = 0
    vi.spyOn(Date, 'now').mockImplementation(() => now)
    const cache = new SchemaCache({ url: server.url })
    const keys = Array.from({ length: 8 }, (_, id) => String(id))
    for (const key of keys) server.answers.set(`/schemas/ids/${key}`, 503)
    await cache.load(keys, signal)
    now = 1_000
    for (const key of keys) server.answers.set(`/schemas/ids/${key}`, avro)
    await cache.load(keys, signal)
    expect(keys.map((key) => 'read' in cache.get(key))).toEqual(keys.map(() => true))
  })

  it.each<[what: string, answer: Answer, error: RegExp]>([
    ['refuses the user', 401, /status 401: the user name or password is wrong/],
    ['forbids reading', 403, /status 403: the user name or password is wrong, or may not read/],
    ['answers with something else than a schema', { hello: 1 }, /./],
    ['answers with something else than JSON', (_, response) => response.end('<html>'), /./],
    ['has no such address', 404, /status 404: is its address complete\?/],
    ['is no registry', (_, response) => response.writeHead(404).end('<html>Not found</html>'), /status 404: is its address complete\?/],
    ['hangs up', (request) => request.socket.destroy(), /ECONNRESET|socket hang up/],
    ['hangs up in the middle', (request, response) => { response.write('{"schema":'); setTimeout(() => request.socket.destroy(), 10) }, /ECONNRESET|aborted/],
    ['sends without end', (_, response) => { const part = Buffer.alloc(1024 * 1024, 32); const send = (): void => { while (!response.destroyed && response.write(part)); }; response.on('drain', send); send() }, /more than 16 MB/],
  ])('that %s counts as away, and the reason is said', async (_, answer, error) => {
    server.answers.set('/schemas/ids/1', answer)
    const decoder = connect()
    expect(await decode(decoder, framed(1, avroHex))).toMatchObject({ kind: 'dead', reason: 'registry_unavailable' })
    expect(decoder.status()).toMatchObject({ state: 'down', error: expect.stringMatching(error) as string })
  })

  it('does not hold up whoever gives up, and is not called away for that', async () => {
    server.answers.set('/schemas/ids/1', () => undefined)
    const giveUp = new AbortController()
    const decoder = connect()
    const decoding = decoder.decodeBatch({ size: 1, values: [framed(1, avroHex)], headers: [null] }, giveUp.signal)
    await wait(50)
    giveUp.abort()
    expect((await decoding)[0]).toMatchObject({ kind: 'dead' })
    expect(decoder.status()).toEqual({ state: 'ok' })
  })

  it('gets the user name and password, be they in the URL or beside it, or the token', async () => {
    server.answers.set('/schemas/ids/1', avro)
    const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`
    const { host } = new URL(server.url)
    for (const [registry, expected] of [
      [{}, undefined],
      [{ username: 'ann', password: 'p:w é' }, basic('ann:p:w é')],
      [{ url: `http://ann:p%40w@${host}` }, basic('ann:p@w')],
      [{ token: 't-1', username: 'ann', password: 'x' }, 'Bearer t-1'],
      [{ url: `${server.url}//` }, undefined],
    ] as const) {
      expect(await decode(connect(registry), framed(1, avroHex))).toMatchObject({ kind: 'event' })
      expect(server.authorization).toBe(expected)
    }
  })

  it('never has its password in a reason', async () => {
    await server.stop()
    const { host } = new URL(server.url)
    const decoder = connect({ url: `http://ann:secret@${host}`, password: 'secret' })
    expect(JSON.stringify([await decode(decoder, framed(1, avroHex)), decoder.status()])).not.toContain('secret')
  })
})
