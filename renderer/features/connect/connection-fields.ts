import type { Connection, Registry, Sasl, StoredConnection, Tls } from '../../../shared/model/connection.ts'

/** How a connection is protected and proves itself, as one choice. */
export type Security = 'plain' | 'tls'
export type Mechanism = 'none' | Sasl['mechanism']

/** The form of a connection: texts as typed. */
export interface ConnectionFields {
  readonly brokers: string
  readonly security: Security
  readonly mechanism: Mechanism
  readonly user: string
  readonly password: string
  readonly token: string
  readonly tokenEndpoint: string
  readonly scope: string
  readonly ca: string
  readonly cert: string
  readonly key: string
  readonly passphrase: string
  readonly servername: string
  readonly insecure: boolean
  readonly registryUrl: string
  readonly registryUser: string
  readonly registryPassword: string
  readonly registryToken: string
  readonly registryCa: string
}

export const emptyFields: ConnectionFields = { brokers: '', security: 'plain', mechanism: 'none', user: '', password: '', token: '', tokenEndpoint: '', scope: '', ca: '', cert: '', key: '', passphrase: '', servername: '', insecure: false, registryUrl: '', registryUser: '', registryPassword: '', registryToken: '', registryCa: '' }

/** The form as a connection. Whether it makes sense is said by the engine. */
export function toConnection(fields: ConnectionFields): Connection {
  const brokers = fields.brokers.split(/[\s,]+/).filter((broker) => broker !== '').map((broker) => (/:\d+$/.test(broker) ? broker : `${broker}:9092`))
  const tls: Tls | undefined = fields.security === 'plain' ? undefined : present({ ca: fields.ca, cert: fields.cert, key: fields.key, passphrase: fields.passphrase, servername: fields.servername, insecure: fields.insecure || undefined })
  const sasl = toSasl(fields)
  const registry: Registry | undefined = fields.registryUrl === '' ? undefined : { url: fields.registryUrl, ...present({ username: fields.registryUser, password: fields.registryPassword, token: fields.registryToken, ca: fields.registryCa }) }
  return { brokers, ...(tls === undefined ? {} : { tls }), ...(sasl === undefined ? {} : { sasl }), ...(registry === undefined ? {} : { registry }) }
}

function toSasl({ mechanism, user, password, token, tokenEndpoint, scope }: ConnectionFields): Sasl | undefined {
  switch (mechanism) {
    case 'none':
      return undefined
    case 'oauthbearer':
      return { mechanism, token }
    case 'oauthbearer-client-credentials':
      return { mechanism, tokenEndpoint, clientId: user, clientSecret: password, ...(scope === '' ? {} : { scope }) }
    default:
      return { mechanism, username: user, password }
  }
}

/** What a pasted snippet, or a source of the workspace, says of a connection; what it does not say stays. */
export function fillFields(before: ConnectionFields, { brokers, tls, sasl, registry }: Partial<Connection> | StoredConnection): ConnectionFields {
  const secret = sasl as Partial<Record<'password' | 'clientSecret' | 'token' | 'username' | 'clientId' | 'tokenEndpoint' | 'scope', string>> | undefined
  return {
    ...before,
    ...(brokers === undefined ? {} : { brokers: brokers.join(', ') }),
    security: tls === undefined ? 'plain' : 'tls',
    ca: tls?.ca ?? '',
    cert: tls?.cert ?? '',
    key: (tls as Tls | undefined)?.key ?? '',
    passphrase: (tls as Tls | undefined)?.passphrase ?? '',
    servername: tls?.servername ?? '',
    insecure: tls?.insecure ?? false,
    mechanism: (sasl?.mechanism as Mechanism | undefined) ?? 'none',
    user: secret?.username ?? secret?.clientId ?? '',
    password: secret?.password ?? secret?.clientSecret ?? '',
    token: secret?.token ?? '',
    tokenEndpoint: secret?.tokenEndpoint ?? '',
    scope: secret?.scope ?? '',
    registryUrl: registry?.url ?? '',
    registryUser: registry?.username ?? '',
    registryPassword: (registry as Registry | undefined)?.password ?? '',
    registryToken: (registry as Registry | undefined)?.token ?? '',
    registryCa: (registry as Registry | undefined)?.ca ?? '',
  }
}

/** Whether a connection holds anything that is worth remembering. */
export function holdsSecret({ sasl, tls, registry }: Connection): boolean {
  return sasl !== undefined || tls?.key !== undefined || registry?.password !== undefined || registry?.token !== undefined
}

/** A field that only the user knows. */
export type SecretField = 'password' | 'token' | 'key' | 'passphrase' | 'registryPassword'

/** What a source's connection takes besides what the workspace keeps of it, in the order in which it is asked for. */
export function secretFields({ sasl, tls, registry }: StoredConnection): readonly SecretField[] {
  return [
    ...(sasl === undefined ? [] : [sasl.mechanism === 'oauthbearer' ? ('token' as const) : ('password' as const)]),
    ...(tls?.cert === undefined ? [] : (['key', 'passphrase'] as const)),
    ...(registry?.username === undefined ? [] : (['registryPassword'] as const)),
  ]
}

/** Without the texts that are empty. */
function present<T extends Record<string, string | boolean | undefined>>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined && value !== '')) as never
}
