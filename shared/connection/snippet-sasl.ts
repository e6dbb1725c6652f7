import { Connection, type Sasl } from '../model/connection.ts'
import { type Jaas, parseJaas } from './jaas.ts'
import type { Settings } from './settings.ts'

const oauthPrefix = 'sasl.oauthbearer'

/** Tells whether a snippet without a protocol still means a login. */
export function mentionsSasl(settings: Settings): boolean {
  return settings.has('sasl.mechanism', 'sasl.jaas.config', 'sasl.username', `${oauthPrefix}.token.endpoint.url`)
}

/**
 * Reads how to log in, from `sasl.jaas.config` or from librdkafka's settings. A password that is missing becomes an empty
 * text and a note, so that the rest can be shown; undefined for a mechanism that is not spoken here.
 */
export function readSasl(settings: Settings): Sasl | undefined {
  const jaas = readJaas(settings)
  const mechanism = (settings.take('sasl.mechanism') ?? mechanismOf(jaas, settings))?.toUpperCase()
  switch (mechanism) {
    case 'PLAIN':
    case 'SCRAM-SHA-256':
    case 'SCRAM-SHA-512':
      return { mechanism: lower[mechanism], ...readPassword(settings, jaas) }
    case 'OAUTHBEARER':
      return readOAuth(settings, jaas)
    case undefined:
      settings.notes.push('sasl.mechanism is missing: choose how to log in.')
      return undefined
    default:
      settings.notes.push(`The login mechanism ${/^[\w-]{1,40}$/.test(mechanism) ? mechanism : 'of the snippet'} is not supported: PLAIN, SCRAM-SHA-256, SCRAM-SHA-512 and OAUTHBEARER are.`)
      return undefined
  }
}

const lower = { PLAIN: 'plain', 'SCRAM-SHA-256': 'scram-sha-256', 'SCRAM-SHA-512': 'scram-sha-512' } as const

function readJaas(settings: Settings): Jaas | undefined {
  const text = settings.takeWhole('sasl.jaas.config')
  if (text === undefined || text === '') return undefined
  const jaas = parseJaas(text)
  if (jaas === undefined) settings.notes.push('sasl.jaas.config could not be read: give the user and the password by hand.')
  return jaas
}

function mechanismOf(jaas: Jaas | undefined, settings: Settings): string | undefined {
  if (jaas?.module === 'OAuthBearerLoginModule' || settings.has(`${oauthPrefix}.token.endpoint.url`)) return 'OAUTHBEARER'
  // a ScramLoginModule serves both hashes, so it names none
  return jaas?.module === 'PlainLoginModule' ? 'PLAIN' : undefined
}

function readPassword(settings: Settings, jaas: Jaas | undefined): { username: string; password: string } {
  return { username: take(settings, jaas, 'sasl.username', 'username') ?? '', password: take(settings, jaas, 'sasl.password', 'password') ?? '' }
}

function readOAuth(settings: Settings, jaas: Jaas | undefined): Sasl | undefined {
  // what only Java's classes need; the method "oidc" is the only one of librdkafka with an endpoint
  for (const key of ['sasl.login.callback.handler.class', `${oauthPrefix}.method`]) settings.take(key)
  const endpoint = settings.take(`${oauthPrefix}.token.endpoint.url`) ?? jaas?.options.get('oauth.token.endpoint.uri')
  if (endpoint === undefined) {
    settings.notes.push(`${oauthPrefix}.token.endpoint.url is missing: give a token, or the endpoint that issues one.`)
    return { mechanism: 'oauthbearer', token: '' }
  }
  if (!isUrl(endpoint)) {
    settings.notes.push(`${oauthPrefix}.token.endpoint.url is not a URL.`)
    return undefined
  }
  const clientId = take(settings, jaas, `${oauthPrefix}.client.credentials.client.id`, 'clientId', 'oauth.client.id')
  const clientSecret = take(settings, jaas, `${oauthPrefix}.client.credentials.client.secret`, 'clientSecret', 'oauth.client.secret')
  const scope = settings.take(`${oauthPrefix}.scope`) ?? jaas?.options.get('scope') ?? jaas?.options.get('oauth.scope')
  const extensions = readExtensions(settings, jaas)
  return {
    mechanism: 'oauthbearer-client-credentials',
    tokenEndpoint: endpoint,
    clientId: clientId ?? '',
    clientSecret: clientSecret ?? '',
    ...(scope === undefined ? {} : { scope }),
    ...(Object.keys(extensions).length === 0 ? {} : { extensions }),
  }
}

/** librdkafka lists extensions as `a=1,b=2`; in a JAAS text each is an option `extension_a="1"`. */
function readExtensions(settings: Settings, jaas: Jaas | undefined): Record<string, string> {
  const listed = (settings.take(`${oauthPrefix}.extensions`) ?? '').split(',').map((item) => item.trim().split(/=(.*)/s))
  const options = [...(jaas?.options ?? [])].filter(([name]) => name.startsWith('extension_')).map(([name, value]) => [name.slice('extension_'.length), value])
  return Object.fromEntries([...listed, ...options].flatMap(([name, value]) => (name === undefined || name === '' || value === undefined ? [] : [[name, value] as const])))
}

/** Takes a value from its setting or from one of the JAAS options that mean the same; notes it where it is nowhere. */
function take(settings: Settings, jaas: Jaas | undefined, key: string, ...options: readonly string[]): string | undefined {
  const option = options.find((name) => (jaas?.options.get(name) ?? '') !== '')
  const value = settings.take(key) ?? (option === undefined ? undefined : settings.unlessPlaceholder(key, jaas?.options.get(option) ?? ''))
  if (value === undefined) settings.missing(key)
  return value
}

function isUrl(text: string): boolean {
  return Connection.shape.registry.unwrap().shape.url.safeParse(text).success
}
