import { type KafkaConfig, type LogEntry, logLevel, type Mechanism, type SASLOptions } from 'kafkajs'
import type { Connection, Sasl } from '../../../../shared/model/connection.ts'
import { oauthMechanism } from './oauth-mechanism.ts'
import { tokenProvider } from './oauth.ts'
import { createSocketFactory, seedName } from './sockets.ts'
import { tlsOptions } from './tls-options.ts'

/** What the host may want to know of the client's inner life. */
export interface ClientOptions {
  /** Takes the client's warnings and errors: sentences without a secret. The calls they belong to fail too, so a host mostly logs them. */
  readonly onWarning?: (warning: string) => void
}

/**
 * Turns a connection into KafkaJS's configuration. Every wait is bounded: 5 s to connect, 10 s to log in, 30 s for an
 * answer; each broker is tried once and there are three attempts at least, within seconds of each other. Waiting longer
 * for a broker that is away is the caller's decision.
 *
 * @throws AppError CONNECT_TLS when a certificate or key cannot be read
 */
export function clientConfig({ brokers, tls, sasl }: Connection, { onWarning }: ClientOptions = {}): KafkaConfig {
  return {
    clientId: 'undercurrent',
    brokers: brokers.map(seedName),
    ...(tls === undefined ? {} : { ssl: tlsOptions(tls) }),
    ...(sasl === undefined ? {} : { sasl: login(sasl) }),
    socketFactory: createSocketFactory(),
    connectionTimeout: 5_000,
    authenticationTimeout: 10_000,
    requestTimeout: 30_000,
    // each attempt takes the next broker, so fewer would leave some untried
    retry: { retries: Math.max(2, brokers.length - 1), initialRetryTime: 200, maxRetryTime: 1_000 },
    logLevel: onWarning === undefined ? logLevel.NOTHING : logLevel.WARN,
    logCreator: () => (entry) => report(entry, onWarning),
  }
}

/** Passes on the sentence alone, since an entry's other fields may carry what was sent; KAFKAJS_LOG_LEVEL can raise the level. */
function report({ level, log }: LogEntry, onWarning: ClientOptions['onWarning']): void {
  if (level !== logLevel.ERROR && level !== logLevel.WARN) return
  const broker: unknown = log['broker']
  onWarning?.(typeof broker === 'string' ? `${log.message} (${broker})` : log.message)
}

function login(sasl: Sasl): SASLOptions | Mechanism {
  switch (sasl.mechanism) {
    case 'plain':
    case 'scram-sha-256':
    case 'scram-sha-512':
      // KafkaJS's type wants each mechanism on its own
      return { ...sasl }
    case 'oauthbearer':
    case 'oauthbearer-client-credentials':
      return oauthMechanism(tokenProvider(sasl))
  }
}
