import { Registry, type Sasl } from '../model/connection.ts'
import { normalizePem } from './pem.ts'
import type { Settings } from './settings.ts'

/** Reads the schema registry of a snippet, as Confluent's serializers are configured; undefined where there is none. */
export function readRegistry(settings: Settings, sasl: Sasl | undefined): Registry | undefined {
  const listed = settings.take('schema.registry.url')
  if (listed === undefined) return undefined
  const [first = '', ...others] = listed.split(',').map((url) => url.trim())
  if (others.length > 0) settings.notes.push('The snippet names several schema registries: the first one is used.')
  const { url, userInfo } = splitUserInfo(first)
  if (!Registry.shape.url.safeParse(url).success) {
    settings.notes.push('schema.registry.url is not a URL.')
    return undefined
  }
  const registry: Registry = { url, ...readUser(settings, sasl, userInfo) }
  settings.take('bearer.auth.credentials.source')
  const token = settings.take('bearer.auth.token')
  if (token !== undefined) registry.token = token
  const ca = settings.take('schema.registry.ssl.truststore.certificates') ?? settings.take('schema.registry.ssl.ca.pem')
  if (ca !== undefined) registry.ca = normalizePem(ca)
  const path = settings.take('schema.registry.ssl.ca.location')
  if (path !== undefined) settings.files.push({ field: 'registry.ca', path })
  return registry
}

function readUser(settings: Settings, sasl: Sasl | undefined, inUrl: string | undefined): { username?: string; password?: string } {
  const source = settings.take('basic.auth.credentials.source')?.toUpperCase()
  const given = settings.takeWhole('basic.auth.user.info')
  if (source === 'SASL_INHERIT' && sasl !== undefined && 'username' in sasl) return { username: sasl.username, password: sasl.password }
  const [username = '', password = ''] = (given ?? inUrl ?? '').split(/:(.*)/s)
  if (username === '') return {}
  // each half is often a placeholder of its own
  const filled = (half: string): string => settings.unlessPlaceholder('basic.auth.user.info', half) ?? ''
  return { username: filled(username), password: filled(password) }
}

function splitUserInfo(url: string): { url: string; userInfo: string | undefined } {
  const match = /^([a-z][a-z0-9+.-]*:\/\/)([^/?#]*)@(.*)$/is.exec(url)
  if (match === null) return { url, userInfo: undefined }
  return { url: `${match[1]}${match[3]}`, userInfo: decode(match[2] ?? '') }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // a lone percent sign: then it was not encoded
    return text
  }
}
