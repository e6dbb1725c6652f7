import { describe, expect, it } from 'vitest'
import { withoutSecrets, type Connection } from '../../../shared/model/connection.ts'
import { noSecrets, type Secrets } from '../secrets.ts'
import { RememberedConnections } from './remembered-connection.ts'

/** Secrets that last as long as the test. */
function memory(entries = new Map<string, string>()): Secrets & { readonly entries: Map<string, string> } {
  return {
    entries,
    status: () => Promise.resolve({ available: true }),
    get: (name) => Promise.resolve(entries.get(name)),
    set: (name, value) => {
      entries.set(name, value)
      return Promise.resolve()
    },
    remove: (name) => {
      entries.delete(name)
      return Promise.resolve()
    },
  }
}

const brokers = ['b-1:9092', 'b-2:9092']
const scram: Connection = { brokers, tls: { ca: 'CA' }, sasl: { mechanism: 'scram-sha-512', username: 'ann', password: 'hunter2' } }
const everything: Connection = {
  brokers,
  tls: { ca: 'CA', cert: 'CERT', key: 'KEY', passphrase: 'PHRASE', servername: 'kafka.example' },
  sasl: { mechanism: 'plain', username: 'ann', password: 'hunter2' },
  registry: { url: 'https://registry.example/', username: 'reg', password: 'hunter3' },
}

describe('a connection', () => {
  it.each<[string, Connection]>([
    ['without any secret', { brokers }],
    ['with TLS alone', { brokers, tls: { insecure: true } }],
    ['with a password', scram],
    ['with a password, a client certificate and a registry', everything],
    ['with a token', { brokers, sasl: { mechanism: 'oauthbearer', token: 'TOKEN' } }],
    ['with client credentials', { brokers, sasl: { mechanism: 'oauthbearer-client-credentials', tokenEndpoint: 'https://id.example/token', clientId: 'app', clientSecret: 'S', scope: 'kafka' } }],
    ['with a registry of its own token', { brokers, registry: { url: 'https://registry.example/', token: 'TOKEN' } }],
  ])('%s comes back as it was from what the workspace keeps and what is remembered', async (_, connection) => {
    const remembered = new RememberedConnections(memory())
    await remembered.remember(connection)
    expect(await remembered.restore(withoutSecrets(connection))).toEqual(connection)
  })

  it('that needs no secret comes back though nothing was remembered', async () => {
    expect(await new RememberedConnections(noSecrets('none.')).restore({ brokers })).toEqual({ brokers })
  })

  it.each<[string, Connection, string]>([
    ['password', scram, 'The password for b-1:9092, b-2:9092 is not remembered.'],
    ['client key', { brokers, tls: { cert: 'CERT', key: 'KEY' } }, 'The private key for b-1:9092, b-2:9092 is not remembered.'],
    ['registry’s password', { brokers, registry: { url: 'https://registry.example/', username: 'reg', password: 'p' } }, 'The password for https://registry.example/ is not remembered.'],
  ])('asks for the %s that nobody remembers', async (_, connection, message) => {
    const remembered = new RememberedConnections(memory())
    await expect(remembered.restore(withoutSecrets(connection))).rejects.toMatchObject({ code: 'SECRET_MISSING', message })
    await remembered.remember(connection)
    await remembered.forget(connection)
    await expect(remembered.restore(withoutSecrets(connection))).rejects.toMatchObject({ code: 'SECRET_MISSING' })
  })

  it('is known by its brokers in any order and by its user, and gives another user nothing', async () => {
    const remembered = new RememberedConnections(memory())
    await remembered.remember(scram)
    expect(await remembered.restore(withoutSecrets({ ...scram, brokers: [...brokers].reverse() }))).toMatchObject({ sasl: { password: 'hunter2' } })
    await expect(remembered.restore(withoutSecrets({ ...scram, sasl: { mechanism: 'scram-sha-512', username: 'bob', password: '' } }))).rejects.toMatchObject({ code: 'SECRET_MISSING' })
    await expect(remembered.restore(withoutSecrets({ ...scram, brokers: ['elsewhere:9092'] }))).rejects.toMatchObject({ code: 'SECRET_MISSING' })
  })

  it('does not send a password by another mechanism than it was given for', async () => {
    const remembered = new RememberedConnections(memory())
    await remembered.remember(scram)
    await expect(remembered.restore(withoutSecrets({ ...scram, sasl: { mechanism: 'plain', username: 'ann', password: '' } }))).rejects.toMatchObject({ code: 'SECRET_MISSING' })
  })

  it('does not send a registry’s password to another registry', async () => {
    const remembered = new RememberedConnections(memory())
    await remembered.remember(everything)
    await expect(remembered.restore(withoutSecrets({ ...everything, registry: { url: 'https://evil.example/', username: 'reg', password: '' } }))).rejects.toMatchObject({ code: 'SECRET_MISSING', message: expect.stringContaining('evil.example') as string })
    expect(await remembered.restore(withoutSecrets({ ...everything, registry: { url: 'https://open.example/' } }))).toMatchObject({ registry: { url: 'https://open.example/' } })
  })

  it('whose secrets another version has written in another shape is asked for again, and the error quotes nothing', async () => {
    const secrets = memory()
    const remembered = new RememberedConnections(secrets)
    await remembered.remember(scram)
    for (const name of secrets.entries.keys()) secrets.entries.set(name, '{"password":"hunter2"')
    const failed = await remembered.restore(withoutSecrets(scram)).catch((error: unknown) => error)
    expect(failed).toMatchObject({ code: 'SECRET_MISSING' })
    expect(String(failed)).not.toContain('hunter2')
  })
})

it('refuses to promise what the host cannot keep', async () => {
  await expect(new RememberedConnections(noSecrets('a browser keeps none.')).ensureAvailable()).rejects.toMatchObject({ code: 'SECRETS_UNAVAILABLE' })
  await expect(new RememberedConnections(memory()).ensureAvailable()).resolves.toBeUndefined()
})
