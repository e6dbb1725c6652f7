import { isCommandLine, readCommandLine } from './command-line.ts'
import { type Entry, readPlainLines, readProperties } from './properties.ts'
import { hasQuotedPairs, readQuotedPairs } from './quoted-pairs.ts'

/**
 * Reads the settings out of a pasted text, whatever it is: JSON, a command line, a Python or JavaScript literal, lines for
 * librdkafka or a Java properties file. Keys come out in Kafka's dotted spelling, without Spring's prefixes. Never throws.
 */
export function readEntries(text: string): Entry[] {
  return readAny(text.replace(/^\uFEFF/, '')).map(({ key, value }) => ({ key: canonicalKey(key), value }))
}

function readAny(text: string): Entry[] {
  const json = parseObject(text)
  if (json !== undefined) return flatten(json, '', 0)
  if (isCommandLine(text)) return readCommandLine(text)
  if (hasQuotedPairs(text) && !/^[\w.-]*sasl\.jaas\.config\s*=/m.test(text)) return readQuotedPairs(text)
  // librdkafka knows no escapes, so a password with a backslash reads differently in the two
  return isLibrdkafka(text) ? readPlainLines(text) : readProperties(text)
}

function isLibrdkafka(text: string): boolean {
  const own = /^[ \t]*(?:metadata\.broker\.list|sasl\.mechanisms|sasl\.username|sasl\.password|ssl\.ca\.(?:location|pem)|ssl\.certificate\.(?:location|pem))[ \t]*[=:]/m
  return own.test(text) && !/sasl\.jaas\.config/.test(text)
}

function parseObject(text: string): object | undefined {
  if (!/^\s*\{/.test(text)) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    // a Python or JavaScript literal begins with a brace too
    return undefined
  }
}

/** No client's settings are nested deeper; a hostile text may be. */
const deepest = 8

function flatten(value: object, prefix: string, depth: number): Entry[] {
  return Object.entries(value).flatMap(([name, inner]: [string, unknown]) => {
    const key = prefix + name
    if (Array.isArray(inner)) return [{ key, value: inner.filter((item) => typeof item === 'string').join(',') }]
    if (typeof inner === 'object' && inner !== null) return depth < deepest ? flatten(inner, `${key}.`, depth + 1) : []
    return typeof inner === 'string' || typeof inner === 'boolean' || typeof inner === 'number' ? [{ key, value: String(inner) }] : []
  })
}

/** Spellings of other clients (KafkaJS, kafka-python) for the settings that matter here. */
const aliases: Readonly<Record<string, string>> = {
  brokers: 'bootstrap.servers',
  'metadata.broker.list': 'bootstrap.servers',
  mechanism: 'sasl.mechanism',
  'sasl.mechanisms': 'sasl.mechanism',
  username: 'sasl.username',
  password: 'sasl.password',
  'sasl.plain.username': 'sasl.username',
  'sasl.plain.password': 'sasl.password',
  'ssl.cafile': 'ssl.ca.location',
  'ssl.certfile': 'ssl.certificate.location',
  'ssl.keyfile': 'ssl.key.location',
  'schema.registry.basic.auth.user.info': 'basic.auth.user.info',
  'schema.registry.basic.auth.credentials.source': 'basic.auth.credentials.source',
  'schema.registry.bearer.auth.token': 'bearer.auth.token',
  // librdkafka's names of the settings that Kafka 4.1 has (KIP-1139)
  'sasl.oauthbearer.client.id': 'sasl.oauthbearer.client.credentials.client.id',
  'sasl.oauthbearer.client.secret': 'sasl.oauthbearer.client.credentials.client.secret',
}

function canonicalKey(key: string): string {
  const bare = key.trim().replace(/^spring\.kafka\./, '').replace(/^(?:consumer|producer|admin|streams)\./, '').replace(/^properties\./, '')
  // Spring writes trust-store-location, kafka-python security_protocol
  const dotted = bare.replace(/[-_]/g, '.').replace(/\b(trust|key)\.store\./, '$1store.')
  return aliases[dotted] ?? dotted
}
