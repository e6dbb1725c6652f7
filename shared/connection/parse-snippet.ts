import { Connection } from '../model/connection.ts'
import { err, ok, type Result } from '../result.ts'
import { parseBrokerAddress } from './broker-address.ts'
import { Settings, type SnippetFile } from './settings.ts'
import { readEntries } from './snippet-entries.ts'
import { readRegistry } from './snippet-registry.ts'
import { mentionsSasl, readSasl } from './snippet-sasl.ts'
import { mentionsTls, readTls } from './snippet-tls.ts'

/** What a pasted snippet says of a connection. */
export interface ParsedSnippet {
  /** Always valid as far as it goes; a secret that the snippet leaves open is an empty text. */
  readonly connection: Partial<Connection>
  /** Sentences for people: what to fill in, what was understood how, what was passed over. They hold no values of secrets. */
  readonly notes: string[]
  /** Files that the snippet names, for the host to read: nothing is read here. */
  readonly files: SnippetFile[]
}

/**
 * Reads a connection out of whatever people have at hand: a Java `client.properties` (also with Spring's prefixes), a
 * configuration of librdkafka, a kcat command line, a Confluent Cloud snippet for any language, JSON. An unknown setting
 * is no error but a note. Never throws.
 *
 * @returns BAD_REQUEST when the text holds no setting of a Kafka connection
 */
export function parseSnippet(text: string): Result<ParsedSnippet> {
  const settings = new Settings(readEntries(text))
  const protocol = readProtocol(settings)
  const connection: Partial<Connection> = {}
  const brokers = readBrokers(settings)
  if (brokers.length > 0) connection.brokers = brokers
  if (protocol.tls) connection.tls = readTls(settings)
  const sasl = protocol.sasl ? readSasl(settings) : undefined
  if (sasl !== undefined) connection.sasl = sasl
  const registry = readRegistry(settings, sasl)
  if (registry !== undefined) connection.registry = registry
  if (settings.isEmpty) {
    return err({
      code: 'BAD_REQUEST',
      message: 'No setting of a Kafka connection was found in the text.',
      hint: 'Paste a client.properties, a librdkafka or kcat configuration, or the snippet that your provider shows; at least bootstrap.servers is needed.',
    })
  }
  if (connection.brokers === undefined) settings.missing('bootstrap.servers')
  const unused = settings.unused()
  if (unused.length > 0) settings.notes.push(`Not used: ${unused.join(', ')}.`)
  return ok({ connection, notes: settings.notes, files: settings.files })
}

/** What `security.protocol` asks for; where it is missing, what the other settings imply. */
function readProtocol(settings: Settings): { tls: boolean; sasl: boolean } {
  const protocol = settings.take('security.protocol')?.toUpperCase().replace('-', '_')
  const known = protocol === undefined ? null : /^(SASL_)?(PLAINTEXT|SSL)$/.exec(protocol)
  if (known !== null) return { tls: known[2] === 'SSL', sasl: known[1] !== undefined }
  const implied = { tls: mentionsTls(settings), sasl: mentionsSasl(settings) }
  if (protocol !== undefined) settings.notes.push('security.protocol is none of PLAINTEXT, SSL, SASL_PLAINTEXT and SASL_SSL.')
  else if (implied.sasl && !implied.tls) settings.notes.push('security.protocol is missing, so TLS is off: turn it on if the brokers ask for it.')
  return implied
}

function readBrokers(settings: Settings): string[] {
  const listed = settings.take('bootstrap.servers')
  if (listed === undefined) return []
  return listed.split(/[,;\s]+/).flatMap((item) => {
    // some examples carry the listener's name: SASL_SSL://host:9092
    const address = item.replace(/^[A-Za-z_]+:\/\//, '')
    if (address === '') return []
    if (parseBrokerAddress(address) !== undefined) return [address]
    if (parseBrokerAddress(`${address}:9092`) !== undefined) {
      settings.notes.push(`${address} names no port: 9092, Kafka's default, is used.`)
      return [`${address}:9092`]
    }
    settings.notes.push('A broker in bootstrap.servers is not of the form host:port and was left out.')
    return []
  })
}
