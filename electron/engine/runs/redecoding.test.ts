import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { event, TestStore } from '../../../e2e/fixtures/test-store.ts'
import type { RecordDecoder } from '../decode/decode.ts'
import { Redecoding } from './redecoding.ts'
import { Runs } from './runs.ts'

let workspace: TestStore
let redecoding: Redecoding
beforeEach(async () => {
  workspace = await TestStore.open()
  redecoding = new Redecoding(workspace.store, new Runs(workspace.store, () => undefined), () => undefined)
})
afterEach(async () => {
  redecoding.stop()
  vi.useRealTimers()
  await workspace.remove()
})

describe('records that wait for their registry', () => {
  /** A registry that is back. */
  const answering: RecordDecoder = { decodeBatch: ({ size }) => Promise.resolve(Array.from({ length: size }, () => event('json'))), status: () => undefined }

  it('are still tried for a tail that was started again before the one that failed has ended', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const source = await workspace.addSource()
    await workspace.put(source, [{ offset: 0, value: { user: 'ann', type: 't', at: '2026-01-01T00:00:00Z' }, decoded: { kind: 'dead', reason: 'registry_unavailable', detail: 'away', schema: 1 } }])
    const stopFailed = redecoding.startFor(source, answering)
    const stopAgain = redecoding.startFor(source, answering)
    stopFailed()
    expect(vi.getTimerCount()).toBe(1)
    vi.advanceTimersByTime(5_000)
    await expect.poll(async () => (await workspace.store.partitionStates(source)).get(0)).toMatchObject({ events: 1, dead: 0 })
    stopAgain()
    expect(vi.getTimerCount()).toBe(0)
  })
})
