import { readFile } from 'node:fs/promises'
import { Option, type Command } from 'commander'
import type { Client } from '../../shared/contract/client.ts'
import { AppError } from '../../shared/errors.ts'
import { Connection, type Registry, type Sasl } from '../../shared/model/connection.ts'
import { printNote } from './output.ts'

/** The options that say how to reach Kafka. No secret is among them: what stands on a command line, every user of the machine can read. */
export interface ConnectionOptions {
  readonly brokers?: string
  readonly config?: string
  readonly tls?: boolean
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
  readonly insecure?: boolean
  readonly sasl?: string
  readonly username?: string
  readonly registry?: string
  readonly registryUsername?: string
}

const mechanisms = ['plain', 'scram-sha-256', 'scram-sha-512', 'oauthbearer'] as const

/** Adds the options of a connection to a command. */
export function addConnectionOptions(command: Command): Command {
  return command
    .option('--brokers <list>', 'host:port of one or more brokers, with commas between them')
    .option('--config <file>', "a client.properties, librdkafka or Confluent Cloud snippet; '-' reads standard input")
    .option('--tls', 'encrypt the connection')
    .option('--ca <file>', "PEM of the authority that signed the brokers' certificates, where it is not the system's")
    .option('--cert <file>', 'PEM of the client certificate')
    .option('--key <file>', 'PEM of its key (passphrase in UNDERCURRENT_KEY_PASSPHRASE)')
    .option('--insecure', 'accept any certificate; anybody may then listen in')
    .addOption(new Option('--sasl <mechanism>', 'how to log in; the secret is read from UNDERCURRENT_PASSWORD or UNDERCURRENT_TOKEN').choices(mechanisms))
    .option('--username <name>', 'user name for --sasl')
    .option('--registry <url>', 'schema registry; its secret is read from UNDERCURRENT_REGISTRY_PASSWORD or UNDERCURRENT_REGISTRY_TOKEN')
    .option('--registry-username <name>', 'user name for the registry')
}

/** The connection that the options, the snippet and the environment make together; options win. @throws AppError BAD_REQUEST where it is not whole */
export async function readConnection(client: Client, options: ConnectionOptions): Promise<Connection> {
  const snippet: PartialConnection = options.config === undefined ? {} : await readSnippet(client, options.config)
  const brokers = options.brokers?.split(',').map((broker) => broker.trim()) ?? snippet.brokers
  if (brokers === undefined) throw new AppError('BAD_REQUEST', 'No brokers are given.', { hint: 'Name them with --brokers host:9092, or give a snippet with --config.' })
  const tls = options.tls === true || options.ca !== undefined || options.cert !== undefined || options.insecure === true ? { ...snippet.tls, ...(await readTls(options)) } : snippet.tls
  const sasl = options.sasl === undefined ? snippet.sasl : readSasl(options)
  const registry = options.registry === undefined ? snippet.registry : readRegistry(options)
  const parsed = Connection.safeParse({ brokers, ...(tls === undefined ? {} : { tls }), ...(sasl === undefined ? {} : { sasl }), ...(registry === undefined ? {} : { registry }) })
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new AppError('BAD_REQUEST', `The connection is not whole: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`)
}

/** A connection of which parts may be missing. */
type PartialConnection = { -readonly [F in keyof Connection]?: Connection[F] | undefined }

async function readSnippet(client: Client, path: string): Promise<PartialConnection> {
  const text = await readText(path === '-' ? '/dev/stdin' : path)
  const { connection, notes, files } = await client.call('connection.parse', { text })
  for (const note of notes) printNote(`note: ${note}`)
  const read: PartialConnection = { ...connection }
  for (const { field, path: file } of files) {
    const content = await readText(file)
    if (field === 'registry.ca' && read.registry !== undefined) read.registry = { ...read.registry, ca: content }
    else if (field.startsWith('tls.')) read.tls = { ...read.tls, [field.slice(4)]: content }
  }
  return read
}

async function readTls({ ca, cert, key, insecure }: ConnectionOptions): Promise<NonNullable<Connection['tls']>> {
  const passphrase = process.env.UNDERCURRENT_KEY_PASSPHRASE
  return {
    ...(ca === undefined ? {} : { ca: await readText(ca) }),
    ...(cert === undefined ? {} : { cert: await readText(cert) }),
    ...(key === undefined ? {} : { key: await readText(key) }),
    ...(passphrase === undefined ? {} : { passphrase }),
    ...(insecure === true ? { insecure } : {}),
  }
}

function readSasl({ sasl, username }: ConnectionOptions): Sasl {
  if (sasl === 'oauthbearer') return { mechanism: 'oauthbearer', token: secret('UNDERCURRENT_TOKEN') }
  if (username === undefined) throw new AppError('BAD_REQUEST', `--sasl ${sasl ?? ''} needs --username.`)
  return { mechanism: sasl as 'plain' | 'scram-sha-256' | 'scram-sha-512', username, password: secret('UNDERCURRENT_PASSWORD') }
}

function readRegistry({ registry, registryUsername }: ConnectionOptions): Registry {
  const password = process.env.UNDERCURRENT_REGISTRY_PASSWORD
  const token = process.env.UNDERCURRENT_REGISTRY_TOKEN
  return {
    url: registry ?? '',
    ...(registryUsername === undefined ? {} : { username: registryUsername }),
    ...(password === undefined ? {} : { password }),
    ...(token === undefined ? {} : { token }),
  }
}

function secret(variable: string): string {
  const value = process.env[variable]
  if (value === undefined) throw new AppError('BAD_REQUEST', `The secret is not set: ${variable} is empty.`, { hint: 'Secrets are read from the environment or from --config, never from the command line.' })
  return value
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw new AppError('FILE_UNREADABLE', `${path} cannot be read.`, { hint: 'Check the path and the right to read it.', cause })
  }
}
