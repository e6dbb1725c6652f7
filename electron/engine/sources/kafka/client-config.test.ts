import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Kafka, logLevel } from 'kafkajs'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { fakeBroker } from '../../../../e2e/kafka/fake-broker.ts'
import type { Connection } from '../../../../shared/model/connection.ts'
import { BrokerLink } from './broker-link.ts'
import { clientConfig } from './client-config.ts'
import { realHost, seedName } from './sockets.ts'
import { systemAuthorities } from './system-authorities.ts'

const connection: Connection = { brokers: ['127.0.0.1:1'], sasl: { mechanism: 'plain', username: 'alice', password: 'Zq9-secret' } }

afterEach(() => vi.unstubAllEnvs())

describe('clientConfig', () => {
  it('passes a user and password on by each mechanism that has them', () => {
    for (const mechanism of ['plain', 'scram-sha-256', 'scram-sha-512'] as const) {
      expect(clientConfig({ brokers: ['a:1'], sasl: { mechanism, username: 'u', password: 'p' } }).sasl).toEqual({ mechanism, username: 'u', password: 'p' })
    }
  })

  it('has neither TLS nor a login where the connection has none', () => {
    const config = clientConfig({ brokers: ['a:1'] })
    expect(config.ssl).toBeUndefined()
    expect(config.sasl).toBeUndefined()
  })

  it('checks certificates unless the user has said otherwise', () => {
    expect(clientConfig({ brokers: ['a:1'], tls: {} }).ssl).toMatchObject({ rejectUnauthorized: true })
    expect(clientConfig({ brokers: ['a:1'], tls: { insecure: true, servername: 'b' } }).ssl).toMatchObject({ rejectUnauthorized: false, servername: 'b' })
  })

  it('tries each broker, however many there are', () => {
    const brokers = Array.from({ length: 9 }, (_, index) => `b${index}:9092`)
    expect(clientConfig({ brokers }).retry?.retries).toBe(8)
    expect(clientConfig({ brokers: ['a:1'] }).retry?.retries).toBe(2)
  })

  it('gives up within seconds and hands warnings over without a secret, even where a debug log is asked for', async () => {
    vi.stubEnv('KAFKAJS_LOG_LEVEL', 'DEBUG')
    const warnings: string[] = []
    const print = vi.spyOn(console, 'log')
    const admin = new Kafka(clientConfig(connection, { onWarning: (warning) => warnings.push(warning) })).admin()
    const start = Date.now()
    await expect(admin.connect()).rejects.toThrow()
    expect(Date.now() - start).toBeLessThan(5_000)
    expect(warnings.join('\n')).toContain('(127.0.0.1:1)')
    expect(warnings.join('\n')).not.toContain('Zq9-secret')
    expect(print).not.toHaveBeenCalled()
  })

  it('is silent where nobody listens', () => {
    expect(clientConfig(connection).logLevel).toBe(logLevel.NOTHING)
  })
})

describe('an IPv6 broker', () => {
  it('survives KafkaJS, which splits at the first colon', () => {
    const [host = '', port] = seedName('[fe80::1%eth-0]:9092').split(':')
    expect([realHost(host), port]).toEqual(['fe80::1%eth-0', '9092'])
    expect(seedName('a.example.com:9092')).toBe('a.example.com:9092')
  })
})

describe('BrokerLink', () => {
  it('fails what waits for a mute broker as soon as the signal aborts', async () => {
    const server = await fakeBroker()
    const abort = new AbortController()
    const link = await BrokerLink.open(clientConfig({ brokers: [server.address] }), server, abort.signal)
    expect((await link.metadata()).brokers).toMatchObject([{ host: server.host, port: server.port }])
    const waiting = link.offsets([], 'latest')
    abort.abort()
    await expect(waiting).rejects.toThrow()
    await server.close()
  })
})

describe('systemAuthorities', () => {
  const certificate = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'

  it('takes SSL_CERT_FILE for the system\'s bundle and adds NODE_EXTRA_CA_CERTS', () => {
    const folder = mkdtempSync(join(tmpdir(), 'undercurrent-authorities-'))
    const [system, extra] = [join(folder, 'system.pem'), join(folder, 'extra.pem')]
    writeFileSync(system, certificate)
    writeFileSync(extra, `# extra\n${certificate}`)
    vi.stubEnv('SSL_CERT_FILE', system)
    vi.stubEnv('NODE_EXTRA_CA_CERTS', extra)
    expect(systemAuthorities()).toEqual([certificate, `# extra\n${certificate}`])
    rmSync(folder, { recursive: true })
  })
})
