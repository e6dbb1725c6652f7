import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { encode } from '@msgpack/msgpack'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { connectClient } from '../../../shared/contract/client.ts'
import type { Port } from '../../../shared/contract/port.ts'
import type { Service } from '../../../shared/contract/service.ts'
import { serve } from '../../ipc/serve.ts'
import { webSocketPort } from './web-socket-port.ts'

let server: WebSocketServer
beforeEach(async () => {
  server = new WebSocketServer({ host: '127.0.0.1', port: 0, maxPayload: 1000 })
  await once(server, 'listening')
})
afterEach(async () => {
  for (const socket of server.clients) socket.terminate()
  await new Promise((done) => server.close(done))
})

/** Two connected sockets: the server's and the page's. */
async function pair(options: { readonly autoPong?: boolean } = {}): Promise<readonly [WebSocket, WebSocket]> {
  const page = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`, options)
  const [[socket]] = (await Promise.all([once(server, 'connection'), once(page, 'open')])) as unknown as [[WebSocket], unknown]
  return [socket, page]
}

/** What a port receives, in order. */
function received(port: Port): { next(): Promise<unknown> } {
  const messages: unknown[] = []
  let wake: (() => void) | undefined
  port.onMessage((message) => {
    messages.push(message)
    wake?.()
  })
  return {
    async next() {
      if (messages.length === 0) await new Promise<void>((resolve) => (wake = resolve))
      return messages.shift()
    },
  }
}

const closeCode = async (socket: WebSocket): Promise<unknown> => ((await once(socket, 'close')) as readonly unknown[])[0]

describe('a message', () => {
  it('arrives as it was sent, numbers and bytes of every kind', async () => {
    const [near, far] = await pair()
    const [port, page] = [webSocketPort(near), received(webSocketPort(far))]
    const time = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
    // MessagePack has one zero
    const number = fc.oneof(fc.double(), fc.integer(), fc.maxSafeInteger(), fc.constantFrom(2 ** 32 - 1, 2 ** 32, 2 ** 53, -(2 ** 31) - 1, Infinity, -Infinity, NaN)).map((value) => (value === 0 ? 0 : value))
    const text = fc.string({ unit: 'binary' })
    const name = text.filter((value) => value !== '__proto__')
    const value = fc.oneof(number, time, text, fc.boolean(), fc.constant(null), fc.uint8Array())
    await fc.assert(
      fc.asyncProperty(fc.dictionary(name, fc.oneof(value, fc.array(value), fc.dictionary(name, value))), async (message) => {
        port.post(message)
        const arrived = await page.next()
        expect(arrived).toEqual(message)
      }),
      { numRuns: 300 },
    )
  })

  it('leaves out what is undefined, as optional fields are', async () => {
    const [near, far] = await pair()
    const page = received(webSocketPort(far))
    webSocketPort(near).post({ from: undefined, to: 1n })
    expect(Object.entries((await page.next()) as object)).toEqual([['to', 1n]])
  })

  it('comes in order, even the large among the small', async () => {
    const [near, far] = await pair()
    const page = received(webSocketPort(far))
    const port = webSocketPort(near)
    const sizes = [1, 3_000_000, 0, 70_000, 2]
    for (const size of sizes) port.post(new Uint8Array(size))
    const arrived: number[] = []
    for (const _ of sizes) arrived.push(((await page.next()) as Uint8Array).length)
    expect(arrived).toEqual(sizes)
  })

  it('to a peer that is gone is dropped', async () => {
    const [near, far] = await pair()
    const port = webSocketPort(near)
    far.terminate()
    await once(near, 'close')
    expect(() => port.post({ kind: 'next' })).not.toThrow()
  })
})

describe('a peer that does not speak the protocol is left', () => {
  it.each([
    ['text', (page: WebSocket) => page.send('{"kind":"next"}'), 1003],
    ['bytes that are no MessagePack', (page: WebSocket) => page.send(Buffer.from([0xc1])), 1007],
    ['half a message', (page: WebSocket) => page.send(encode({ kind: 'next', id: 1 }).subarray(0, 5)), 1007],
    ['a key that would change the prototype', (page: WebSocket) => page.send(Buffer.concat([Buffer.from([0x81, 0xa9]), Buffer.from('__proto__'), Buffer.from([0x80])])), 1007],
    ['more than may be sent at once', (page: WebSocket) => page.send(encode('x'.repeat(2000))), 1009],
  ])('%s', async (_what, send, code) => {
    const [near, page] = await pair()
    const port = webSocketPort(near)
    const messages: unknown[] = []
    port.onMessage((message) => messages.push(message))
    const told = new Promise<void>((resolve) => port.onClose(resolve))
    send(page)
    expect(await closeCode(page)).toBe(code)
    await told
    expect(messages).toEqual([])
  })
})

describe('the heartbeat', () => {
  it('ends the connection to a peer that does not answer', async () => {
    const [near] = await pair({ autoPong: false })
    const told = new Promise<void>((resolve) => webSocketPort(near, 20).onClose(resolve))
    await told
    expect(near.readyState).toBe(near.CLOSED)
  })

  it('keeps the one to a peer that does', async () => {
    const [near, far] = await pair()
    webSocketPort(near, 20)
    for (let ping = 0; ping < 10; ping++) await once(far, 'ping')
    expect(near.readyState).toBe(near.OPEN)
  })
})

describe('a peer that is killed', () => {
  it('ends what the engine was doing for it, and nothing for the others', async () => {
    const ended: string[] = []
    let begun = 0
    let bothBegun = (): void => undefined
    const begin = new Promise<void>((resolve) => (bothBegun = resolve))
    const service = {
      calls: {},
      streams: {
        async *'events.slice'(_input: unknown, signal: AbortSignal) {
          yield new Uint8Array([1])
          try {
            if (++begun === 2) bothBegun()
            await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))))
          } finally {
            ended.push('stream')
          }
        },
      },
      subscribe: () => () => ended.push('subscription'),
    } as unknown as Service<AbortSignal>
    const pairs = [await pair(), await pair()]
    const readers = pairs.map(([near, far]) => {
      serve(service, webSocketPort(near))
      return connectClient(webSocketPort(far)).stream('events.slice', { filter: {}, limit: 10, newest: false })
    })
    for (const reader of readers) expect(await reader.next()).toEqual({ done: false, value: new Uint8Array([1]) })
    const next = readers.map((reader) => reader.next().catch((error: unknown) => error))
    await begin
    pairs[0]?.[1].terminate()
    expect(await next[0]).toMatchObject({ code: 'INTERNAL' })
    await expect.poll(() => ended).toEqual(['subscription', 'stream'])
  })
})
