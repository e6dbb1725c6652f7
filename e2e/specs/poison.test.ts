import { createHash } from 'node:crypto'
import { SchemaRegistry, SchemaType } from '@kafkajs/confluent-schema-registry'
import type { IHeaders } from 'kafkajs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { CallOutput } from '../../shared/contract/calls.ts'
import type { Mapping } from '../../shared/model/mapping.ts'
import { availability } from '../kafka/availability.ts'
import { type Broker, startBroker } from '../kafka/broker.ts'
import { describeIf } from '../kafka/describe-if.ts'
import { produce, type TestRecord } from '../kafka/produce.ts'
import { type Registry, registryAvailability, startRegistry } from '../kafka/registry.ts'
import { createTopic } from '../kafka/topics.ts'
import { TestWorkspace } from './workspace.ts'

/** Milliseconds. */
const slow = 120_000

const [onBroker, onRegistry] = await Promise.all([availability(), registryAvailability('refused')])

const mapping: Mapping = { key: '$key', type: 'type', time: 'at', timeFormat: 'iso', attributes: [{ name: 'n', path: 'n', type: 'integer' }] }
const at = '2026-01-01T00:00:00Z'

type Detail = CallOutput<'event.get'>
type Letter = CallOutput<'deadLetters.list'>['letters'][number]

/** A record that is not as it should be, and what becomes of it: a dead letter with a reason, or an event. */
interface Poison {
  readonly record: TestRecord
  readonly dead?: Letter['reason']
  readonly event?: Partial<Detail>
}

const text = (value: object, more = ''): string => JSON.stringify({ type: 'odd', at, ...value }).replace(/}$/, `${more}}`)
const megabytes = (count: number): string => 'x'.repeat(count * 2 ** 20)
const framed = (schema: number, payload: string): Buffer => {
  const frame = Buffer.alloc(5)
  frame.writeUInt32BE(schema, 1)
  return Buffer.concat([frame, Buffer.from(payload)])
}
const manyHeaders: IHeaders = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`header-${index}`, `value ${index}`]))

const poisons: Record<string, Poison> = {
  'JSON that is cut off': { record: { value: text({}).slice(0, -7) }, dead: 'not_json' },
  'an empty value': { record: { value: '' }, dead: 'not_json' },
  'a wrong magic byte': { record: { value: Buffer.from([1, 0, 0, 0, 7, 65]) }, dead: 'not_json' },
  'a frame without a registry': { record: { value: framed(7, 'abc') }, dead: 'registry_missing' },
  'no value': { record: { key: 'gone', value: null }, event: { key: 'gone', type: 'tombstone', decoder: 'tombstone' } },
  'no value and no key': { record: { value: null }, event: { type: 'tombstone', decoder: 'tombstone' } },
  'a JSON value of 5 MB': { record: { value: text({ big: megabytes(5) }) }, event: { type: 'odd' } },
  'a value of 5 MB that is nothing': { record: { value: megabytes(5) }, dead: 'not_json' },
  'a key that is not UTF-8': { record: { key: Buffer.from([0xff, 0xfe, 0x41]), value: text({}) }, event: { key: '0xFFFE41' } },
  'a payload that is not UTF-8': { record: { value: Buffer.from([...Buffer.from('{"type":"'), 0xc3, 0x28, ...Buffer.from('"}')]) }, dead: 'not_utf8' },
  'JSON without a type': { record: { value: JSON.stringify({ at }) }, dead: 'no_type' },
  'JSON without a time': { record: { value: JSON.stringify({ type: 'odd' }) }, dead: 'no_time' },
  'JSON that is no object': { record: { value: '42' }, dead: 'no_type' },
  'a time that is none': { record: { value: text({ at: 'yesterday, or so' }) }, dead: 'bad_time' },
  'a time that no calendar has': { record: { value: text({ at: '2026-02-30T00:00:00Z' }) }, dead: 'bad_time' },
  'a time that never ends': { record: { value: text({ at: 'infinity' }) }, dead: 'bad_time' },
  'a time in the far future': { record: { value: text({ at: '9999-12-31T23:59:59.999999Z' }) }, event: { time: 253_402_300_799_999_999n, late: false } },
  'a header that is not UTF-8': { record: { value: text({}), headers: { odd: Buffer.from([0xc3, 0x28]), empty: '' } }, event: { type: 'odd' } },
  '1,000 headers': { record: { value: text({}), headers: manyHeaders }, event: { type: 'odd' } },
  'JSON that is 10,000 levels deep': { record: { value: text({}, `,"deep":${'['.repeat(10_000)}${']'.repeat(10_000)}`) }, event: { type: 'odd' } },
  'brackets that are 100,000 levels deep and never close': { record: { value: '['.repeat(100_000) }, dead: 'not_json' },
  'a field that is there twice': { record: { value: text({ twice: 1 }, ',"type":"second"') }, event: { type: 'odd' } },
  'NUL characters in texts': { record: { key: 'a\0b', value: text({ type: 'odd\0type' }) }, event: { key: 'a\0b', type: 'odd\0type' } },
  'a raw NUL byte': { record: { value: `{"type":"odd\0"}` }, dead: 'not_json' },
  'a lone surrogate': { record: { value: `{"type":"odd","at":"${at}","half":"\\ud800"}` }, dead: 'not_json' },
  'a number beyond all bounds': { record: { value: text({}, ',"n":1e999') }, event: { type: 'odd' } },
  'a number of 400 digits': { record: { value: text({}, `,"n":${'9'.repeat(400)}`) }, event: { type: 'odd' } },
  'a CloudEvent without an id': { record: { value: text({}), headers: { ce_specversion: '1.0', ce_type: 'odd', ce_source: '/x' } }, dead: 'bad_cloudevent' },
  'a structured CloudEvent that is cut off': { record: { value: '{"specversion":"1.0",', headers: { 'content-type': 'application/cloudevents+json' } }, dead: 'not_json' },
  'the payload of a spreadsheet formula and of a script': { record: { key: '=cmd|x', value: text({ type: '<script>alert(1)</script>\'; DROP TABLE events; --' }) }, event: { type: '<script>alert(1)</script>\'; DROP TABLE events; --' } },
}

const good = (n: number): TestRecord => ({ key: 'steady', value: JSON.stringify({ type: 'good', at, n }) })

/** Bytes as hexadecimal text; many bytes by their digest, because a comparison that prints megabytes takes minutes. */
function bytes(data: string | Uint8Array | null | undefined): string | undefined {
  if (data === null || data === undefined) return undefined
  return data.length < 100_000 ? Buffer.from(data as string).toString('hex') : `${data.length} bytes, ${createHash('sha256').update(data).digest('hex')}`
}

/** The bytes that are kept, in the form in which they were sent. */
function kept({ key, headers, payload }: Pick<Letter, 'key' | 'headers' | 'payload'>): unknown {
  return { key: bytes(key), value: bytes(payload), headers: headers.map(({ name, value }) => [name, bytes(value)]) }
}

function sent({ key, value, headers = {} }: TestRecord): unknown {
  return { key: bytes(key), value: bytes(value), headers: Object.entries(headers).map(([name, header]) => [name, bytes(header as string | Buffer)]) }
}

describeIf(onBroker, 'records that are not as they should be', () => {
  let broker: Broker
  let workspace: TestWorkspace
  const names = Object.keys(poisons)

  beforeAll(async () => {
    broker = await startBroker()
    await createTopic(broker, 'poison', { config: { 'max.message.bytes': String(12 * 2 ** 20) } })
    // a good record before and after each of the others: good, poison, good, poison, …, good
    await produce(broker, 'poison', [...names.flatMap((name, index) => [good(index), poisons[name]?.record ?? {}]), good(names.length)])
    workspace = await TestWorkspace.open()
    await workspace.tail({ connection: { brokers: [broker.brokers] }, topics: ['poison'], start: { at: 'beginning' }, end: { at: 'now' }, mapping })
  }, slow)
  afterAll(async () => {
    await workspace.remove()
    await broker.stop()
  })

  it('stop nothing: every record is an event or a dead letter, and what is good has its timeline', async () => {
    const records = BigInt(2 * names.length + 1)
    const letters = await workspace.deadLetters('poison')
    const events = await workspace.events('poison')
    const offsets = [...letters.map(({ position }) => position.offset), ...events.map(({ offset }) => offset)].sort((a, b) => Number(a - b))
    expect(offsets).toEqual(Array.from({ length: Number(records) }, (_, index) => BigInt(index)))
    expect((await workspace.timeline('steady')).map(({ n }) => n)).toEqual(Array.from({ length: names.length + 1 }, (_, index) => BigInt(index)))
    expect(await workspace.source('poison')).toMatchObject({ partitions: [{ ranges: [{ first: 0n, next: records }] }], deadLetters: letters.length })
    expect(await workspace.call('workspace.info', {})).toMatchObject({ deadLetters: letters.length, events: events.length })
  }, slow)

  it.each(names)('%s: kept whole, as a dead letter with the reason or as an event', async (name) => {
    const poison = poisons[name]
    if (poison === undefined) throw new Error(`no poison ${name}`)
    const position = { topic: 'poison', partition: 0, offset: BigInt(2 * names.indexOf(name) + 1) }
    if (poison.event === undefined) {
      const letter = (await workspace.deadLetters('poison')).find(({ position: { offset } }) => offset === position.offset)
      expect(letter).toMatchObject({ reason: poison.dead })
      expect(letter?.detail).toMatch(/^(The|A) .+/)
      expect(letter?.detail).not.toContain('is JSON now')
      expect(letter?.detail.length).toBeLessThan(400)
      expect(letter && kept(letter)).toEqual(sent(poison.record))
      return
    }
    const event = await workspace.call('event.get', { source: 'poison', position })
    expect(event).toMatchObject(poison.event)
    expect(kept(event.raw)).toEqual(sent(poison.record))
  })

  it('do not make others late by a time in the far future', async () => {
    await createTopic(broker, 'future')
    const now = Date.now()
    const moment = (time: number): TestRecord => ({ value: JSON.stringify({ type: 'good', at: new Date(time).toISOString() }), timestamp: now })
    await produce(broker, 'future', [moment(now), { value: text({ at: '9999-12-31T23:59:59Z' }), timestamp: now }, moment(now + 1), moment(now - 600_000)])
    await workspace.tail({ connection: { brokers: [broker.brokers] }, topics: ['future'], start: { at: 'beginning' }, end: { at: 'now' }, mapping })
    const late = new Map((await workspace.events('future')).map((event) => [event.offset, event.late]))
    expect([0n, 1n, 2n, 3n].map((offset) => late.get(offset))).toEqual([false, false, false, true])
  })

  it('counts dead letters by the reason under which they are listed', async () => {
    const summary = await workspace.call('deadLetters.summary', {})
    const letters = await workspace.deadLetters('poison')
    for (const { reason, count } of summary) expect(letters.filter((letter) => letter.reason === reason).length, reason).toBe(count)
    expect(summary.reduce((sum, { count }) => sum + count, 0)).toBe(letters.length)
  })
})

const avroClick = { type: 'record', name: 'Click', fields: [{ name: 'type', type: 'string' }, { name: 'at', type: 'string' }, { name: 'n', type: 'long' }] }

describeIf(onBroker.available ? onRegistry : onBroker, 'records that need a schema registry', () => {
  let broker: Broker
  let registry: Registry

  beforeAll(async () => {
    [broker, registry] = await Promise.all([startBroker(), startRegistry()])
  }, slow)
  afterAll(() => Promise.all([broker.stop(), registry.stop()]))

  it('wait while it is away, and become events by themselves when it is back', async () => {
    await createTopic(broker, 'framed')
    const client = new SchemaRegistry({ host: registry.url })
    const { id } = await client.register({ type: SchemaType.AVRO, schema: JSON.stringify(avroClick) }, { subject: 'framed-value' })
    const click = async (n: number): Promise<TestRecord> => ({ key: 'avro', value: await client.encode(id, { type: 'click', at, n }) })
    const clicks = await Promise.all([0, 1, 2, 3, 4].map(click))
    await produce(broker, 'framed', [good(0), ...clicks.slice(0, 3), { value: framed(id, 'no') }, { value: framed(987_654, 'abc') }, good(1)])

    await registry.kill9()
    const workspace = await TestWorkspace.open()
    try {
      await workspace.call('tail.start', { connection: { brokers: [broker.brokers], registry: { url: registry.url } }, topics: ['framed'], start: { at: 'beginning' }, end: { at: 'never' }, mapping })
      await expect.poll(async () => (await workspace.timeline('steady')).length, { timeout: 30_000 }).toBe(2)
      expect((await workspace.deadLetters('framed')).map(({ position, reason, waiting }) => [position.offset, reason, waiting])).toEqual(
        [1n, 2n, 3n, 4n, 5n].map((offset) => [offset, 'registry_unavailable', true]),
      )
      // the stream goes on
      await produce(broker, 'framed', [...clicks.slice(3), good(2)])
      await expect.poll(async () => (await workspace.timeline('steady')).length, { timeout: 30_000 }).toBe(3)

      // they do not keep the mapping from being changed, and are mapped by the new one
      await workspace.call('mapping.change', { source: 'framed', mapping: { ...mapping, key: 'type' } })
      expect((await workspace.timeline('good')).length).toBe(3)
      await registry.restart()
      await expect.poll(async () => (await workspace.timeline('click')).map(({ n }) => n), { timeout: 60_000 }).toEqual([0n, 1n, 2n, 3n, 4n])
      expect((await workspace.deadLetters('framed')).map(({ position, reason, waiting }) => [position.offset, reason, waiting])).toEqual([[4n, 'schema_mismatch', false], [5n, 'schema_unknown', false]])
      const [letter] = await workspace.deadLetters('framed')
      expect(letter && kept(letter)).toEqual(sent({ value: framed(id, 'no') }))
      expect(await workspace.source('framed')).toMatchObject({ events: 8, deadLetters: 2, partitions: [{ ranges: [{ first: 0n, next: 10n }] }] })
      expect(await workspace.call('event.get', { source: 'framed', position: { topic: 'framed', partition: 0, offset: 2n } })).toMatchObject({ decoder: 'avro', schema: id })
    } finally {
      await workspace.remove()
    }
  }, slow)
})
