import { createServer } from 'node:http'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type KeyPair, selfSigned, whyNoCertificates } from '../../../../e2e/kafka/bad-certificates.ts'
import { makeCertificates } from '../../../../e2e/kafka/certificates.ts'
import { fakeBroker, type FakeBrokerOptions, type FakeServer, mouthpiece } from '../../../../e2e/kafka/fake-broker.ts'
import type { Connection } from '../../../../shared/model/connection.ts'
import { type Layer, layers, type LayerResult } from '../../../../shared/model/layer-result.ts'
import { diagnose } from './diagnose.ts'

const open: { close: () => unknown }[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()))
})

async function broker(options: FakeBrokerOptions = {}): Promise<FakeServer> {
  const server = await fakeBroker(options)
  open.push(server)
  return server
}

/** The layer that failed; checks that those before it did not and those behind it were skipped. */
async function failure(connection: Connection, topic?: string): Promise<LayerResult> {
  const results = await diagnose(connection, { topic })
  const at = results.findIndex(({ state }) => state === 'failed')
  expect(results.map(({ layer }) => layer)).toEqual(layers)
  expect(results.slice(at + 1).map(({ state }) => state)).toEqual(results.slice(at + 1).map(() => 'skipped'))
  const failed = results[at]
  if (failed === undefined) throw new Error(`nothing failed: ${JSON.stringify(results)}`)
  expect(failed.hint).toBeTruthy()
  return failed
}

async function layer(name: Layer, connection: Connection, topic?: string): Promise<LayerResult | undefined> {
  return (await diagnose(connection, { topic })).find((result) => result.layer === name)
}

async function closedPort(): Promise<string> {
  const server = await mouthpiece()
  await server.close()
  return server.address
}

describe('diagnose without TLS', () => {
  it('passes every layer that is asked for', async () => {
    const { address } = await broker({ topics: { orders: [{ leader: 1 }] } })
    const results = await diagnose({ brokers: [address] })
    expect(results.map(({ layer, state }) => `${layer} ${state}`)).toEqual(['dns ok', 'tcp ok', 'tls skipped', 'sasl skipped', 'kafka ok', 'authorization ok', 'topic skipped', 'registry skipped'])
  })

  it('names a host that does not resolve', async () => {
    expect(await failure({ brokers: ['no-such-host.invalid:9092'] })).toMatchObject({ layer: 'dns', detail: expect.stringContaining('no-such-host.invalid:9092 does not resolve') as string })
  })

  it('names a port that nothing listens on', async () => {
    const address = await closedPort()
    expect(await failure({ brokers: [address] })).toMatchObject({ layer: 'tcp', detail: `${address} refuses the connection: nothing listens on that port.` })
  })

  it('warns of one dead broker among several and goes on with the others', async () => {
    const [dead, { address }] = [await closedPort(), await broker()]
    const results = await diagnose({ brokers: [dead, address] })
    expect(results[1]).toMatchObject({ layer: 'tcp', state: 'warning', detail: expect.stringMatching(`^1 of 2 brokers will do. ${dead} refuses`) as string })
    expect(results[4]).toMatchObject({ layer: 'kafka', state: 'ok' })
  })

  it('names a port that speaks something else', async () => {
    const web = await mouthpiece('HTTP/1.1 400 Bad Request\r\n\r\n')
    open.push(web)
    expect(await failure({ brokers: [web.address] })).toMatchObject({ layer: 'kafka', detail: `${web.address} answers, but speaks HTTP, not Kafka.` })
  })

  it('gives up on a port that says nothing', { timeout: 20_000 }, async () => {
    const mute = await mouthpiece()
    open.push(mute)
    expect(await failure({ brokers: [mute.address] })).toMatchObject({ layer: 'kafka', detail: expect.stringContaining('does not answer as Kafka does') as string })
  })

  it('says that a login is not taken, before the password is sent', async () => {
    const server = await broker()
    expect(await failure({ brokers: [server.address], sasl: { mechanism: 'plain', username: 'u', password: 'p' } })).toMatchObject({ layer: 'sasl', detail: `A login is set, but ${server.address} takes none.` })
    expect(server.requests).not.toContain(36)
  })

  it('names advertised listeners that cannot be reached', async () => {
    const dead = await closedPort()
    const { address } = await broker({ advertised: [{ nodeId: 1, host: '127.0.0.1', port: Number(dead.split(':')[1]) }] })
    const failed = await failure({ brokers: [address] })
    expect(failed).toMatchObject({ layer: 'kafka', hint: expect.stringContaining('advertised.listeners') as string })
    expect(failed.detail).toContain(`tells clients to find a broker at ${dead}, which cannot be reached from here`)
  })

  it('only warns where some advertised brokers can be reached', async () => {
    const [other, dead] = [await broker(), await closedPort()]
    const { address } = await broker({ advertised: [{ nodeId: 1, host: other.host, port: other.port }, { nodeId: 2, host: '127.0.0.1', port: Number(dead.split(':')[1]) }] })
    expect(await layer('kafka', { brokers: [address] })).toMatchObject({ state: 'warning', detail: expect.stringContaining(dead) as string })
  })

  it('names the partitions that have no leader', async () => {
    const { address } = await broker({ topics: { orders: [{ leader: -1 }, { leader: -1 }] } })
    expect(await failure({ brokers: [address] }, 'orders')).toMatchObject({ layer: 'topic', detail: '2 of 2 partitions of orders have no leader at the moment: 0, 1.' })
  })

  it('stops when it is cancelled', async () => {
    const mute = await mouthpiece()
    open.push(mute)
    const start = Date.now()
    await expect(diagnose({ brokers: [mute.address] }, { signal: AbortSignal.timeout(200) })).rejects.toMatchObject({ code: 'CANCELLED' })
    expect(Date.now() - start).toBeLessThan(2_000)
  })
})

const noCertificates = await whyNoCertificates()

describe.skipIf(noCertificates !== undefined)(`diagnose with TLS${noCertificates === undefined ? '' : ` (skipped: ${noCertificates})`}`, () => {
  let good: KeyPair
  let expired: KeyPair
  let elsewhere: KeyPair
  let ca: string
  let server: KeyPair
  let client: KeyPair

  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'undercurrent-diagnose-'))
    const made = await makeCertificates(folder)
    const text = (path: string): Promise<string> => readFile(path, 'utf8')
    ;[good, expired, elsewhere] = await Promise.all([selfSigned('IP:127.0.0.1'), selfSigned('IP:127.0.0.1', ['20200101000000Z', '20200102000000Z']), selfSigned('DNS:kafka.example.com,DNS:other.example.com')])
    ca = await text(made.ca)
    client = { cert: await text(made.cert), key: await text(made.key) }
    server = { cert: await text(made.serverKeyStore), key: await text(made.serverKeyStore) }
    await rm(folder, { recursive: true })
  })

  it('accepts the certificate of a given authority and says for whom and how long it is', async () => {
    const { address } = await broker({ tls: server })
    expect(await layer('tls', { brokers: [address], tls: { ca } })).toMatchObject({ state: 'ok', detail: expect.stringMatching(/^TLSv1\.3, certificate for localhost, 127\.0\.0\.1, valid until /) as string })
  })

  it('names plain text spoken to a TLS port', async () => {
    const { address } = await broker({ tls: good })
    expect(await failure({ brokers: [address] })).toMatchObject({ layer: 'tls', detail: `${address} speaks TLS, but the connection is set to plain text.` })
  })

  it('names TLS spoken to a plain port', async () => {
    const { address } = await broker()
    expect(await failure({ brokers: [address], tls: {} })).toMatchObject({ layer: 'tls', detail: `${address} speaks plain text, but the connection is set to TLS.` })
  })

  it('names a certificate that is self-signed', async () => {
    const { address } = await broker({ tls: good })
    expect(await failure({ brokers: [address], tls: {} })).toMatchObject({ layer: 'tls', detail: `The certificate of ${address} (broker.test) is self-signed, and nothing here vouches for it.` })
    expect(await layer('tls', { brokers: [address], tls: { ca: good.cert } })).toMatchObject({ state: 'ok' })
  })

  it('names an authority that is not trusted', async () => {
    const { address } = await broker({ tls: server })
    expect(await failure({ brokers: [address], tls: { ca: good.cert } })).toMatchObject({ layer: 'tls', detail: expect.stringContaining('authority that is not trusted here: Undercurrent test CA') as string })
  })

  it('names a certificate that has expired, with the date', async () => {
    const { address } = await broker({ tls: expired })
    expect(await failure({ brokers: [address], tls: { ca: expired.cert } })).toMatchObject({ layer: 'tls', detail: `The certificate of ${address} has expired (Jan  2 00:00:00 2020 GMT).` })
  })

  it('names the names that a certificate is for, and takes one of them as server name', async () => {
    const { address } = await broker({ tls: elsewhere })
    expect(await failure({ brokers: [address], tls: { ca: elsewhere.cert } })).toMatchObject({ layer: 'tls', detail: `The certificate of ${address} is for other names: kafka.example.com, other.example.com.` })
    expect(await layer('tls', { brokers: [address], tls: { ca: elsewhere.cert, servername: 'other.example.com' } })).toMatchObject({ state: 'ok' })
  })

  it.each(['TLSv1.2', 'TLSv1.3'] as const)('names a client certificate that is asked for, with %s', async (maxVersion) => {
    const { address } = await broker({ tls: { ...server, ca, requestCert: true, rejectUnauthorized: true, maxVersion } })
    expect(await failure({ brokers: [address], tls: { ca } })).toMatchObject({ layer: 'tls', detail: `${address} does not accept this client's certificate, or asks for one and got none.` })
    expect(await layer('tls', { brokers: [address], tls: { ca, ...client } })).toMatchObject({ state: 'ok' })
  })

  it('warns where certificates are not checked', async () => {
    const { address } = await broker({ tls: good })
    expect(await layer('tls', { brokers: [address], tls: { insecure: true } })).toMatchObject({ state: 'warning', detail: expect.stringContaining('Certificates are not checked') as string })
  })

  it.each([
    [{ key: 'x' }, /key is given without its certificate/],
    [{ ca: 'not PEM at all', cert: 'x', key: 'x' }, /cannot be read/],
  ])('names material that cannot be read: %j', async (tls, detail) => {
    const { address } = await broker()
    expect(await failure({ brokers: [address], tls })).toMatchObject({ layer: 'tls', detail: expect.stringMatching(detail) as string })
  })
})

describe('diagnose with a schema registry', () => {
  async function registry(status: number, body: string): Promise<string> {
    const server = createServer((request, response) => {
      const authorized = request.headers.authorization === `Basic ${Buffer.from('u:p').toString('base64')}`
      response.writeHead(request.url === '/api/subjects' ? (authorized ? status : 401) : 404).end(body)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    open.push({ close: () => server.close() })
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  it.each([
    ['/api/', 'p', 200, '["a","b"]', 'ok', /has 2 subjects/],
    ['/api', 'wrong', 200, '[]', 'failed', /refuses the login/],
    ['/api', 'p', 403, '{}', 'warning', /does not let this user list/],
    ['/api', 'p', 200, '<html>', 'failed', /not as a schema registry/],
    ['/api', 'p', 500, '', 'failed', /HTTP 500/],
    ['/other', 'p', 200, '[]', 'failed', /no schema registry under this path/],
  ])('judges %s with password %s, HTTP %i %s: %s', async (path, password, status, body, state, detail) => {
    const [{ address }, url] = [await broker(), await registry(status, body)]
    const result = await layer('registry', { brokers: [address], registry: { url: url + path, username: 'u', password } })
    expect(result).toMatchObject({ state, detail: expect.stringMatching(detail) as string })
  })

  it('names a registry that cannot be reached', async () => {
    const [{ address }, dead] = [await broker(), await closedPort()]
    expect(await failure({ brokers: [address], registry: { url: `http://${dead}` } })).toMatchObject({ layer: 'registry', detail: `The schema registry at ${dead} cannot be reached: ECONNREFUSED.` })
  })
})
