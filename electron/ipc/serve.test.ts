import { describe, expect, it } from 'vitest'
import { connectClient } from '../../shared/contract/client.ts'
import { portPair } from '../../shared/contract/port.ts'
import type { Service } from '../../shared/contract/service.ts'
import { serve } from './serve.ts'

const input = { filter: {}, limit: 10, newest: false }

/** A service of one stream that never comes to its end, and whether that has been let go. */
function endless(): { readonly service: Service<AbortSignal>; readonly isFree: () => boolean } {
  let free = false
  const streams = {
    async *'events.slice'() {
      try {
        for (;;) yield await Promise.resolve(new Uint8Array([1]))
      } finally {
        free = true
      }
    },
  }
  return { service: { calls: {}, streams, subscribe: () => () => undefined } as unknown as Service<AbortSignal>, isFree: () => free }
}

describe('a port that closes', () => {
  it('lets go of a stream whose reader has not asked for more', async () => {
    const { service, isFree } = endless()
    const [near, far] = portPair()
    serve(service, far)
    const stream = connectClient(near).stream('events.slice', input)
    await stream.next()
    expect(isFree()).toBe(false)
    near.close()
    await expect.poll(isFree).toBe(true)
  })

  it('lets go of a stream that is just being read', async () => {
    const { service, isFree } = endless()
    const [near, far] = portPair()
    serve(service, far)
    const stream = connectClient(near).stream('events.slice', input)
    await stream.next()
    const next = stream.next().catch((error: unknown) => error)
    near.close()
    expect(await next).toMatchObject({ code: 'INTERNAL' })
    await expect.poll(isFree).toBe(true)
  })
})

describe('a reader that leaves its loop', () => {
  it('lets go of the stream', async () => {
    const { service, isFree } = endless()
    const [near, far] = portPair()
    serve(service, far)
    for await (const batch of connectClient(near).stream('events.slice', input)) {
      expect([...batch]).toEqual([1])
      break
    }
    await expect.poll(isFree).toBe(true)
  })
})
