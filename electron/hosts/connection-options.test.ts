import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { afterAll, describe, expect, it } from 'vitest'
import type { Connection } from '../../shared/model/connection.ts'
import { addConnectionOptions, readConnection, type ConnectionOptions } from './connection-options.ts'
import type { Environment } from './secrets.ts'

const folder = mkdtempSync(join(tmpdir(), 'undercurrent-options-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function file(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

/** What a command line with these options connects to. */
async function connect(args: readonly string[], environment: Environment = {}): Promise<Connection> {
  const command = addConnectionOptions(new Command()).exitOverride().configureOutput({ writeErr: () => undefined })
  return readConnection(command.parse([...args], { from: 'user' }).opts<ConnectionOptions>(), environment)
}

describe('the options of a connection', () => {
  it('reads brokers, with the usual port where none is named', async () => {
    expect(await connect(['--brokers', 'a:9093, b,[::1]:9092'])).toMatchObject({ brokers: ['a:9093', 'b:9092', '[::1]:9092'] })
    await expect(connect(['--brokers', 'a:b:c'])).rejects.toThrow('A broker is written as host:port')
  })

  it('fails where no brokers are named', async () => {
    await expect(connect([])).rejects.toMatchObject({ code: 'BAD_REQUEST', message: 'No brokers are given.' })
  })

  it('takes passwords from the environment only', async () => {
    const args = ['--brokers', 'a:1', '--sasl', 'scram-sha-256', '--username', 'ann']
    expect((await connect(args, { UNDERCURRENT_PASSWORD: 'pw' })).sasl).toEqual({ mechanism: 'scram-sha-256', username: 'ann', password: 'pw' })
    await expect(connect(args)).rejects.toThrow('UNDERCURRENT_PASSWORD is empty')
    await expect(connect(args, { UNDERCURRENT_PASSWORD: '' })).rejects.toThrow('UNDERCURRENT_PASSWORD is empty')
    await expect(connect([...args, '--password', 'pw'])).rejects.toThrow('unknown option')
  })

  it('refuses a password in the URL of the registry, without repeating it', async () => {
    const refused = connect(['--brokers', 'a:1', '--registry', 'https://ann:sesame@registry.example'])
    await expect(refused).rejects.toMatchObject({ code: 'BAD_REQUEST' })
    await expect(refused).rejects.not.toThrow('sesame')
  })

  it('gets a token of its own, or asks an endpoint for one', async () => {
    const args = ['--brokers', 'a:1', '--sasl', 'oauthbearer']
    expect((await connect(args, { UNDERCURRENT_TOKEN: 't' })).sasl).toEqual({ mechanism: 'oauthbearer', token: 't' })
    const endpoint = [...args, '--token-endpoint', 'https://login.example/token', '--client-id', 'me']
    expect((await connect(endpoint, { UNDERCURRENT_CLIENT_SECRET: 's' })).sasl).toEqual({ mechanism: 'oauthbearer-client-credentials', tokenEndpoint: 'https://login.example/token', clientId: 'me', clientSecret: 's' })
  })

  it('refuses a user name that nothing uses', async () => {
    await expect(connect(['--brokers', 'a:1', '--username', 'ann'])).rejects.toThrow('A login needs --sasl.')
    await expect(connect(['--brokers', 'a:1', '--registry-username', 'ann'])).rejects.toThrow('--registry-username needs --registry.')
  })

  it('reads a snippet, the files that it names, and the secrets that it leaves open', async () => {
    const ca = file('ca.pem', 'PEM')
    const config = file('client.properties', `bootstrap.servers=a:9093\nsecurity.protocol=SASL_SSL\nsasl.mechanism=PLAIN\nsasl.username=ann\nssl.ca.location=${ca}\n`)
    expect(await connect(['--config', config], { UNDERCURRENT_PASSWORD: 'pw' })).toMatchObject({ brokers: ['a:9093'], tls: { ca: 'PEM' }, sasl: { mechanism: 'plain', username: 'ann', password: 'pw' } })
    await expect(connect(['--config', config])).rejects.toThrow('UNDERCURRENT_PASSWORD is empty')
  })

  it('lets options win over the snippet', async () => {
    const config = file('plain.properties', 'bootstrap.servers=a:9092\n')
    expect(await connect(['--config', config, '--brokers', 'b:1', '--insecure'])).toMatchObject({ brokers: ['b:1'], tls: { insecure: true } })
  })

  it('says which file cannot be read', async () => {
    await expect(connect(['--brokers', 'a:1', '--ca', join(folder, 'nothing.pem')])).rejects.toMatchObject({ code: 'FILE_UNREADABLE', message: expect.stringContaining('nothing.pem') as string })
  })
})
