import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Client } from '../../shared/contract/client.ts'
import type { SourcePipeline } from '../../shared/model/pipeline.ts'
import { openLines } from './progress-lines.ts'
import { showProgress } from './progress.ts'
import { describe } from './status-line.ts'

const state: SourcePipeline = {
  source: 'shop',
  state: 'reading',
  stages: [
    { stage: 'source', records: 2_000, rate: 900, queuedBatches: 0, queuedBytes: 0, queueLimitBytes: 100, busy: 0 },
    { stage: 'decode', records: 1_500, rate: 800, queuedBatches: 1, queuedBytes: 25, queueLimitBytes: 100, busy: 0 },
    { stage: 'store', records: 1_200, rate: 700.4, queuedBatches: 1, queuedBytes: 50, queueLimitBytes: 100, busy: 0 },
  ],
  events: 1_200,
  deadLetters: 1,
  late: 2,
  bytes: 4_000,
  lag: 12_345,
  commitDelayMs: 80,
}

/** An engine that says what the test lets it say. */
class FakeEngine {
  current: readonly SourcePipeline[] = []
  private readonly listeners = new Map<string, (value: never) => void>()
  readonly client = {
    call: () => Promise.resolve({ sources: this.current }),
    on: (name: string, listener: (value: never) => void) => {
      this.listeners.set(name, listener)
      return () => this.listeners.delete(name)
    },
  } as unknown as Client

  send(name: string, value: unknown): void {
    this.listeners.get(name)?.(value as never)
  }
}

let written = ''
let engine = new FakeEngine()
const show = () => showProgress(engine.client, openLines({ write: (text: string) => (written += text) }))
const lines = (): string[] => written.split('\n').filter((line) => line !== '')

beforeEach(() => {
  vi.useFakeTimers()
  written = ''
  engine = new FakeEngine()
})
afterEach(() => vi.useRealTimers())

it('describes a source with its rate, lag, dead letters, late events, commit delay and queues', () => {
  expect(describe(state)).toBe('shop: reading · 1,200 events · 700/s · lag 12,345 · 1 dead letter · 2 late · committed 80 ms behind · queues decode 25 %, store 50 %')
})

it('shows no control character of a topic or of a failure', () => {
  expect(describe({ ...state, source: 'a\u001b[2Jb' })).toContain('a\\u001b[2Jb: reading')
  show()
  engine.send('pipeline.progress', { ...state, state: 'reconnecting', failure: { code: 'CONNECT_TCP', message: 'gone\u0007' } })
  expect(lines()).toEqual(['shop: gone\\u0007'])
})

it('writes a line when a source begins to read, and then one every five seconds while it moves', async () => {
  show()
  engine.send('pipeline.progress', { ...state, events: 0 })
  expect(lines()).toHaveLength(1)
  for (let events = 1; events <= 20; events++) engine.send('pipeline.progress', { ...state, events })
  expect(lines()).toHaveLength(1)
  await vi.advanceTimersByTimeAsync(5_000)
  expect(lines()[1]).toContain('20 events')
  await vi.advanceTimersByTimeAsync(60_000)
  expect(lines()).toHaveLength(2)
})

it('asks for the state of a source that has become quiet, whose rate falls', async () => {
  show()
  engine.send('pipeline.progress', state)
  engine.current = [{ ...state, stages: state.stages.map((stage) => ({ ...stage, rate: 0 })) }]
  await vi.advanceTimersByTimeAsync(5_000)
  expect(lines()[1]).toContain(' 0/s ')
})

it('does not write a line each time a quiet topic is caught up with', () => {
  show()
  for (let turn = 0; turn < 10; turn++) for (const name of ['reading', 'caught_up'] as const) engine.send('pipeline.progress', { ...state, state: name })
  expect(lines()).toHaveLength(1)
})

it('says why it reconnects, when the next attempt follows, and that it is back', () => {
  show()
  engine.send('pipeline.progress', state)
  engine.send('pipeline.progress', { ...state, state: 'reconnecting', failure: { code: 'CONNECT_TCP', message: 'The broker is away.' }, nextAttempt: Date.now() + 2_000 })
  engine.send('pipeline.progress', { ...state, events: 1_300 })
  expect(lines().slice(1)).toEqual(['shop: The broker is away. Next attempt in 2 s.', expect.stringContaining('shop: reading · 1,300 events')])
})

it('writes lines for a job too, and none after its end', async () => {
  const progress = show()
  engine.send('job.progress', { job: 'mapping shop', done: 1_000, total: 4_000 })
  await vi.advanceTimersByTimeAsync(5_000)
  expect(lines()).toEqual(['mapping shop: 1,000 of 4,000'])
  progress.stop()
  engine.send('job.progress', { job: 'mapping shop', done: 4_000, total: 4_000 })
  await vi.advanceTimersByTimeAsync(10_000)
  expect(lines()).toHaveLength(1)
})

it('says why old events could not be removed', () => {
  const progress = show()
  engine.send('retention.failed', { failure: { code: 'WORKSPACE_UNUSABLE', message: 'workspace.json is not valid.', hint: 'Mend it.' } })
  progress.stop()
  expect(lines()).toEqual(['Old events could not be removed: workspace.json is not valid. Mend it.'])
})

it('says what was expected and has not come, whatever it is called', () => {
  const progress = show()
  const missed = { behavior: 'back\u202eup', key: { host: 'a' }, last: 1n, expected: 1_767_225_600_000_000n, until: 1_767_225_720_000_000n }
  engine.send('recurring.missed', { missed: [missed], total: 3 })
  progress.stop()
  const [first, second] = lines()
  expect(first).toContain('MISSED: back')
  expect(first).toContain('(a) was expected at 2026-01-01T00:00:00')
  expect(first).toContain('has not come until 2026-01-01T00:02:00')
  expect(first).not.toContain('\u202e')
  expect(second).toContain('and 2 more that were expected')
})
