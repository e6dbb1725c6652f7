import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { afterEach, describe, expect, it } from 'vitest'
import { serve } from '../../electron/ipc/serve.ts'
import { AppError } from '../errors.ts'
import { connectClient, type Client } from './client.ts'
import { portPair, type Port } from './port.ts'
import type { Service } from './service.ts'

/** A port of Node's own, as the engine's process has one. */
function ofMessagePort(port: MessagePort): Port {
  return {
    post: (message) => port.postMessage(message),
    onMessage: (listener) => port.on('message', listener),
    onClose: (listener) => port.once('close', listener),
    close: () => port.close(),
  }
}

const pairs: readonly (readonly [string, () => readonly [Port, Port]])[] = [
  ['in one process', portPair],
  ['over a message channel', () => {
    const { port1, port2 } = new MessageChannel()
    return [ofMessagePort(port1), ofMessagePort(port2)]
  }],
]

let batches = 0
let emit: Parameters<Service<AbortSignal>['subscribe']>[0] | undefined
const service = {
  calls: {
    'workspace.info': () => Promise.resolve({ events: 3 }),
    'users.list': (input: { readonly text?: string }) => Promise.resolve({ users: [], total: (input.text ?? '').length }),
    'tail.stop': () => Promise.reject(new AppError('NOT_FOUND', 'no such source', { hint: 'look again' })),
    'tail.pause': () => Promise.reject(new Error('the disk is on fire')),
    'tail.finished': (_: unknown, signal: AbortSignal) => new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new AppError('CANCELLED', 'Cancelled.')))),
  },
  streams: {
    async *'events.slice'() {
      for (batches = 0; batches < 5; ) yield await Promise.resolve(new Uint8Array([batches++]))
    },
    async *'events.volume'(): AsyncGenerator<Uint8Array> {
      await Promise.resolve()
      throw new AppError('BAD_REQUEST', 'too fine')
    },
  },
  subscribe: (listener: typeof emit) => {
    emit = listener
    return () => undefined
  },
} as unknown as Service<AbortSignal>

let ports: readonly [Port, Port] | undefined
afterEach(() => {
  for (const port of ports ?? []) port.close()
})

describe.each(pairs)('a client %s', (_, makePair) => {
  const connect = (): Client => {
    ports = makePair()
    serve(service, ports[1])
    return connectClient(ports[0])
  }

  it('gets the answer to each of several questions', async () => {
    const client = connect()
    const asked = await Promise.all([client.call('workspace.info', {}), client.call('users.list', { text: 'abc', sort: 'key', descending: false, limit: 1, offset: 0 })])
    expect(asked).toEqual([{ events: 3 }, { users: [], total: 3 }])
  })

  it('gets a failure with its code and its hint', async () => {
    await expect(connect().call('tail.stop', { source: 's' })).rejects.toMatchObject({ code: 'NOT_FOUND', message: 'no such source', hint: 'look again' })
    await expect(connect().call('tail.pause', { source: 's' })).rejects.toMatchObject({ code: 'INTERNAL' })
  })

  it('is refused what the contract does not allow', async () => {
    await expect(connect().call('users.list', { sort: 'key', descending: false, limit: 0, offset: 0 })).rejects.toMatchObject({ code: 'BAD_REQUEST' })
    await expect(connect().call('no.such' as 'workspace.info', {})).rejects.toMatchObject({ code: 'BAD_REQUEST' })
    await expect(connect().stream('no.such' as 'events.slice', { filter: {}, limit: 1, newest: false }).next()).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  })

  it('ends a call that it cancels, and asks nothing when it was cancelled before', async () => {
    const client = connect()
    const cancel = new AbortController()
    const waiting = client.call('tail.finished', { source: 's' }, cancel.signal)
    cancel.abort()
    await expect(waiting).rejects.toMatchObject({ code: 'CANCELLED' })
    await expect(client.call('workspace.info', {}, cancel.signal)).rejects.toMatchObject({ code: 'CANCELLED' })
  })

  it('reads a stream batch by batch, none before it is asked for', async () => {
    const client = connect()
    const stream = client.stream('events.slice', { filter: {}, limit: 10, newest: false })
    expect((await stream.next()).value).toEqual(new Uint8Array([0]))
    await client.call('workspace.info', {})
    expect(batches).toBe(1)
    const rest: number[] = []
    for await (const bytes of stream) rest.push(bytes[0] ?? -1)
    expect(rest).toEqual([1, 2, 3, 4])
  })

  it('sees the failure of a stream', async () => {
    await expect(connect().stream('events.volume', { filter: {}, resolution: 1n }).next()).rejects.toMatchObject({ code: 'BAD_REQUEST', message: 'too fine' })
  })

  it('hears events until it has heard enough', async () => {
    const client = connect()
    const heard: string[] = []
    const stop = client.on('source.changed', ({ source }) => heard.push(source))
    emit?.('source.changed', { source: 'a', state: 'reading' })
    await expect.poll(() => heard).toEqual(['a'])
    stop()
    emit?.('source.changed', { source: 'b', state: 'reading' })
    await client.call('workspace.info', {})
    expect(heard).toEqual(['a'])
  })

  it('fails what waits when the other end is gone, and everything after', async () => {
    const client = connect()
    const waiting = client.call('tail.finished', { source: 's' })
    const seen = expect(waiting).rejects.toMatchObject({ code: 'INTERNAL', message: 'The engine has ended.' })
    ports?.[1].close()
    await seen
    await expect(client.call('workspace.info', {})).rejects.toMatchObject({ code: 'INTERNAL' })
  })
})
