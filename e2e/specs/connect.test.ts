import { readFile } from 'node:fs/promises'
import { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } from 'kafkajs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { clientConfig } from '../../electron/engine/sources/kafka/client-config.ts'
import { KafkaCluster } from '../../electron/engine/sources/kafka/cluster.ts'
import { diagnose } from '../../electron/engine/sources/kafka/diagnose.ts'
import { toConnectFailure } from '../../electron/engine/sources/kafka/failures.ts'
import { listTopics } from '../../electron/engine/sources/kafka/topics.ts'
import { AppError, type ErrorCode, type Failure, toFailure } from '../../shared/errors.ts'
import type { Connection, Sasl, Tls } from '../../shared/model/connection.ts'
import type { Layer } from '../../shared/model/layer-result.ts'
import { availability } from '../kafka/availability.ts'
import { type Broker, startBroker } from '../kafka/broker.ts'
import { unsecuredToken } from '../kafka/clients.ts'
import { produce } from '../kafka/produce.ts'
import { registryAvailability, startRegistry } from '../kafka/registry.ts'
import { createTopic, withAdmin } from '../kafka/topics.ts'

const found = await availability()
const skipped = found.available ? '' : ` (skipped: ${found.reason})`
/** "Within a few seconds", on a machine that is busy with other tests. */
const fewSecondsMs = 10_000

/** Connects as a tail does; gives what a tail would say, and fails the test where it takes long. */
async function tail(connection: Connection, topic = 'orders'): Promise<Failure | undefined> {
  const start = Date.now()
  let cluster: KafkaCluster | undefined
  try {
    cluster = new KafkaCluster(clientConfig(connection))
    await cluster.connect(topic)
    expect([...(await cluster.latest(topic, [0])).values()]).toEqual([3n])
    return undefined
  } catch (error) {
    return toFailure(toConnectFailure(error, { brokers: connection.brokers, topic }))
  } finally {
    await cluster?.disconnect()
    expect(Date.now() - start).toBeLessThan(fewSecondsMs)
  }
}

/** The layers that a diagnosis finds at fault, with what it says. */
async function faults(connection: Connection, topic = 'orders'): Promise<{ layer: Layer; detail: string; hint: string | undefined }[]> {
  const start = Date.now()
  const results = await diagnose(connection, { topic })
  expect(Date.now() - start).toBeLessThan(fewSecondsMs)
  return results.filter(({ state }) => state === 'failed' || state === 'warning').map(({ layer, detail, hint }) => ({ layer, detail, hint }))
}

describe.skipIf(!found.available)(`connecting to a real broker${skipped}`, () => {
  let broker: Broker
  let strict: Broker
  let ca: string
  let client: Tls
  let strictCa: string

  beforeAll(async () => {
    [broker, strict] = await Promise.all([startBroker({ ssl: 'requested', sasl: ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'], oauth: true, acl: true }), startBroker({ ssl: 'required' })])
    for (const one of [broker, strict]) {
      await createTopic(one, 'orders')
      await produce(one, 'orders', [{ value: '1' }, { value: '2' }, { value: '3' }])
    }
    const text = (path = ''): Promise<string> => readFile(path, 'utf8')
    ca = await text(broker.certificates?.ca)
    strictCa = await text(strict.certificates?.ca)
    client = { ca: strictCa, cert: await text(strict.certificates?.cert), key: await text(strict.certificates?.key) }
  }, 180_000)

  afterAll(async () => {
    await Promise.all([broker, strict].map((one) => one.stop()))
  })

  /** A connection to a listener of the broker, resolved when the test runs. */
  function to(listener: keyof Broker['listeners'], more: Partial<Connection> = {}): Connection {
    return { brokers: [broker.listeners[listener] ?? ''], ...more }
  }

  const admin = { username: 'admin', password: 'admin-secret' }

  it.each<[string, () => Connection]>([
    ['plain text', () => to('plaintext')],
    ['PLAIN', () => to('sasl_plaintext', { sasl: { mechanism: 'plain', ...admin } })],
    ['SCRAM-SHA-256', () => to('sasl_plaintext', { sasl: { mechanism: 'scram-sha-256', ...admin } })],
    ['SCRAM-SHA-512', () => to('sasl_plaintext', { sasl: { mechanism: 'scram-sha-512', ...admin } })],
    ['SCRAM-SHA-512 over TLS', () => to('sasl_ssl', { sasl: { mechanism: 'scram-sha-512', ...admin }, tls: { ca } })],
    ['OAUTHBEARER', () => to('oauth', { sasl: { mechanism: 'oauthbearer', token: unsecuredToken('admin') } })],
    ['TLS with an authority of its own', () => to('ssl', { tls: { ca } })],
    ['TLS with a client certificate', () => ({ brokers: [strict.listeners.ssl ?? ''], tls: client })],
    ['three brokers of which two are dead', () => ({ brokers: ['127.0.0.1:1', broker.listeners.plaintext, 'no-such-host.invalid:9092'] })],
  ])('works by %s', async (_, connection) => {
    expect(await tail(connection())).toBeUndefined()
    const orders = (await listTopics(connection())).find(({ name }) => name === 'orders')
    expect(orders).toEqual({ name: 'orders', internal: false, partitions: [{ partition: 0, earliest: 0n, latest: 3n }], records: 3 })
    expect((await diagnose(connection(), { topic: 'orders' })).filter(({ state }) => state === 'failed')).toEqual([])
  })

  const wrongPassword = (sasl: Sasl): (() => Connection) => () => to('sasl_plaintext', { sasl })

  it.each<[string, () => Connection, ErrorCode, RegExp, RegExp, Layer, RegExp]>([
    ['a wrong password by PLAIN', wrongPassword({ mechanism: 'plain', username: 'admin', password: 'Zq9wrong' }), 'CONNECT_SASL', /refuses the login/, /password/, 'sasl', /Invalid username or password/],
    ['a wrong password by SCRAM', wrongPassword({ mechanism: 'scram-sha-256', username: 'admin', password: 'Zq9wrong' }), 'CONNECT_SASL', /refuses the login/, /password/, 'sasl', /invalid credentials/],
    ['an unknown user', wrongPassword({ mechanism: 'scram-sha-512', username: 'nobody', password: 'Zq9wrong' }), 'CONNECT_SASL', /refuses the login/, /password/, 'sasl', /invalid credentials/],
    ['a token that has expired', () => to('oauth', { sasl: { mechanism: 'oauthbearer', token: unsecuredToken('admin', -3600) } }), 'CONNECT_SASL', /refuses the OAuth token: invalid_token/, /expired/, 'sasl', /invalid_token/],
    ['a mechanism that is not taken', () => to('oauth', { sasl: { mechanism: 'plain', ...admin } }), 'CONNECT_SASL', /does not take this login mechanism/, /another mechanism/, 'sasl', /does not take the login mechanism PLAIN/],
    ['a login that is not taken', () => to('plaintext', { sasl: { mechanism: 'plain', ...admin } }), 'CONNECT_SASL', /did not expect a login/, /turn SASL off/, 'sasl', /takes none/],
    ['a login that is missing', () => to('sasl_plaintext'), 'CONNECT_TCP', /closed the connection/, /login \(SASL\)/, 'sasl', /asks for a login, but none is set/],
    ['an authority that is not trusted', () => to('ssl', { tls: { ca: strictCa } }), 'CONNECT_TLS', /certificate|TLS/, /authority/, 'tls', /certificate/],
    ['a client certificate that is missing', () => ({ brokers: [strict.listeners.ssl ?? ''], tls: { ca: strictCa } }), 'CONNECT_TLS', /client's certificate/, /mutual TLS/, 'tls', /client's certificate/],
    ['TLS to a plain port', () => to('plaintext', { tls: { ca } }), 'CONNECT_TLS', /while TLS was being agreed/, /turn TLS off/, 'tls', /speaks plain text, but the connection is set to TLS/],
    ['plain text to a TLS port', () => to('ssl'), 'CONNECT_TLS', /speaks TLS, but the connection is set to plain text/, /Turn TLS on/, 'tls', /speaks TLS, but the connection is set to plain text/],
    ['a host that does not resolve', () => ({ brokers: ['no-such-host.invalid:9092'] }), 'CONNECT_DNS', /no-such-host\.invalid:9092 does not resolve/, /spelling/, 'dns', /does not resolve/],
    ['a port that is refused', () => ({ brokers: ['127.0.0.1:1'] }), 'CONNECT_TCP', /127\.0\.0\.1:1 refuses/, /broker is running/, 'tcp', /refuses the connection/],
  ])('names %s', async (_, connection, code, message, hint, layer, detail) => {
    const failure = await tail(connection())
    expect(failure).toMatchObject({ code, message: expect.stringMatching(message) as string, hint: expect.stringMatching(hint) as string })
    const found = await faults(connection())
    expect(found).toMatchObject([{ layer, detail: expect.stringMatching(detail) as string }])
    expect(found[0]?.hint).toBeTruthy()
    expect(JSON.stringify([failure, found])).not.toContain('Zq9wrong')
  })

  it('names a topic that is not there, and one that is alike', async () => {
    expect(await tail(to('plaintext'), 'Orders')).toMatchObject({ code: 'CONNECT_TOPIC', message: 'The topic Orders does not exist on this cluster.' })
    expect(await faults(to('plaintext'), 'Orders')).toEqual([{ layer: 'topic', detail: 'The topic Orders does not exist on this cluster.', hint: 'Did you mean orders?' }])
  })

  it('names the right that is missing: to see a topic, and to read it', async () => {
    const alice = to('sasl_plaintext', { sasl: { mechanism: 'scram-sha-256', username: 'alice', password: 'alice-secret' } })
    const mayNotRead = [expect.objectContaining({ layer: 'authorization', detail: 'This user may not read the topic orders.', hint: expect.stringContaining('DESCRIBE and READ') as string })]
    expect(await tail(alice)).toMatchObject({ code: 'CONNECT_AUTHORIZATION', message: 'This user may not read the topic orders.' })
    expect(await faults(alice)).toEqual(mayNotRead)
    expect(await listTopics(alice)).toEqual([])
    const allow = async (operation: AclOperationTypes): Promise<void> => withAdmin(broker, async (one) => {
      await one.createAcls({ acl: [{ resourceType: AclResourceTypes.TOPIC, resourceName: 'orders', resourcePatternType: ResourcePatternTypes.LITERAL, principal: 'User:alice', host: '*', operation, permissionType: AclPermissionTypes.ALLOW }] })
    })
    await allow(AclOperationTypes.DESCRIBE)
    await expect.poll(() => listTopics(alice), { timeout: 5_000 }).toHaveLength(1)
    expect(await faults(alice)).toEqual(mayNotRead)
    await allow(AclOperationTypes.READ)
    await expect.poll(() => faults(alice), { timeout: 5_000 }).toEqual([])
  })

  it('leaves no consumer group behind', async () => {
    await diagnose(to('plaintext'), { topic: 'orders' })
    expect((await withAdmin(broker, (one) => one.listGroups())).groups).toEqual([])
  })

  it('refuses a key that does not belong to its certificate before anything is sent', () => {
    expect(() => clientConfig({ brokers: ['a:1'], tls: { ...client, passphrase: '', key: 'not a key' } })).toThrow(AppError)
  })
})

const registry = await registryAvailability()

describe.skipIf(!registry.available || !found.available)(`connecting to a real schema registry${registry.available ? skipped : ` (skipped: ${registry.reason})`}`, () => {
  it('counts its subjects, and names a wrong path', async () => {
    const [broker, { url, stop }] = await Promise.all([startBroker(), startRegistry()])
    try {
      const { host } = new URL(url)
      expect((await diagnose({ brokers: [broker.brokers], registry: { url } })).at(-1)).toMatchObject({ layer: 'registry', state: 'ok', detail: `The schema registry at ${host} has 0 subjects.` })
      expect((await diagnose({ brokers: [broker.brokers], registry: { url: `http://${host}/nowhere` } })).at(-1)).toMatchObject({ layer: 'registry', state: 'failed' })
    } finally {
      await Promise.all([broker.stop(), stop()])
    }
  })
})
