import { afterAll, beforeAll, expect, it } from 'vitest'
import { kafka3, kafka4 } from './availability.ts'
import { availability, type Broker, startBroker } from './broker.ts'
import { type ClientOptions, kafkaClient } from './clients.ts'
import { describeIf } from './describe-if.ts'
import { produce } from './produce.ts'
import { type Registry, registryAvailability, startRegistry } from './registry.ts'
import { createTopic, deleteRecordsBefore, endOffsets, topicOffsets } from './topics.ts'

/** Milliseconds; a busy machine takes long to start Java. */
const slow = 120_000

const [onKafka4, onKafka3, onRegistry] = await Promise.all([availability(kafka4, 'refused'), availability(kafka3, 'refused'), registryAvailability('refused')])

describeIf(onKafka4, `Kafka ${kafka4}`, () => {
  let broker: Broker

  beforeAll(async () => {
    broker = await startBroker({ version: kafka4 })
  }, slow)
  afterAll(() => broker.stop())

  it('keeps its records when it is killed and started again', async () => {
    await createTopic(broker, 'clicks', { partitions: 3 })
    await produce(broker, 'clicks', Array.from({ length: 1000 }, (_, index) => ({ key: `user ${index}`, value: `event ${index}`, timestamp: index })))
    const before = await endOffsets(broker, 'clicks')
    expect(before).toHaveLength(3)
    expect(before.reduce((sum, end) => sum + end, 0n)).toBe(1000n)

    await broker.kill9()
    await expect(kafkaClient(broker).admin().connect()).rejects.toThrow(/connect/i)
    await broker.restart()

    expect(await endOffsets(broker, 'clicks')).toEqual(before)
  }, slow)

  it('forgets records below an offset', async () => {
    await createTopic(broker, 'trimmed')
    await produce(broker, 'trimmed', Array.from({ length: 10 }, () => ({ value: 'x' })))
    await deleteRecordsBefore(broker, 'trimmed', 0, 4n)
    expect(await topicOffsets(broker, 'trimmed')).toEqual([{ partition: 0, start: 4n, end: 10n }])
  }, slow)

  it('gives the markers of transactions an offset', async () => {
    await createTopic(broker, 'orders')
    await produce(broker, 'orders', [{ value: 'a' }, { value: 'b' }], { transaction: 'commit' })
    await produce(broker, 'orders', [{ value: 'c' }], { transaction: 'abort' })
    expect(await endOffsets(broker, 'orders')).toEqual([5n])
  }, slow)
})

describeIf(onKafka3, `Kafka ${kafka3} with logins, TLS and rights`, () => {
  let broker: Broker
  const admin = { username: 'admin', password: 'admin-secret' }
  const alice = { username: 'alice', password: 'alice-secret' }

  /** What a client with these options gets when it asks for the topic: "ok", or the error. */
  const ask = async (options: ClientOptions): Promise<string> => {
    const client = kafkaClient(broker, options).admin()
    try {
      await client.connect()
      await client.fetchTopicMetadata({ topics: ['secret'] })
      return 'ok'
    } catch (error) {
      return String(error)
    } finally {
      await client.disconnect()
    }
  }

  beforeAll(async () => {
    broker = await startBroker({ version: kafka3, ssl: 'required', sasl: ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'], oauth: true, acl: true })
    await createTopic(broker, 'secret')
  }, slow)
  afterAll(() => broker.stop())

  it.each([
    { listener: 'sasl_plaintext', mechanism: 'PLAIN' },
    { listener: 'sasl_plaintext', mechanism: 'SCRAM-SHA-256' },
    { listener: 'sasl_ssl', mechanism: 'SCRAM-SHA-512' },
    { listener: 'oauth' },
  ] as const)('lets in $mechanism on $listener, and checks the rights', async (options) => {
    const clientCertificate = options.listener === 'sasl_ssl'
    expect(await ask({ ...options, clientCertificate, user: admin })).toBe('ok')
    expect(await ask({ ...options, clientCertificate, user: alice })).toMatch('Not authorized to access topics')
  }, slow)

  it('refuses a wrong password', async () => {
    expect(await ask({ listener: 'sasl_plaintext', user: { ...alice, password: 'wrong' } })).toMatch('Authentication failed')
  }, slow)

  it('wants a client certificate', async () => {
    expect(await ask({ listener: 'ssl', clientCertificate: true })).toMatch('Not authorized to access topics')
    expect(await ask({ listener: 'ssl' })).toMatch(/certificate required|Closed connection|Connection error/)
  }, slow)
})

describeIf(onRegistry, 'the schema registry', () => {
  let registry: Registry

  const request = async (path: string, body?: object): Promise<unknown> => {
    const options = body === undefined ? {} : { method: 'POST', headers: { 'content-type': 'application/vnd.schemaregistry.v1+json' }, body: JSON.stringify(body) }
    return (await fetch(registry.url + path, options)).json()
  }

  beforeAll(async () => {
    registry = await startRegistry()
  }, slow)
  afterAll(() => registry.stop())

  it.each([
    { schemaType: 'AVRO', schema: '{"type":"record","name":"Click","fields":[{"name":"page","type":"string"}]}' },
    { schemaType: 'PROTOBUF', schema: 'syntax = "proto3";\nmessage Click { string page = 1; }\n' },
    { schemaType: 'JSON', schema: '{"type":"object","properties":{"page":{"type":"string"}}}' },
  ])('gives back a schema of type $schemaType by its id', async ({ schemaType, schema }) => {
    const registered = await request(`/subjects/clicks-${schemaType}/versions`, { schemaType, schema })
    const { id } = registered as { id: number }
    expect(await request(`/schemas/ids/${id}`)).toMatchObject({ schemaType, schema })
  }, slow)

  it('hangs while it is paused, and keeps its schemas when it is killed and started again', async () => {
    const registered = await request('/subjects/kept/versions', { schema: '"string"' })
    const { id } = registered as { id: number }
    await registry.pause()
    await expect(fetch(`${registry.url}/subjects`, { signal: AbortSignal.timeout(300) })).rejects.toThrow(/timeout/)
    await registry.resume()
    await registry.kill9()
    await expect(request('/subjects')).rejects.toThrow('fetch failed')
    await registry.restart()
    expect(await request(`/schemas/ids/${id}`)).toMatchObject({ schema: '"string"' })
  }, slow)
})
