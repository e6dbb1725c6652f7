import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { request, type IncomingHttpHeaders } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { tableFromIPC } from 'apache-arrow'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import { connectClient, type Client } from '../../../shared/contract/client.ts'
import { startServer, type Server } from './server.ts'
import { webSocketPort } from './web-socket-port.ts'

const secret = 'SECRET'
let folder = ''
let server: Server
let base = ''
let port = 0

/** A server on a workspace of that name, with a renderer of two files. */
function start(workspace: string, options: { readonly port?: number } = {}): Promise<Server> {
  return startServer({ workspace: join(folder, workspace), port: 0, version: '1.2.3', renderer: join(folder, 'renderer'), ...options })
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'undercurrent-serve-test-'))
  mkdirSync(join(folder, 'renderer', 'assets'), { recursive: true })
  writeFileSync(join(folder, 'renderer', 'index.html'), '<meta name="csp-nonce" content="__CSP_NONCE__">')
  writeFileSync(join(folder, 'renderer', 'assets', 'index-a1.js'), 'start()')
  writeFileSync(join(folder, 'secret.js'), secret)
  server = await start('W')
  base = new URL(server.url).origin
  port = Number(new URL(base).port)
})
afterAll(async () => {
  await server.close()
  rmSync(folder, { recursive: true, force: true })
})

const filesIn = (path: string): readonly string[] => readdirSync(path, { recursive: true }).map(String).sort()

interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** Asks as a program that may say anything, unlike `fetch`, which minds its path, its Host and its Origin. */
async function ask(path: string, { method = 'GET', headers = {}, body = '' }: { readonly method?: string; readonly headers?: Readonly<Record<string, string>>; readonly body?: string | Buffer } = {}): Promise<Answer> {
  const sent = request({ host: '127.0.0.1', port, path, method, headers }).end(body)
  const [response] = (await once(sent, 'response')) as [Parameters<NonNullable<Parameters<typeof request>[2]>>[0]]
  const parts: Buffer[] = []
  for await (const part of response) parts.push(part as Buffer)
  return { status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts).toString() }
}

/** Opens a link as a browser does; gives the cookie that it gets. */
async function enter(url: string): Promise<string> {
  const response = await fetch(url, { redirect: 'manual' })
  expect(response.status).toBe(302)
  return (response.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
}

interface Tab {
  readonly client: Client
  readonly socket: WebSocket
}

/** Connects to the engine as a page does. */
async function openTab(of: Server = server, cookie?: string): Promise<Tab> {
  const { origin, host } = new URL(of.url)
  const socket = new WebSocket(`ws://${host}/engine`, { headers: { Cookie: cookie ?? (await enter(of.newLink())), Origin: origin } })
  await once(socket, 'open')
  return { client: connectClient(webSocketPort(socket)), socket }
}

/** The status that refuses a WebSocket, or `open`. */
async function knock(path: string, headers: Readonly<Record<string, string>>): Promise<number | 'open'> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers })
  return new Promise((resolve, reject) => {
    socket.on('open', () => {
      socket.terminate()
      resolve('open')
    })
    socket.on('unexpected-response', (_request, response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
    socket.on('error', reject)
  })
}

describe('a link', () => {
  it('opens the app once, and leaves no token behind', async () => {
    const link = server.newLink()
    const path = link.slice(base.length)
    const { status, headers } = await ask(path)
    expect({ status, location: headers.location, cache: headers['cache-control'], referrer: headers['referrer-policy'] }).toEqual({ status: 302, location: '/', cache: 'no-store', referrer: 'no-referrer' })
    expect(headers['set-cookie']).toEqual([expect.stringMatching(/; HttpOnly; SameSite=Strict; Path=\/$/)])
    const again = await ask(path)
    expect({ status: again.status, cookie: again.headers['set-cookie'] }).toEqual({ status: 403, cookie: undefined })
    expect(again.body).toContain('was used already')
  })

  it('is used up by a browser that was in already, too', async () => {
    const headers = { Cookie: await enter(server.newLink()) }
    const path = server.newLink().slice(base.length)
    expect(await ask(path, { headers })).toMatchObject({ status: 302, headers: { location: '/' } })
    expect(await ask(path, { headers })).toMatchObject({ status: 302, headers: { location: '/' } })
    expect((await ask(path)).status).toBe(403)
  })

  it('is not used up by whoever only looks at it', async () => {
    const path = server.newLink().slice(base.length)
    expect((await ask(path, { method: 'HEAD' })).status).toBe(403)
    expect((await ask(path.replace('/?', '/assets/?'))).status).toBe(403)
    expect((await ask(path, { headers: { Host: 'evil.example' } })).status).toBe(403)
    expect((await ask(path)).status).toBe(302)
  })

  it('does not end the session that another link began', async () => {
    const first = await enter(server.newLink())
    await enter(server.newLink())
    expect((await ask('/', { headers: { Cookie: first } })).status).toBe(200)
  })
})

describe('without a cookie', () => {
  it.each(['/', '/index.html', '/assets/index-a1.js', '/shell', '/upload', '/?token=', '/?token=guess'])('%s is refused with a sentence', async (path) => {
    const { status, headers, body } = await ask(path)
    expect({ status, type: headers['content-type'], nosniff: headers['x-content-type-options'] }).toEqual({ status: 403, type: 'text/plain; charset=utf-8', nosniff: 'nosniff' })
    expect(body).toMatch(/press Enter/i)
  })
})

describe('with a cookie', () => {
  let headers: Readonly<Record<string, string>> = {}
  beforeAll(async () => {
    headers = { Cookie: await enter(server.newLink()) }
  })

  it('the page comes with a policy that names its nonce', async () => {
    const { status, headers: answered, body } = await ask('/', { headers })
    const nonce = /content="([^"]+)"/.exec(body)?.[1] ?? ''
    expect(status).toBe(200)
    expect(nonce).not.toBe('__CSP_NONCE__')
    expect(answered['content-security-policy']).toContain(`style-src 'self' 'nonce-${nonce}'`)
  })

  it('scripts come with a policy, too, since a worker has that of its own answer', async () => {
    const { status, headers: answered, body } = await ask('/assets/index-a1.js?v=1', { headers })
    expect({ status, body, policy: answered['content-security-policy'] }).toMatchObject({ status: 200, body: 'start()', policy: expect.stringContaining("default-src 'none'") as string })
  })

  it('HEAD has the headers and no body', async () => {
    expect(await ask('/assets/index-a1.js', { method: 'HEAD', headers })).toMatchObject({ status: 200, body: '', headers: { 'content-type': 'text/javascript; charset=utf-8' } })
  })

  it('/shell says what there is, with the whole path of the workspace', async () => {
    const { headers: answered, body } = await ask('/shell', { headers })
    expect(JSON.parse(body)).toEqual({ version: '1.2.3', platform: process.platform, workspace: join(folder, 'W'), theme: 'system' })
    expect(answered).toMatchObject({ 'cache-control': 'no-store', 'cross-origin-resource-policy': 'same-origin', 'x-content-type-options': 'nosniff' })
  })

  it.each(['evil.example', 'evil.example:80', '127.0.0.1', '127.0.0.1:1', 'localhost', '127.0.0.1.evil.example', '[::1]'])('Host %s is refused: a name may have been pointed here', async (host) => {
    const { status, body } = await ask('/shell', { headers: { ...headers, Host: host } })
    expect({ status, body }).toEqual({ status: 403, body: 'This server is reached as 127.0.0.1 or localhost only.' })
  })

  it('localhost with the port is this server', async () => {
    expect((await ask('/shell', { headers: { ...headers, Host: `localhost:${port}` } })).status).toBe(200)
  })

  it('other methods are refused, and no other origin is let in', async () => {
    const { status, headers: answered } = await ask('/shell', { method: 'OPTIONS', headers: { ...headers, Origin: 'http://evil.example', 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': 'x-undercurrent' } })
    expect({ status, allow: answered.allow }).toEqual({ status: 405, allow: 'GET, HEAD' })
    expect(Object.keys(answered).filter((name) => name.startsWith('access-control'))).toEqual([])
  })

  it.each(['//', '/\\', '*', '//evil.example/shell', 'http://evil.example/', '/%', '/assets/', '/..', '/../secret.js', '/%2e%2e/secret.js'])('%s is a path to nothing', async (path) => {
    expect((await ask(path, { headers })).status).toBe(404)
  })

  it('no path leads out of the renderer', async () => {
    const piece = fc.constantFrom('/', '..', '.', '%2e', '%2e%2e', '%2f', '%5c', '\\', '%00', '%', 'assets', 'renderer', 'secret.js', '?', '#', ';')
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 10 }), async (pieces) => {
        const { status, body } = await ask(`/${pieces.join('')}`, { headers })
        expect(body).not.toContain(secret)
        expect([200, 404]).toContain(status)
      }),
      { numRuns: 300 },
    )
  })
})

describe('a file that a page sends', () => {
  let headers: Readonly<Record<string, string>> = {}
  beforeAll(async () => {
    headers = { Cookie: await enter(server.newLink()), Origin: base, 'x-undercurrent': '1' }
  })

  it('lies where the engine can read it', async () => {
    const bytes = Buffer.alloc(3_000_000, 'a,b\n')
    const { status, body } = await ask('/upload?name=..%2Fshop%20%231.csv', { method: 'POST', headers, body: bytes })
    const { path } = JSON.parse(body) as { readonly path: string }
    expect(status).toBe(200)
    expect(path).toMatch(/\/shop _1\.csv$/)
    expect(readFileSync(path).equals(bytes)).toBe(true)
    expect(relative(folder, path)).toMatch(/^\.\./)
  })

  it.each([
    ['without the cookie', { Cookie: '' }],
    ['without the header', { 'x-undercurrent': '' }],
    ['from another origin', { Origin: 'http://evil.example' }],
    ['from another port', { Origin: 'http://127.0.0.1:1' }],
    ['from a page without an origin', { Origin: 'null' }],
  ])('is refused %s', async (_what, other) => {
    expect((await ask('/upload?name=shop.csv', { method: 'POST', headers: { ...headers, ...other }, body: 'a' })).status).toBe(403)
  })

  it('that breaks off leaves nothing', async () => {
    const { body } = await ask('/upload?name=first.csv', { method: 'POST', headers, body: 'a' })
    const uploads = dirname(dirname((JSON.parse(body) as { readonly path: string }).path))
    const before = filesIn(uploads)
    const sent = request({ host: '127.0.0.1', port, path: '/upload?name=half.csv', method: 'POST', headers: { ...headers, 'Content-Length': '1000000' } })
    sent.on('error', () => undefined)
    sent.write(Buffer.alloc(200_000))
    await expect.poll(() => filesIn(uploads).filter((name) => name.endsWith('half.csv'))).toHaveLength(1)
    sent.destroy()
    await expect.poll(() => filesIn(uploads)).toEqual(before)
  })

  it('is refused with a sentence, on a connection that stays, where the disk refuses it', async () => {
    vi.stubEnv('TMPDIR', join(folder, 'nowhere'))
    const other = await start('W-no-disk').finally(() => vi.unstubAllEnvs())
    try {
      const { origin } = new URL(other.url)
      const response = await fetch(`${origin}/upload?name=shop.csv`, { method: 'POST', headers: { Cookie: await enter(other.url), Origin: origin, 'x-undercurrent': '1' }, body: Buffer.alloc(5_000_000) })
      expect(response.status).toBe(500)
      expect(await response.text()).toContain(`could not be kept in ${join(folder, 'nowhere')}`)
    } finally {
      await other.close()
    }
  })
})

describe('a WebSocket', () => {
  it('is opened by a page of this server alone', async () => {
    const Cookie = await enter(server.newLink())
    const welcome = { Cookie, Origin: base }
    expect(await knock('/engine', welcome)).toBe('open')
    expect(await knock('/engine?x=1', welcome)).toBe('open')
    expect(await knock('/engine', { ...welcome, Host: `localhost:${port}`, Origin: `http://localhost:${port}` })).toBe('open')
    const refused = [
      await knock('/engine', { Origin: base }),
      await knock('/engine', { Cookie }),
      await knock('/engine', { Cookie, Origin: 'http://evil.example' }),
      await knock('/engine', { Cookie, Origin: `http://localhost:${port}` }),
      await knock('/engine', { Cookie, Origin: `https://127.0.0.1:${port}` }),
      await knock('/engine', { Cookie, Origin: 'null' }),
      await knock('/engine', { Cookie, Origin: 'http://evil.example', Host: 'evil.example' }),
      await knock('/', welcome),
      await knock('/engine/', welcome),
    ]
    expect(refused).toEqual(refused.map(() => 403))
  })

  it.each(['//', '*', 'http://', '/%'])('cannot be used to end the server, even with %s for a path', async (path) => {
    const socket = connect(port, '127.0.0.1')
    socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`)
    const [answer] = (await once(socket, 'data')) as [Buffer]
    expect(answer.toString()).toContain('403 Forbidden')
    socket.destroy()
  })

  it('that is broken off before it is refused does no harm', async () => {
    for (let attempt = 0; attempt < 20; attempt++) {
      const socket = connect(port, '127.0.0.1')
      await once(socket, 'connect')
      socket.write(`GET /engine HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`)
      socket.resetAndDestroy()
    }
    expect((await ask('/')).status).toBe(403)
  })
})

describe('the engine', () => {
  const micros = (text: string): bigint => BigInt(Date.parse(text)) * 1000n

  it('is one for all tabs: what one imports, the other reads, with exact times and bytes', async () => {
    const Cookie = await enter(server.newLink())
    const lines = ['ann', 'bob', 'ann'].map((user, index) => JSON.stringify({ user, type: 'visit', time: `2026-01-01T10:00:0${index}.123456Z` }))
    const { body } = await ask('/upload?name=visits.ndjson', { method: 'POST', headers: { Cookie, Origin: base, 'x-undercurrent': '1' }, body: `${lines.join('\n')}\n` })
    const [one, two] = [await openTab(server, Cookie), await openTab()]
    const heard: string[] = []
    two.client.on('source.changed', ({ source }) => heard.push(source))
    const { source } = await one.client.call('file.import', { path: (JSON.parse(body) as { readonly path: string }).path, file: {}, force: false })
    await one.client.call('tail.finished', { source })

    const { users } = await two.client.call('users.list', { sort: 'activity', descending: true, limit: 10, offset: 0 })
    expect(users).toEqual([
      { key: 'ann', events: 2, first: micros('2026-01-01T10:00:00Z') + 123_456n, last: micros('2026-01-01T10:00:02Z') + 123_456n },
      { key: 'bob', events: 1, first: micros('2026-01-01T10:00:01Z') + 123_456n, last: micros('2026-01-01T10:00:01Z') + 123_456n },
    ])
    const rows: unknown[] = []
    for await (const batch of two.client.stream('events.slice', { filter: { from: micros('2026-01-01T10:00:01Z') }, limit: 10, newest: false, columns: ['key', 'offset'] })) {
      for (const row of tableFromIPC(batch)) rows.push({ ...row })
    }
    expect(rows).toEqual([{ key: 'bob', offset: 1n }, { key: 'ann', offset: 2n }])
    const event = await two.client.call('event.get', { source, position: { topic: 'visits.ndjson', partition: 0, offset: 0n } })
    expect(Buffer.from(event.raw.payload ?? []).toString()).toBe(lines[0])
    expect(new Set(heard)).toEqual(new Set([source]))
    for (const { socket } of [one, two]) socket.terminate()
  })

  it('goes on for the other tabs when one is killed', async () => {
    const [one, two] = [await openTab(), await openTab()]
    one.socket.terminate()
    expect(await two.client.call('workspace.info', {})).toMatchObject({ path: join(folder, 'W') })
    two.socket.terminate()
  })

  it('answers what makes no sense with what is wrong', async () => {
    const { client, socket } = await openTab()
    await expect(client.call('users.list', { sort: 'activity', descending: true, limit: 0, offset: 0 })).rejects.toMatchObject({ code: 'BAD_REQUEST', message: expect.stringContaining('users.list.limit') as string })
    socket.terminate()
  })
})

describe('the end', () => {
  it('is told to every page, ends what they read, and leaves the workspace free and no file behind', async () => {
    const ending = await start('W-end')
    const tabs = [await openTab(ending), await openTab(ending)]
    const { origin } = new URL(ending.url)
    const lines = Array.from({ length: 60_000 }, (_, index) => JSON.stringify({ user: `u${index % 100}`, type: 'visit', time: new Date(1_700_000_000_000 + index * 1000).toISOString() })).join('\n')
    const uploaded = await fetch(`${origin}/upload?name=many.ndjson`, { method: 'POST', headers: { Cookie: await enter(ending.newLink()), Origin: origin, 'x-undercurrent': '1' }, body: lines })
    const { path } = (await uploaded.json()) as { readonly path: string }
    const [first] = tabs
    const { source } = (await first?.client.call('file.import', { path, file: {}, force: false })) ?? { source: '' }
    await first?.client.call('tail.finished', { source })
    const streams = tabs.map(({ client }) => client.stream('events.slice', { filter: {}, limit: 60_000, newest: true }))
    for (const stream of streams) expect((await stream.next()).done).toBe(false)

    const codes = tabs.map(async ({ socket }) => ((await once(socket, 'close')) as readonly unknown[])[0])
    // the one is just asking for more, the other has not asked again
    const asking = streams[0]?.next().catch((error: unknown) => error)
    await ending.close()
    expect(await Promise.all(codes)).toEqual([1001, 1001])
    await asking
    await expect(streams[1]?.next()).rejects.toMatchObject({ code: 'INTERNAL' })
    expect(existsSync(path)).toBe(false)
    await expect(fetch(origin)).rejects.toThrow()

    const again = await start('W-end')
    expect(await (await openTab(again)).client.call('workspace.info', {})).toMatchObject({ events: 60_000 })
    await again.close()
  })

  it('does not wait long for a page that does not answer', async () => {
    const ending = await start('W-mute')
    const { socket } = await openTab(ending)
    socket.pause()
    const begin = performance.now()
    await ending.close()
    expect(performance.now() - begin).toBeLessThan(5000)
    socket.terminate()
  })
})

describe('a server that cannot begin', () => {
  it('says that its port is taken, and keeps no workspace open', async () => {
    await expect(start('W-port', { port })).rejects.toMatchObject({ code: 'CONFLICT', message: `Port ${port} is taken by another program.`, hint: expect.stringContaining('--port') as string })
    await (await start('W-port')).close()
  })

  it('says that its workspace is open already', async () => {
    await expect(start('W')).rejects.toMatchObject({ code: 'WORKSPACE_LOCKED' })
  })
})
