import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { isTransient } from './failures.ts'
import { type TokenProvider, tokenProvider } from './oauth.ts'

const open: (() => void)[] = []
afterEach(() => {
  vi.useRealTimers()
  for (const close of open.splice(0)) close()
})

interface Asked {
  readonly authorization: string | undefined
  readonly form: URLSearchParams
}

async function endpoint(answer: (asked: Asked, count: number) => { status?: number; body: unknown }): Promise<{ url: string; asked: Asked[] }> {
  const asked: Asked[] = []
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let text = ''
    for await (const part of request) text += String(part)
    const one = { authorization: request.headers.authorization, form: new URLSearchParams(text) }
    asked.push(one)
    const { status = 200, body } = answer(one, asked.length)
    response.writeHead(status, { 'content-type': 'application/json', location: '/elsewhere' }).end(typeof body === 'string' ? body : JSON.stringify(body))
  }
  const server = createServer((request, response) => void handle(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  open.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/tenant-secret-path/token`, asked }
}

function provider(tokenEndpoint: string, more: { scope?: string; extensions?: Record<string, string> } = {}): TokenProvider {
  return tokenProvider({ mechanism: 'oauthbearer-client-credentials', tokenEndpoint, clientId: 'my client', clientSecret: 's3cret:/+ü', ...more })
}

describe('tokenProvider', () => {
  it('gives a token that is set', async () => {
    expect(await tokenProvider({ mechanism: 'oauthbearer', token: 'abc' })()).toEqual({ value: 'abc', extensions: {} })
  })

  it('asks for a token by client credentials, the client form-encoded in a Basic header', async () => {
    const { url, asked } = await endpoint(() => ({ body: { access_token: 'abc', expires_in: 3600, token_type: 'Bearer' } }))
    expect(await provider(url, { scope: 'kafka read', extensions: { logicalCluster: 'lkc-1' } })()).toEqual({ value: 'abc', extensions: { logicalCluster: 'lkc-1' } })
    expect(Object.fromEntries(asked[0]?.form ?? [])).toEqual({ grant_type: 'client_credentials', scope: 'kafka read' })
    // RFC 6749, section 2.3.1: encoded as a form before it is encoded as Basic
    expect(Buffer.from(asked[0]?.authorization?.slice('Basic '.length) ?? '', 'base64').toString()).toBe('my+client:s3cret%3A%2F%2B%C3%BC')
  })

  it('keeps a token until shortly before it expires, and asks once for callers at the same time', async () => {
    const { url, asked } = await endpoint((_, count) => ({ body: { access_token: `token ${count}`, expires_in: '600' } }))
    const provide = provider(url)
    expect(await Promise.all([provide(), provide()])).toEqual([{ value: 'token 1', extensions: {} }, { value: 'token 1', extensions: {} }])
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 530_000 })
    expect(await provide()).toMatchObject({ value: 'token 1' })
    vi.setSystemTime(Date.now() + 20_000)
    expect(await provide()).toMatchObject({ value: 'token 2' })
    expect(asked).toHaveLength(2)
  })

  it('asks again after a failure', async () => {
    const { url } = await endpoint((_, count) => (count === 1 ? { status: 503, body: '' } : { body: { access_token: 'abc' } }))
    const provide = provider(url)
    await expect(provide()).rejects.toMatchObject({ code: 'CONNECT_SASL' })
    expect(await provide()).toMatchObject({ value: 'abc' })
  })

  it.each([
    [401, { error: 'invalid_client', error_description: 'Unknown client s3cret:/+ü' }, /invalid_client: Unknown client …/, /client secret/, false],
    [400, { error: 'invalid_scope' }, /invalid_scope/, /scope/, false],
    [404, '<html>', /HTTP 404/, /URL/, false],
    [302, '', /cannot be reached/, /URL/, true],
    [503, '', /HTTP 503/, /later/, true],
    [200, '<html>login</html>', /not with a token/, /URL/, false],
    [200, { access_token: 42 }, /not with a token/, /URL/, false],
  ])('puts HTTP %i %j in words without the secret', async (status, body, message, hint, transient) => {
    const { url } = await endpoint(() => ({ status, body }))
    const error: unknown = await provider(url)().catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'CONNECT_SASL', message: expect.stringMatching(message) as string, hint: expect.stringMatching(hint) as string })
    expect(String(error)).not.toMatch(/s3cret|tenant-secret-path/)
    expect(isTransient(error)).toBe(transient)
  })

  it('names an endpoint that cannot be reached', async () => {
    await expect(provider('http://127.0.0.1:1/token')()).rejects.toMatchObject({ code: 'CONNECT_SASL', message: expect.stringContaining('127.0.0.1:1 cannot be reached') as string })
    const error: unknown = await provider('http://no-such-host.invalid/token')().catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ message: 'The token endpoint no-such-host.invalid cannot be reached: ENOTFOUND.' })
    expect(isTransient(error)).toBe(true)
  })
})
