import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it, vi } from 'vitest'
import { AppError } from '../../../shared/errors.ts'
import type { SourcePipeline } from '../../../shared/model/pipeline.ts'
import type { RecordBatch } from '../sources/record-batch.ts'
import type { Source, SourceSink } from '../sources/source.ts'
import { Gate } from './gate.ts'
import { Meter } from './meter.ts'
import { Pipeline } from './pipeline.ts'

interface World {
  readonly pipeline: Pipeline<readonly bigint[]>
  readonly stored: bigint[]
  readonly discarded: bigint[]
  readonly states: string[]
}

/** A pipeline whose stages a test decides about; records are told by their offsets. */
function start(run: Source['run'], { prepare, store, onEnd }: { readonly prepare?: (batch: RecordBatch) => Promise<void>; readonly store?: (offsets: readonly bigint[]) => Promise<void>; readonly onEnd?: () => Promise<void> } = {}): World {
  const stored: bigint[] = []
  const discarded: bigint[] = []
  const states: string[] = []
  const pipeline = new Pipeline<readonly bigint[]>({
    name: 's',
    source: { run },
    prepare: async (batch) => {
      await prepare?.(batch)
      return [...batch.offsets]
    },
    store: async (offsets) => {
      await store?.(offsets)
      stored.push(...offsets)
      return { events: offsets.length, dead: 0, late: 0, bytes: 0 }
    },
    discard: (offsets) => discarded.push(...offsets),
    ...(onEnd === undefined ? {} : { onEnd }),
    onChange: ({ state }: SourcePipeline) => {
      if (states.at(-1) !== state) states.push(state)
    },
  })
  return { pipeline, stored, discarded, states }
}

/** Reads records of `bytes` bytes as fast as it may; `wrote` hears of each. */
function records(count: number, bytes = 0, wrote: (offset: number) => void = () => undefined): Source['run'] {
  return async (sink: SourceSink) => {
    sink.notice({ kind: 'reading' })
    for (let offset = 0; offset < count; offset++) {
      await sink.collect((builder) => {
        builder.add(0, offset, 0, null, Buffer.alloc(bytes), null)
        builder.cover(0, BigInt(offset), BigInt(offset + 1))
      })
      wrote(offset)
    }
  }
}

const upTo = (count: number): bigint[] => Array.from({ length: count }, (_, offset) => BigInt(offset))

describe('a pipeline', () => {
  it('stores every record once and in order, and counts them', async () => {
    const { pipeline, stored, states } = start(records(50_000))
    await pipeline.finished
    expect(stored).toEqual(upTo(50_000))
    expect(states).toEqual(['reading', 'finished'])
    const { events, stages } = pipeline.snapshot()
    expect(events).toBe(50_000)
    expect(stages.map(({ stage, records: count }) => [stage, count])).toEqual([['source', 50_000], ['decode', 50_000], ['store', 50_000]])
  })

  it('holds the source back while the store is slow: what waits is bounded', async () => {
    let read = 0
    let most = 0
    const world: { current?: World } = {}
    world.current = start(records(3000, 100_000, (offset) => (read = offset + 1)), {
      store: async () => {
        await sleep(30)
        most = Math.max(most, read - (world.current?.stored.length ?? 0))
      },
    })
    await world.current.pipeline.finished
    expect(world.current.stored).toEqual(upTo(3000))
    // three batches of 16 MB at most are on their way, so of 100 KB records about 500
    expect(most).toBeLessThan(560)
    expect(most).toBeGreaterThan(100)
  })

  it.each(['source', 'decode', 'store', 'end'] as const)('fails as a whole when its %s fails, and says why once', async (stage) => {
    const fail = (): Promise<never> => Promise.reject(new AppError('STORE_FULL', `no room in ${stage}`, { hint: 'make some' }))
    const run: Source['run'] = async (sink, signal) => {
      await records(10)(sink, signal)
      if (stage === 'source') await fail()
    }
    const { pipeline, states } = start(run, { ...(stage === 'decode' ? { prepare: fail } : {}), ...(stage === 'store' ? { store: fail } : {}), ...(stage === 'end' ? { onEnd: fail } : {}) })
    await expect(pipeline.finished).rejects.toMatchObject({ code: 'STORE_FULL', message: `no room in ${stage}` })
    expect(pipeline.snapshot()).toMatchObject({ state: 'failed', failure: { code: 'STORE_FULL', hint: 'make some' } })
    expect(states.filter((state) => state === 'failed')).toHaveLength(1)
  })

  it('stops soon: what is prepared and not stored is given up, and nothing more is read', async () => {
    const storing = new Gate()
    const { pipeline, stored, discarded } = start(records(1_000_000), {
      store: async () => {
        storing.open()
        await sleep(200)
      },
    })
    await storing.wait()
    await sleep(50)
    await pipeline.stop()
    expect(pipeline.snapshot().state).toBe('stopped')
    expect(new Set([...stored, ...discarded]).size).toBe(stored.length + discarded.length)
    expect(stored).toEqual(upTo(stored.length))
    expect(stored.length).toBeLessThan(1_000_000)
  })

  it('reads nothing while it is paused, and goes on where it was', async () => {
    let read = 0
    const { pipeline, stored } = start(async (sink, signal) => {
      await records(5, 0, () => read++)(sink, signal)
      await sleep(60)
      await sink.collect((builder) => {
        builder.add(0, 5, 0, null, null, null)
        builder.cover(0, 5n, 6n)
      })
      read++
    })
    await expect.poll(() => read).toBe(5)
    pipeline.pause()
    await sleep(150)
    expect([read, pipeline.snapshot().state]).toEqual([5, 'paused'])
    pipeline.resume()
    await pipeline.finished
    expect(stored).toEqual(upTo(6))
  })

  it('is caught up when what was read is stored, not before', async () => {
    let release = (): void => undefined
    const held = new Promise<void>((resolve) => (release = resolve))
    const { pipeline, stored, states } = start(async (sink, signal) => {
      await records(3)(sink, signal)
      sink.notice({ kind: 'caught_up' })
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
    }, { store: () => held })
    await sleep(250)
    expect([states.at(-1), stored.length]).toEqual(['reading', 0])
    release()
    await expect.poll(() => states.at(-1)).toBe('caught_up')
    expect(stored).toEqual(upTo(3))
    await pipeline.stop()
    expect(states.at(-1)).toBe('stopped')
  })

  it('shows what its source says: how far the head is, that the broker is away, that it is caught up', async () => {
    const gate = new Gate()
    const { pipeline, states } = start(async (sink) => {
      sink.notice({ kind: 'total', total: 7 })
      sink.notice({ kind: 'lag', lag: 4 })
      sink.notice({ kind: 'reconnecting', failure: { code: 'CONNECT_TCP', message: 'refused' }, nextAttempt: 5 })
      await gate.wait()
      sink.notice({ kind: 'caught_up' })
    })
    await expect.poll(() => pipeline.snapshot().state).toBe('reconnecting')
    expect(pipeline.snapshot()).toMatchObject({ total: 7, lag: 4, nextAttempt: 5, failure: { message: 'refused' } })
    gate.open()
    await pipeline.finished
    expect(pipeline.snapshot().failure).toBeUndefined()
    expect(states).toEqual(['reconnecting', 'caught_up', 'finished'])
  })
})

describe('a gate', () => {
  it('remembers that it was opened, once, and wakes all who wait', async () => {
    const gate = new Gate()
    gate.open()
    gate.open()
    await gate.wait()
    let woken = 0
    const both = Promise.all([gate.wait(), gate.wait()].map((waiting) => waiting.then(() => woken++)))
    await sleep(5)
    expect(woken).toBe(0)
    gate.open()
    await both
    expect(woken).toBe(2)
  })
})

describe('a meter', () => {
  it('counts in all and over the last seconds', () => {
    vi.useFakeTimers({ toFake: ['performance'] })
    try {
      const meter = new Meter()
      vi.advanceTimersByTime(500)
      meter.add(100, 10)
      meter.add(50, 10)
      expect(meter).toMatchObject({ records: 150, rate: 300, busy: 0.04 })
      vi.advanceTimersByTime(4500)
      expect(meter).toMatchObject({ records: 150, rate: 30 })
      vi.advanceTimersByTime(1000)
      expect(meter).toMatchObject({ records: 150, rate: 0, busy: 0 })
    } finally {
      vi.useRealTimers()
    }
  })
})
