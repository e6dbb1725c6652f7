import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { event, simpleMapping, TestStore } from '../../../e2e/fixtures/test-store.ts'
import type { RecordDecoder } from '../decode/decode.ts'
import { noSecrets } from '../secrets.ts'
import type { StoredSource } from '../store/sources.ts'
import { KafkaTails } from './kafka-tails.ts'
import { Redecoding } from './redecoding.ts'
import { RememberedConnections } from './remembered-connection.ts'
import { Runs } from './runs.ts'

let workspace: TestStore
let runs: Runs
let redecoding: Redecoding
let tails: KafkaTails
beforeEach(async () => {
  workspace = await TestStore.open()
  runs = new Runs(workspace.store, () => undefined)
  redecoding = new Redecoding(workspace.store, runs, () => undefined)
  tails = new KafkaTails(workspace.store, runs, redecoding, new RememberedConnections(noSecrets('this is a test.')))
})
afterEach(async () => {
  redecoding.stop()
  vi.useRealTimers()
  await runs.stop()
  await workspace.remove()
})

describe('a change of mapping', () => {
  const changed = { mapping: { ...simpleMapping, key: 'visitor' }, format: 'text' as const }
  // nothing listens there
  const connection = { brokers: ['127.0.0.1:1'] }
  const change = (source: StoredSource): Promise<unknown> => redecoding.changeMapping(source, changed, undefined, new AbortController().signal)
  const startTail = (): Promise<unknown> => tails.start({ connection, topics: ['shop'], start: { at: 'beginning' }, end: { at: 'never' } })

  it('keeps its source from being started with the mapping and format of before', async () => {
    const source = await workspace.addSource({ connection })
    const refused = { status: 'rejected', reason: { code: 'CONFLICT', message: 'shop is being decoded anew.' } }
    expect(await Promise.allSettled([change(source), startTail(), tails.again(source)])).toMatchObject([{ status: 'fulfilled' }, refused, refused])
    expect(workspace.store.findSource('shop')).toMatchObject(changed)
  })

  it('is refused while its source is being started', async () => {
    const source = await workspace.addSource({ connection })
    expect(await Promise.allSettled([startTail(), change(source)])).toMatchObject([{ status: 'fulfilled' }, { status: 'rejected', reason: { code: 'CONFLICT', message: 'shop is being started.' } }])
  })

  it('keeps what else was changed before its turn to write came', async () => {
    const source = await workspace.addSource()
    await Promise.all([workspace.store.updateSource(source, (current) => ({ ...current, connection, latenessMs: 7 })), change(source)])
    expect(workspace.store.findSource('shop')).toMatchObject({ ...changed, connection, latenessMs: 7 })
  })
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
