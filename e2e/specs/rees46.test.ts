import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { SchemaRegistry, SchemaType } from '@kafkajs/confluent-schema-registry'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CallInput } from '../../shared/contract/calls.ts'
import { availability } from '../kafka/availability.ts'
import { type Broker, startBroker } from '../kafka/broker.ts'
import { describeIf } from '../kafka/describe-if.ts'
import { produce, type TestRecord } from '../kafka/produce.ts'
import { type Registry, registryAvailability, startRegistry } from '../kafka/registry.ts'
import { createTopic } from '../kafka/topics.ts'
import { type Click, clickJson, clicksCsv, clickTime, madeClicks, readClicks, rees46 } from './clicks.ts'
import type { StreamedEvent } from './streamed-events.ts'
import { TestWorkspace } from './workspace.ts'

/** Milliseconds; a user's timeline takes a few, and there are 893 users. */
const slow = 120_000
const partitions = 4

const datasets = [
  { name: 'a clickstream of our own making', needed: { available: true as const, how: 'made' }, load: madeClicks, events: 125, users: 7 },
  { name: 'the REES46 clickstream', needed: rees46, load: () => readClicks(rees46.available ? rees46.file : ''), events: 4995, users: 893 },
]

const [onBroker, onRegistry] = await Promise.all([availability(), registryAvailability()])

/** What a timeline says of a click, in the form in which both sides are compared. */
type Step = readonly [time: number, type: string, product: number, price: number, session: string]

/** The plain answer: the lines of the file by user, in order of time, and in the order of the file where times are equal. */
function plainTimelines(clicks: readonly Click[]): Map<string, Step[]> {
  const timelines = new Map<string, Step[]>()
  for (const click of clicks) {
    const steps = timelines.get(click.user_id) ?? []
    timelines.set(click.user_id, steps)
    steps.push([clickTime(click), click.event_type, Number(click.product_id), Number(click.price), click.user_session])
  }
  // sorting is stable
  for (const steps of timelines.values()) steps.sort(([a], [b]) => a - b)
  return timelines
}

function toStep({ time, type, payload }: StreamedEvent): Step {
  const { product_id: product, price, user_session: session } = JSON.parse(payload ?? '') as Click
  expect(time % 1000n).toBe(0n)
  return [Number(time / 1000n), type, Number(product), Number(price), session]
}

async function expectTimelines(workspace: TestWorkspace, clicks: readonly Click[], { events, users }: { events: number; users: number }): Promise<void> {
  const { letters } = await workspace.call('deadLetters.list', { limit: 1, offset: 0 })
  expect(letters).toEqual([])
  expect(await workspace.call('workspace.info', {})).toMatchObject({ events, users, deadLetters: 0, eventsWithoutKey: 0 })
  const expected = plainTimelines(clicks)
  expect(expected.size).toBe(users)
  const listed = await workspace.call('users.list', { sort: 'key', descending: false, limit: 10_000, offset: 0 })
  expect(new Map(listed.users.map(({ key, events: count }) => [key, count]))).toEqual(new Map([...expected].map(([user, steps]) => [user, steps.length])))
  for (const [user, steps] of expected) {
    const timeline = await workspace.timeline(user)
    expect(timeline.map(toStep), `the timeline of ${user}`).toEqual(steps)
    expect(new Set(timeline.map(({ key }) => key))).toEqual(new Set([user]))
  }
}

/** Each partition holds the lines of its users in the order of the file, at the offsets 0, 1, 2, …: no position is missing or there twice. */
async function expectPositions(workspace: TestWorkspace, topic: string, clicks: readonly Click[]): Promise<void> {
  const stored = await workspace.events(topic)
  const home = new Map(stored.map(({ key, partition }) => [key, partition]))
  expect(new Set(home.values()).size).toBe(partitions)
  for (let partition = 0; partition < partitions; partition++) {
    const own = stored.filter((event) => event.partition === partition).sort((a, b) => Number(a.offset - b.offset))
    expect(own.map(({ offset }) => offset)).toEqual(own.map((_, index) => BigInt(index)))
    expect(own.map((event) => [event.key, ...toStep(event)])).toEqual(
      clicks.filter(({ user_id: user }) => home.get(user) === partition).map((click) => [click.user_id, clickTime(click), click.event_type, Number(click.product_id), Number(click.price), click.user_session]),
    )
  }
}

const attributes = ({ event_type: type, user_id: user }: Click, index: number, time: string): Record<string, string> => ({
  specversion: '1.0', id: `click-${index}`, source: '/shop', type, time, subject: user,
})

const iso = (click: Click): string => new Date(clickTime(click)).toISOString()

const encodings: Record<string, (clicks: readonly Click[]) => TestRecord[]> = {
  JSON: (clicks) => clicks.map((click) => ({ key: click.user_id, value: JSON.stringify(clickJson(click)) })),
  'CloudEvents in binary mode': (clicks) =>
    clicks.map((click, index) => ({
      key: click.user_id,
      value: JSON.stringify(clickJson(click)),
      headers: { 'content-type': 'application/json', ...Object.fromEntries(Object.entries(attributes(click, index, iso(click))).map(([name, value]) => [`ce_${name}`, value])) },
    })),
  'CloudEvents in structured mode': (clicks) =>
    clicks.map((click, index) => ({
      key: click.user_id,
      value: JSON.stringify({ ...attributes(click, index, iso(click)), data: clickJson(click) }),
      headers: { 'content-type': 'application/cloudevents+json; charset=UTF-8' },
    })),
}

const avroClick = {
  type: 'record', name: 'Click', namespace: 'shop',
  fields: [
    { name: 'event_time', type: { type: 'long', logicalType: 'timestamp-millis' } },
    { name: 'event_type', type: 'string' },
    { name: 'product_id', type: 'long' },
    { name: 'price', type: 'double' },
    { name: 'user_id', type: 'long' },
    { name: 'user_session', type: ['null', 'string'], default: null },
  ],
}

/** Records as Confluent's clients write them: by a registry client that shares no code with the engine. */
async function avroRecords(registry: Registry, clicks: readonly Click[]): Promise<TestRecord[]> {
  const client = new SchemaRegistry({ host: registry.url })
  const { id } = await client.register({ type: SchemaType.AVRO, schema: JSON.stringify(avroClick) }, { subject: 'clicks-value' })
  return Promise.all(clicks.map(async (click) => ({ key: click.user_id, value: await client.encode(id, { ...clickJson(click), event_time: clickTime(click) }) })))
}

describeIf(onBroker, 'a clickstream tailed from a real broker', () => {
  let broker: Broker
  let topics = 0

  beforeAll(async () => {
    broker = await startBroker()
  }, slow)
  afterAll(() => broker.stop())

  const expectTail = async (records: readonly TestRecord[], clicks: readonly Click[], counts: { events: number; users: number }, more: Partial<CallInput<'tail.start'>['connection']> = {}): Promise<void> => {
    const topic = `clicks-${topics++}`
    await createTopic(broker, topic, { partitions })
    await produce(broker, topic, records)
    const workspace = await TestWorkspace.open()
    try {
      await workspace.tail({ connection: { brokers: [broker.brokers], ...more }, topics: [topic], start: { at: 'beginning' }, end: { at: 'now' } })
      await expectTimelines(workspace, clicks, counts)
      await expectPositions(workspace, topic, clicks)
    } finally {
      await workspace.remove()
    }
  }

  for (const { name, needed, load, ...counts } of datasets) {
    describeIf(needed, name, () => {
      it.each(Object.keys(encodings))('gives the timeline of every user as %s', async (encoding) => {
        const clicks = load()
        await expectTail(encodings[encoding]?.(clicks) ?? [], clicks, counts)
      }, slow)

      it.skipIf(!onRegistry.available)(`gives the timeline of every user as Avro with a schema registry${onRegistry.available ? '' : ` (${onRegistry.reason})`}`, async () => {
        const clicks = load()
        const registry = await startRegistry()
        try {
          await expectTail(await avroRecords(registry, clicks), clicks, counts, { registry: { url: registry.url } })
        } finally {
          await registry.stop()
        }
      }, slow)
    })
  }
})

/** Writes a clickstream as a file of each kind. */
const files: Record<string, (clicks: readonly Click[], folder: string) => Promise<string>> = {
  CSV: (clicks, folder) => written(join(folder, 'clicks.csv'), clicksCsv(clicks)),
  NDJSON: (clicks, folder) => written(join(folder, 'clicks.ndjson'), clicks.map((click) => `${JSON.stringify(clickJson(click))}\n`).join('')),
  Parquet: async (clicks, folder) => {
    const csv = await written(join(folder, 'clicks.csv'), clicksCsv(clicks))
    const path = join(folder, 'clicks.parquet')
    const connection = await (await DuckDBInstance.create(':memory:')).connect()
    await connection.run(`COPY (SELECT replace(event_time, ' UTC', '')::TIMESTAMP AS event_time, event_type, product_id::BIGINT AS product_id, price::DOUBLE AS price,
      user_id::BIGINT AS user_id, user_session FROM read_csv('${csv}', all_varchar = true)) TO '${path}' (FORMAT parquet)`)
    connection.closeSync()
    return path
  },
}

function written(path: string, text: string): Promise<string> {
  writeFileSync(path, text)
  return Promise.resolve(path)
}

describe('a clickstream imported from a file', () => {
  let folder: string

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'undercurrent-files-'))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  for (const { name, needed, load, ...counts } of datasets) {
    describeIf(needed, name, () => {
      it.each(Object.keys(files))('gives the timeline of every user from %s, and is imported a second time only when forced', async (kind) => {
        const clicks = load()
        const path = (await files[kind]?.(clicks, folder)) ?? ''
        const workspace = await TestWorkspace.open()
        try {
          const source = await workspace.import({ path, file: {}, force: false })
          await expectTimelines(workspace, clicks, counts)
          await expect(workspace.import({ path, file: {}, force: false })).rejects.toMatchObject({ code: 'ALREADY_IMPORTED' })
          expect(await workspace.call('workspace.info', {})).toMatchObject({ events: counts.events })

          await workspace.import({ path, file: {}, force: true })
          expect(await workspace.call('workspace.info', {})).toMatchObject({ events: 2 * counts.events, users: counts.users, deadLetters: 0 })
          const positions = (await workspace.events(source)).map(({ partition, offset }) => `${partition}@${offset}`)
          expect(new Set(positions).size).toBe(2 * counts.events)
        } finally {
          await workspace.remove()
        }
      }, slow)
    })
  }
})
