import { readFile } from 'node:fs/promises'
import { text as textOf } from 'node:stream/consumers'
import { InvalidArgumentError, Option, type Command } from 'commander'
import { formatBrokerAddress, parseBrokerAddress } from '../../shared/connection/broker-address.ts'
import { parseSnippet } from '../../shared/connection/parse-snippet.ts'
import { AppError } from '../../shared/errors.ts'
import { Connection } from '../../shared/model/connection.ts'
import { valueOf } from './command.ts'
import { printNote, safeText } from './output.ts'
import { addRegistryOptions, readRegistry, type RegistryOptions } from './registry-options.ts'
import { addSaslOptions, readSasl, withSecrets, type SaslOptions } from './sasl-options.ts'
import { secretOf, type Environment } from './secrets.ts'

/** The options that say how to reach Kafka. No secret is among them. */
export interface ConnectionOptions extends SaslOptions, RegistryOptions {
  readonly brokers?: readonly string[]
  readonly config?: string
  readonly tls?: boolean
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
  readonly insecure?: boolean
}

/** Adds the options of a connection to a command. */
export function addConnectionOptions(command: Command): Command {
  const withTls = command
    .addOption(new Option('--brokers <list>', 'host:port of one or more brokers, with commas between them').argParser(parseBrokers))
    .option('--config <file>', "a client.properties, librdkafka or Confluent Cloud snippet; '-' reads standard input")
    .option('--tls', 'encrypt the connection')
    .option('--ca <file>', "PEM of the authority that signed the brokers' certificates, where it is not the system's")
    .option('--cert <file>', 'PEM of the client certificate')
    .option('--key <file>', 'PEM of its key (passphrase in UNDERCURRENT_KEY_PASSPHRASE)')
    .option('--insecure', 'accept any certificate; anybody may then listen in')
  return addRegistryOptions(addSaslOptions(withTls))
}

/**
 * The connection that the options, the snippet and the environment make together; options win.
 *
 * @throws AppError BAD_REQUEST where it is not whole, FILE_UNREADABLE
 */
export async function readConnection(options: ConnectionOptions, environment: Environment = process.env): Promise<Connection> {
  const snippet = options.config === undefined ? {} : await readSnippet(options.config)
  const brokers = options.brokers ?? snippet.brokers
  if (brokers === undefined) throw new AppError('BAD_REQUEST', 'No brokers are given.', { hint: 'Name them with --brokers host:9092, or give a snippet with --config.' })
  const asksTls = options.tls === true || options.insecure === true || [options.ca, options.cert, options.key].some((path) => path !== undefined)
  const tls = asksTls || snippet.tls !== undefined ? { ...snippet.tls, ...(await readTls(options, environment)) } : undefined
  const sasl = readSasl(options, environment) ?? snippet.sasl
  const registry = readRegistry(options, environment) ?? snippet.registry
  const parsed = Connection.safeParse(withSecrets({ brokers, tls, sasl, registry }, environment))
  if (parsed.success) return parsed.data
  // the issue names the field and what was expected, never the value: it may be a secret
  const [issue] = parsed.error.issues
  throw new AppError('BAD_REQUEST', `The connection is not whole: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`)
}

function parseBrokers(list: string): readonly string[] {
  return list.split(',').map((item) => {
    const address = parseBrokerAddress(item.trim()) ?? parseBrokerAddress(`${item.trim()}:9092`)
    if (address === undefined) throw new InvalidArgumentError('A broker is written as host:port.')
    return formatBrokerAddress(address)
  })
}

async function readSnippet(path: string): Promise<Partial<Connection>> {
  const { connection, notes, files } = valueOf(parseSnippet(path === '-' ? await textOf(process.stdin) : await readText(path)))
  for (const note of notes) printNote(`note: ${safeText(note)}`)
  const read: Partial<Connection> = { ...connection }
  for (const { field, path: file } of files) {
    const content = await readText(file)
    if (field === 'registry.ca' && read.registry !== undefined) read.registry = { ...read.registry, ca: content }
    else if (field.startsWith('tls.')) read.tls = { ...read.tls, [field.slice('tls.'.length)]: content }
  }
  return read
}

async function readTls({ ca, cert, key, insecure }: ConnectionOptions, environment: Environment): Promise<NonNullable<Connection['tls']>> {
  const passphrase = secretOf(environment, 'UNDERCURRENT_KEY_PASSPHRASE')
  return {
    ...(ca === undefined ? {} : { ca: await readText(ca) }),
    ...(cert === undefined ? {} : { cert: await readText(cert) }),
    ...(key === undefined ? {} : { key: await readText(key) }),
    ...(passphrase === undefined ? {} : { passphrase }),
    ...(insecure === true ? { insecure } : {}),
  }
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw new AppError('FILE_UNREADABLE', `${path} cannot be read.`, { hint: 'Check the path and the right to read it.', cause })
  }
}
