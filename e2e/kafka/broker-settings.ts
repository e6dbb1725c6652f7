import { join } from 'node:path'
import type { TestCertificates } from './certificates.ts'

export type SaslMechanism = 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512'
export type ListenerName = 'plaintext' | 'ssl' | 'sasl_plaintext' | 'sasl_ssl' | 'oauth'

export interface BrokerUser {
  username: string
  password: string
}

export interface BrokerSecurity {
  /** Adds the listener `ssl`, and `sasl_ssl` when there are mechanisms; says whether clients need a certificate. */
  ssl?: 'none' | 'requested' | 'required'
  /** Adds the listener `sasl_plaintext` with these mechanisms. */
  sasl?: readonly SaslMechanism[]
  /** Adds the listener `oauth`, which takes unsigned tokens: see `unsecuredToken`. */
  oauth?: boolean
  /** Users of all mechanisms; `testUsers` by default. */
  users?: readonly BrokerUser[]
  /**
   * Whether rights are checked. The listener `plaintext` and the user `admin` may do everything, others (also those of
   * `ssl`: their name is `User:CN=client`) nothing until they are given an ACL.
   */
  acl?: boolean
}

/** The users that a broker with SASL knows unless told otherwise. */
export const testUsers: readonly BrokerUser[] = [
  { username: 'admin', password: 'admin-secret' },
  { username: 'alice', password: 'alice-secret' },
]

const protocols: Record<ListenerName, string> = { plaintext: 'PLAINTEXT', ssl: 'SSL', sasl_plaintext: 'SASL_PLAINTEXT', sasl_ssl: 'SASL_SSL', oauth: 'SASL_PLAINTEXT' }

/** Names of the listeners that the options ask for; `plaintext` is always the first. */
export function listenerNames({ ssl, sasl = [], oauth = false }: BrokerSecurity): ListenerName[] {
  const names: ListenerName[] = ['plaintext']
  if (ssl !== undefined) names.push('ssl')
  if (sasl.length > 0) names.push('sasl_plaintext')
  if (ssl !== undefined && sasl.length > 0) names.push('sasl_ssl')
  if (oauth) names.push('oauth')
  return names
}

export interface BrokerLayout {
  folder: string
  controllerPort: number
  ports: ReadonlyMap<ListenerName, number>
  certificates: TestCertificates | undefined
}

/**
 * Text of the `server.properties` of a broker that is its own controller.
 * @param extra settings that win over the ones here
 */
export function brokerSettings(security: BrokerSecurity, layout: BrokerLayout, extra: Readonly<Record<string, string>>): string {
  const listeners = [...layout.ports].map(([name, port]) => `${name.toUpperCase()}://127.0.0.1:${port}`)
  const map = [...layout.ports.keys()].map((name) => `${name.toUpperCase()}:${protocols[name]}`)
  const settings = {
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.voters': `1@127.0.0.1:${layout.controllerPort}`,
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAINTEXT',
    listeners: [...listeners, `CONTROLLER://127.0.0.1:${layout.controllerPort}`].join(','),
    'advertised.listeners': listeners.join(','),
    'listener.security.protocol.map': [...map, 'CONTROLLER:PLAINTEXT'].join(','),
    'log.dirs': join(layout.folder, 'data'),
    ...small,
    ...quick,
    ...securitySettings(security, layout),
    ...extra,
  }
  return Object.entries(settings).map(([name, value]) => `${name}=${value}\n`).join('')
}

/** One replica of everything, and few partitions: every partition of an inner topic costs start-up time. */
const small = {
  'offsets.topic.num.partitions': '1',
  'offsets.topic.replication.factor': '1',
  'transaction.state.log.num.partitions': '1',
  'transaction.state.log.replication.factor': '1',
  'transaction.state.log.min.isr': '1',
  'group.initial.rebalance.delay.ms': '0',
  'auto.create.topics.enable': 'false',
  'message.max.bytes': String(16 * 2 ** 20),
  'replica.fetch.max.bytes': String(16 * 2 ** 20),
  // Test records bear any timestamps; a week's retention would delete those of last year as soon as they are written.
  'log.retention.ms': '-1',
  'log.message.timestamp.after.max.ms': String(2n ** 63n - 1n),
  // 128 MiB by default, a quarter of the heap.
  'log.cleaner.dedupe.buffer.size': String(16 * 2 ** 20),
}

/** Tests cannot wait half a minute until retention and compaction first look at a topic. */
const quick = {
  // After a kill the controller takes the broker for still alive, and lets it in again, only when this has passed.
  'broker.session.timeout.ms': '3000',
  'broker.heartbeat.interval.ms': '500',
  'log.initial.task.delay.ms': '500',
  'log.retention.check.interval.ms': '1000',
  'log.segment.delete.delay.ms': '1000',
  'log.cleaner.backoff.ms': '1000',
}

function securitySettings({ ssl, sasl = [], oauth = false, users = testUsers, acl = false }: BrokerSecurity, { certificates }: BrokerLayout): Record<string, string> {
  const settings: Record<string, string> = {}
  if (acl) {
    settings['authorizer.class.name'] = 'org.apache.kafka.metadata.authorizer.StandardAuthorizer'
    settings['super.users'] = 'User:ANONYMOUS;User:admin'
  }
  if (ssl !== undefined && certificates !== undefined) {
    settings['ssl.keystore.type'] = 'PEM'
    settings['ssl.keystore.location'] = certificates.serverKeyStore
    settings['ssl.truststore.type'] = 'PEM'
    settings['ssl.truststore.location'] = certificates.ca
    settings['ssl.client.auth'] = ssl
  }
  for (const listener of ['sasl_plaintext', 'sasl_ssl']) {
    if (sasl.length > 0) settings[`listener.name.${listener}.sasl.enabled.mechanisms`] = sasl.join(',')
    for (const mechanism of sasl) settings[`listener.name.${listener}.${mechanism.toLowerCase()}.sasl.jaas.config`] = loginModule(mechanism, users)
  }
  if (oauth) {
    settings['listener.name.oauth.sasl.enabled.mechanisms'] = 'OAUTHBEARER'
    settings['listener.name.oauth.oauthbearer.sasl.jaas.config'] = 'org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="broker";'
  }
  return settings
}

function loginModule(mechanism: SaslMechanism, users: readonly BrokerUser[]): string {
  // SCRAM users live in the broker's metadata, written when its storage is formatted.
  if (mechanism !== 'PLAIN') return 'org.apache.kafka.common.security.scram.ScramLoginModule required;'
  const known = users.map(({ username, password }) => ` user_${username}="${password}"`)
  return `org.apache.kafka.common.security.plain.PlainLoginModule required${known.join('')};`
}
