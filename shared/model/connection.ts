import { z } from 'zod'
import { parseBrokerAddress } from '../connection/broker-address.ts'

/** A secret value. It lives in memory only: {@link withoutSecrets} is what may be stored or shown. */
const Secret = z.string().max(65_536)

/** TLS to the brokers. PEM texts, not paths. Without `ca` the system's authorities are trusted. */
export const Tls = z.object({
  ca: z.string().optional(),
  cert: z.string().optional(),
  key: Secret.optional(),
  passphrase: Secret.optional(),
  servername: z.string().optional(),
  /** Accept any certificate. Only ever set by the user's own hand, and shown wherever the connection is shown. */
  insecure: z.boolean().optional(),
})
export type Tls = z.infer<typeof Tls>

const Password = { username: z.string(), password: Secret }

/** How the client proves who it is. */
export const Sasl = z.discriminatedUnion('mechanism', [
  z.object({ mechanism: z.literal('plain'), ...Password }),
  z.object({ mechanism: z.literal('scram-sha-256'), ...Password }),
  z.object({ mechanism: z.literal('scram-sha-512'), ...Password }),
  z.object({ mechanism: z.literal('oauthbearer'), token: Secret }),
  z.object({
    mechanism: z.literal('oauthbearer-client-credentials'),
    tokenEndpoint: z.url(),
    clientId: z.string(),
    clientSecret: Secret,
    scope: z.string().optional(),
    /** SASL extensions (RFC 7628), such as Confluent Cloud's logicalCluster and identityPoolId. */
    extensions: z.record(z.string(), z.string()).optional(),
  }),
])
export type Sasl = z.infer<typeof Sasl>

/** A schema registry that speaks Confluent's API. */
export const Registry = z.object({
  url: z.url(),
  username: z.string().optional(),
  password: Secret.optional(),
  token: Secret.optional(),
  ca: z.string().optional(),
})
export type Registry = z.infer<typeof Registry>

/** Everything needed to reach a Kafka cluster. */
export const Connection = z.object({
  /** `host:port`, one or several. */
  brokers: z.array(z.string().refine((text) => parseBrokerAddress(text) !== undefined, 'host:port')).min(1),
  tls: Tls.optional(),
  sasl: Sasl.optional(),
  registry: Registry.optional(),
})
export type Connection = z.infer<typeof Connection>

/** What may be written to the workspace or shown: the connection with every secret taken out. */
export const StoredConnection = z.object({
  /** Which cluster the brokers belonged to when the source was read last: offsets mean nothing in another one. */
  clusterId: z.string().optional(),
  brokers: z.array(z.string()),
  tls: z.object({ ca: z.string().optional(), cert: z.string().optional(), servername: z.string().optional(), insecure: z.boolean().optional() }).optional(),
  sasl: z.object({ mechanism: z.string(), username: z.string().optional(), tokenEndpoint: z.string().optional(), clientId: z.string().optional(), scope: z.string().optional() }).optional(),
  registry: z.object({ url: z.string(), username: z.string().optional() }).optional(),
})
export type StoredConnection = z.infer<typeof StoredConnection>

/** Takes every secret out of a connection, including a password hidden in the registry's URL. */
export function withoutSecrets(connection: Connection): StoredConnection {
  // zod's objects drop unknown fields, so what StoredConnection does not name cannot pass
  const stored = StoredConnection.parse(connection)
  if (stored.registry === undefined) return stored
  return { ...stored, registry: { ...stored.registry, url: withoutUserInfo(stored.registry.url) } }
}

/** `https://user:password@host/` to `https://host/`, with no help from the platform's URL class. */
function withoutUserInfo(url: string): string {
  return url.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i, '$1')
}
