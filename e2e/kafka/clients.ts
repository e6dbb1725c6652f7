import { readFileSync } from 'node:fs'
import { Kafka, type KafkaConfig, logLevel, type SASLOptions } from 'kafkajs'
import type { Broker } from './broker.ts'
import type { BrokerUser, ListenerName, SaslMechanism } from './broker-settings.ts'

export interface ClientOptions {
  /** Listener to connect to, `plaintext` by default. */
  listener?: ListenerName
  /** Login on a listener with SASL, `oauth` included, where the token is for this user name. */
  user?: BrokerUser
  /** How to log in with it, PLAIN by default; ignored by the listener `oauth`. */
  mechanism?: SaslMechanism
  /** Whether to show the client certificate to a TLS listener. */
  clientCertificate?: boolean
}

/**
 * A kafkajs client of a test broker. It gives up after some three seconds and logs nothing: errors reach the caller.
 * @throws when the broker lacks the listener
 */
export function kafkaClient(broker: Broker, { listener = 'plaintext', user, mechanism = 'PLAIN', clientCertificate = false }: ClientOptions = {}): Kafka {
  const address = broker.listeners[listener]
  if (address === undefined) throw new Error(`The broker was started without the listener ${listener}`)
  const config: KafkaConfig = { clientId: 'undercurrent-test', brokers: [address], logLevel: logLevel.NOTHING, retry: { retries: 5, initialRetryTime: 100, maxRetryTime: 1000 } }
  const { certificates } = broker
  if (certificates !== undefined && (listener === 'ssl' || listener === 'sasl_ssl')) {
    const shown = clientCertificate ? { cert: readFileSync(certificates.cert), key: readFileSync(certificates.key) } : {}
    config.ssl = { ca: [readFileSync(certificates.ca)], ...shown }
  }
  if (user !== undefined) config.sasl = login(listener, user, mechanism)
  return new Kafka(config)
}

/**
 * A token that the listener `oauth` takes: an unsigned JSON Web Token.
 * @param subject user name
 * @param lifetime seconds from now until it expires; negative for one that has expired
 */
export function unsecuredToken(subject: string, lifetime = 3600): string {
  const now = Math.floor(Date.now() / 1000)
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${encode({ alg: 'none' })}.${encode({ sub: subject, iat: Math.min(now, now + lifetime - 1), exp: now + lifetime })}.`
}

function login(listener: ListenerName, user: BrokerUser, mechanism: SaslMechanism): SASLOptions {
  if (listener === 'oauth') return { mechanism: 'oauthbearer', oauthBearerProvider: () => Promise.resolve({ value: unsecuredToken(user.username) }) }
  switch (mechanism) {
    case 'PLAIN': return { mechanism: 'plain', ...user }
    case 'SCRAM-SHA-256': return { mechanism: 'scram-sha-256', ...user }
    case 'SCRAM-SHA-512': return { mechanism: 'scram-sha-512', ...user }
  }
}
