import { AppError } from '../../../../shared/errors.ts'
import type { Sasl } from '../../../../shared/model/connection.ts'

/** A token to log in with, and the SASL extensions that go with it (RFC 7628, section 3.1). */
export interface OAuthToken {
  readonly value: string
  readonly extensions: Readonly<Record<string, string>>
}

/** Gives the token that is valid now. Throws AppError CONNECT_SASL where none can be had. */
export type TokenProvider = () => Promise<OAuthToken>

type OAuthSasl = Extract<Sasl, { mechanism: 'oauthbearer' | 'oauthbearer-client-credentials' }>
type ClientCredentials = Extract<Sasl, { mechanism: 'oauthbearer-client-credentials' }>

const timeoutMs = 10_000
const longestAnswer = 1_000_000

/**
 * A provider of tokens: the given one for ever, or one of the token endpoint, which is kept until shortly before it
 * expires. Callers that ask at the same time share one request.
 */
export function tokenProvider(sasl: OAuthSasl): TokenProvider {
  if (sasl.mechanism === 'oauthbearer') {
    const token = { value: sasl.token, extensions: {} }
    return () => Promise.resolve(token)
  }
  let kept: { token: Promise<OAuthToken>; renewAt: number } | undefined
  return () => {
    if (kept !== undefined && Date.now() < kept.renewAt) return kept.token
    const issued = requestToken(sasl)
    const asked = { token: issued.then(({ value }) => ({ value, extensions: sasl.extensions ?? {} })), renewAt: Infinity }
    kept = asked
    issued.then(({ renewAt }) => (asked.renewAt = renewAt), () => (asked.renewAt = 0))
    return asked.token
  }
}

/** Asks for a token by client credentials: RFC 6749, section 4.4, the client in a Basic header as in section 2.3.1. */
async function requestToken(sasl: ClientCredentials): Promise<{ value: string; renewAt: number }> {
  const asked = Date.now()
  const { status, text } = await post(sasl)
  const answer = parseObject(text)
  if (status !== 200) throw refused(sasl, status, answer)
  const value = textOf(answer['access_token'])
  if (value === undefined) throw new AppError('CONNECT_SASL', `${host(sasl)} answered, but not with a token.`, { hint: 'Check the URL of the token endpoint: it is often found under /oauth2/token or /protocol/openid-connect/token.' })
  // an endpoint that does not say how long its tokens live is asked each time (RFC 6749, section 5.1)
  const lifetimeMs = (Number(answer['expires_in']) || 0) * 1000
  // a broker reads the token a while after it was made, and its clock may run ahead
  return { value, renewAt: asked + lifetimeMs - Math.min(60_000, lifetimeMs / 5) }
}

async function post(sasl: ClientCredentials): Promise<{ status: number; text: string }> {
  const body = new URLSearchParams({ grant_type: 'client_credentials', ...(sasl.scope === undefined || sasl.scope === '' ? {} : { scope: sasl.scope }) })
  const credentials = `${formEncode(sasl.clientId)}:${formEncode(sasl.clientSecret)}`
  const headers = { authorization: `Basic ${Buffer.from(credentials).toString('base64')}`, accept: 'application/json' }
  try {
    // a redirect would carry the secret to another place
    const response = await fetch(sasl.tokenEndpoint, { method: 'POST', headers, body, redirect: 'error', signal: AbortSignal.timeout(timeoutMs) })
    return { status: response.status, text: (await response.text()).slice(0, longestAnswer) }
  } catch (error) {
    throw unreachable(sasl, error)
  }
}

/** An error answer names an `error` and often an `error_description`: RFC 6749, section 5.2. */
function refused(sasl: ClientCredentials, status: number, answer: Readonly<Record<string, unknown>>): AppError {
  const error = textOf(answer['error'])
  const reason = error === undefined ? `HTTP ${status}` : [error, textOf(answer['error_description'])].filter((part) => part !== undefined).join(': ').slice(0, 500)
  const message = `${host(sasl)} gave no token: ${hideSecret(reason, sasl.clientSecret)}.`
  if (status === 429 || status >= 500) return new AppError('CONNECT_SASL', message, { hint: 'The token endpoint is in trouble; try again later.', cause: new EndpointUnavailable(`HTTP ${status}`) })
  if (status === 404 || status === 405) return new AppError('CONNECT_SASL', message, { hint: 'Check the URL of the token endpoint.' })
  if (error === 'invalid_scope') return new AppError('CONNECT_SASL', message, { hint: 'Check the scope.' })
  return new AppError('CONNECT_SASL', message, { hint: 'Check the client ID and the client secret.' })
}

function unreachable(sasl: ClientCredentials, error: unknown): AppError {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  const code = cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined
  const reason = error instanceof DOMException && error.name === 'TimeoutError' ? `no answer within ${timeoutMs / 1000} s` : (code ?? (cause instanceof Error ? cause.message : 'no answer'))
  const untrusted = /CERT|SELF_SIGNED|ISSUER|ALTNAME/.test(code ?? '')
  const hint = untrusted
    ? 'The endpoint\'s certificate is not trusted: start with NODE_EXTRA_CA_CERTS set to a PEM file of its authority.'
    : 'Check the URL of the token endpoint, and that it can be reached from this machine.'
  return new AppError('CONNECT_SASL', `The token endpoint ${host(sasl)} cannot be reached: ${reason}.`, { hint, cause: untrusted ? cause : new EndpointUnavailable(reason) })
}

/** The endpoint may answer another time. */
class EndpointUnavailable extends Error {
  override readonly name = 'EndpointUnavailable'
  readonly retriable = true
}

/** The endpoint without its path and query, which may hold a tenant or a key. */
function host(sasl: ClientCredentials): string {
  return new URL(sasl.tokenEndpoint).host
}

function hideSecret(text: string, secret: string): string {
  return secret === '' ? text : text.replaceAll(secret, '…')
}

/** application/x-www-form-urlencoded, which section 2.3.1 asks for before the two halves are joined by a colon. */
function formEncode(text: string): string {
  return new URLSearchParams({ '': text }).toString().slice(1)
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    // a proxy's or a login page; the caller says that it is no token
    return {}
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
