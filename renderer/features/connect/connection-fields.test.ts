import { describe, expect, it } from 'vitest'
import { Connection, withoutSecrets } from '../../../shared/model/connection.ts'
import { emptyFields, fillFields, holdsSecret, secretFields, toConnection } from './connection-fields.ts'

describe('the form of a connection', () => {
  it.each<[string, Connection]>([
    ['plain', { brokers: ['a:9092', 'b:9093'] }],
    ['TLS with a client certificate', { brokers: ['a:9093'], tls: { ca: 'CA', cert: 'CERT', key: 'KEY', passphrase: 'P', servername: 's' } }],
    ['SCRAM over TLS with a registry', { brokers: ['a:9093'], tls: {}, sasl: { mechanism: 'scram-sha-512', username: 'u', password: 'p' }, registry: { url: 'https://r.test', username: 'ru', password: 'rp' } }],
    ['a token', { brokers: ['a:1'], sasl: { mechanism: 'oauthbearer', token: 't' } }],
    ['client credentials', { brokers: ['a:1'], sasl: { mechanism: 'oauthbearer-client-credentials', tokenEndpoint: 'https://t.test', clientId: 'c', clientSecret: 's', scope: 'x' } }],
  ])('says again what it was filled with: %s', (_, connection) => {
    expect(Connection.parse(toConnection(fillFields(emptyFields, connection)))).toEqual(connection)
  })

  it('takes brokers as people write them', () => {
    expect(toConnection({ ...emptyFields, brokers: ' a:1, b\n c:3 ' }).brokers).toEqual(['a:1', 'b:9092', 'c:3'])
  })

  it.each<[Connection, readonly string[]]>([
    [{ brokers: ['a:1'], tls: { ca: 'CA' } }, []],
    [{ brokers: ['a:1'], sasl: { mechanism: 'plain', username: 'u', password: 'p' } }, ['password']],
    [{ brokers: ['a:1'], sasl: { mechanism: 'oauthbearer', token: 't' } }, ['token']],
    [{ brokers: ['a:1'], tls: { cert: 'C', key: 'K' }, registry: { url: 'https://r.test', username: 'u', password: 'p' } }, ['key', 'passphrase', 'registryPassword']],
  ])('knows what %j takes besides what the workspace keeps', (connection, fields) => {
    expect(secretFields(withoutSecrets(connection))).toEqual(fields)
    expect(holdsSecret(connection)).toBe(fields.length > 0)
  })
})
