import type { IncomingHttpHeaders } from 'node:http'
import { describe, expect, it } from 'vitest'
import { Gate } from './gate.ts'

const request = (headers: IncomingHttpHeaders): { readonly headers: IncomingHttpHeaders } => ({ headers })
/** The cookie as a browser sends it back. */
const sent = (gate: Gate): string => (gate.exchange(gate.newToken()) ?? '').split(';')[0] ?? ''

describe('a token', () => {
  it('is exchanged once', () => {
    const gate = new Gate(4000)
    const token = gate.newToken()
    expect(gate.exchange(token)).toMatch(/^undercurrent-4000=[\w-]{43}; HttpOnly; SameSite=Strict; Path=\/$/)
    expect(gate.exchange(token)).toBeUndefined()
  })

  it('is of no use for another server, nor is a part of it', () => {
    const gate = new Gate(4000)
    const token = gate.newToken()
    expect(new Gate(4000).exchange(token)).toBeUndefined()
    for (const other of ['', token.slice(1), `${token}x`]) expect(gate.exchange(other)).toBeUndefined()
    expect(gate.exchange(token)).toBeDefined()
  })
})

describe('a session', () => {
  it('is known by its cookie, among whatever others there are', () => {
    const gate = new Gate(4000)
    const [first, second] = [sent(gate), sent(gate)]
    expect(gate.knows(request({ cookie: `theme=dark; ${first}` }))).toBe(true)
    // another program of this machine may have set a cookie of this name for a part of the paths, which then comes first
    expect(gate.knows(request({ cookie: `undercurrent-4000=other; ${second}` }))).toBe(true)
  })

  it('is not known without it', () => {
    const gate = new Gate(4000)
    const cookie = sent(gate)
    for (const other of [undefined, '', 'undercurrent-4000=', cookie.slice(0, -1), cookie.replace('4000', '4001')]) expect(gate.knows(request(other === undefined ? {} : { cookie: other }))).toBe(false)
  })

  it('does not end by that of a server on another port, though a browser sends both the same cookies', () => {
    const [one, other] = [new Gate(4000), new Gate(4001)]
    const jar = new Map([sent(one), sent(other)].map((cookie) => cookie.split('=') as [string, string]))
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    expect([one.knows(request({ cookie })), other.knows(request({ cookie }))]).toEqual([true, true])
  })
})

describe('the name of this server', () => {
  it.each([
    [4000, '127.0.0.1:4000', true],
    [4000, 'localhost:4000', true],
    [4000, '127.0.0.1:4001', false],
    [4000, '127.0.0.1', false],
    [4000, 'evil.example:4000', false],
    [4000, '127.0.0.1:4000.evil.example', false],
    [4000, undefined, false],
    [80, '127.0.0.1', true],
    [80, 'localhost', true],
  ])('on port %s is it %s? %s', (port, host, expected) => {
    expect(new Gate(port).isForThisHost(request(host === undefined ? {} : { host }))).toBe(expected)
  })

  it.each([
    ['http://127.0.0.1:4000', true],
    // another origin, though the same server: a page of one name has nothing to ask of the other
    ['http://localhost:4000', false],
    ['https://127.0.0.1:4000', false],
    ['http://127.0.0.1:4001', false],
    ['http://evil.example', false],
    ['null', false],
    [undefined, false],
  ])('is the origin of its own pages: %s %s', (origin, expected) => {
    expect(new Gate(4000).isFromThisOrigin(request({ host: '127.0.0.1:4000', ...(origin === undefined ? {} : { origin }) }))).toBe(expected)
  })

  it('is no origin of requests that were meant for another name', () => {
    expect(new Gate(4000).isFromThisOrigin(request({ host: 'evil.example:4000', origin: 'http://evil.example:4000' }))).toBe(false)
  })
})
