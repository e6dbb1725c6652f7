import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { CallInput } from '../../shared/contract/calls.ts'
import { availability } from '../kafka/availability.ts'
import { type Broker, startBroker } from '../kafka/broker.ts'
import { describeIf } from '../kafka/describe-if.ts'
import { produce, type TestRecord } from '../kafka/produce.ts'
import { run } from '../kafka/run.ts'
import { createTopic, deleteRecordsBefore, deleteTopic, endOffsets, withAdmin } from '../kafka/topics.ts'
import { numberedEvents, numberedMapping } from './numbered-producer.ts'
import { TestWorkspace } from './workspace.ts'

/** Milliseconds. */
const slow = 60_000

const onBroker = await availability(undefined, 'refused')
const kcat = await run('kcat', ['-V']).then((printed) => ({ available: true as const, printed }), () => ({ available: false as const, printed: '' }))

type Tail = Omit<CallInput<'tail.start'>, 'connection' | 'topics'>
const beginning = { at: 'beginning' } as const
const now = { at: 'now' } as const

describeIf(onBroker, 'a tail of a real broker', () => {
  let broker: Broker
  let workspace: TestWorkspace
  let topic = ''
  let topics = 0

  beforeAll(async () => {
    broker = await startBroker()
  }, slow)
  afterAll(() => broker.stop())

  /** Runs a test on a topic and a workspace of its own. */
  const on = (partitions: number, test: () => Promise<void>, config: Record<string, string> = {}) => async (): Promise<void> => {
    topic = `topic-${topics++}`
    await createTopic(broker, topic, { partitions, config })
    workspace = await TestWorkspace.open()
    try {
      await test()
    } finally {
      await workspace.remove()
    }
  }

  const start = (tail: Tail, wanted = [topic]): Promise<{ sources: string[] }> => workspace.call('tail.start', { connection: { brokers: [broker.brokers] }, topics: wanted, mapping: numberedMapping, ...tail })
  const tail = (tailed: Tail, wanted = [topic]): Promise<void> => workspace.tail({ connection: { brokers: [broker.brokers] }, topics: wanted, mapping: numberedMapping, ...tailed })

  /** Produces the events with these numbers to one partition; the number is the timestamp too. */
  const add = (first: number, count: number, partition = 0): Promise<void> => produce(broker, topic, numberedEvents(first, count, 1).map((event, index) => ({ ...event, partition, timestamp: first + index })))

  /** The numbers of the events that are stored, in the order of the log; an event that is there twice is there twice. */
  const numbers = async (name = topic): Promise<number[]> => (await workspace.events(name)).sort((a, b) => a.partition - b.partition || Number(a.offset - b.offset)).map(({ n }) => Number(n))
  const range = (first: number, last: number): number[] => Array.from({ length: last - first + 1 }, (_, index) => first + index)

  it.each<[string, Tail, number, number]>([
    ['from the beginning to now', { start: beginning, end: now }, 1, 20],
    ['from the beginning to an offset', { start: beginning, end: { at: 'offset', offset: 7n } }, 1, 7],
    ['from the beginning to a time', { start: beginning, end: { at: 'time', time: 11 } }, 1, 10],
    ['from the beginning to a time that is still to come', { start: beginning, end: { at: 'time', time: 10 ** 12 } }, 1, 20],
    ['from an offset to now', { start: { at: 'offset', offset: 5n }, end: now }, 6, 20],
    ['from an offset to an offset', { start: { at: 'offset', offset: 5n }, end: { at: 'offset', offset: 15n } }, 6, 15],
    ['from a time to a time', { start: { at: 'time', time: 4 }, end: { at: 'time', time: 9 } }, 4, 8],
    ['from a time to now', { start: { at: 'time', time: 18 }, end: now }, 18, 20],
    ['from the latest to now', { start: { at: 'latest' }, end: now }, 1, 0],
    ['from the end by its offset', { start: { at: 'offset', offset: 20n }, end: now }, 1, 0],
  ])('reads %s', (_, tailed, first, last) => on(1, async () => {
    // each record in a batch of its own and several in one
    for (const [from, count] of [[1, 1], [2, 12], [14, 7]] as const) await add(from, count)
    await tail(tailed)
    expect(await numbers()).toEqual(range(first, last))
  })(), slow)

  it('follows the log from its end', on(1, async () => {
    await add(1, 5)
    await start({ start: { at: 'latest' }, end: { at: 'never' } })
    await expect.poll(() => workspace.changes.at(-1)?.state, { timeout: 10_000 }).toBe('caught_up')
    await add(6, 5)
    await expect.poll(() => numbers(), { timeout: 10_000 }).toEqual(range(6, 10))
  }), slow)

  it('adds nothing when it runs a second time from the beginning', on(3, async () => {
    for (const partition of [0, 1, 2]) await add(1 + 10 * partition, 10, partition)
    for (let time = 0; time < 3; time++) {
      await tail({ start: beginning, end: now })
      expect(await numbers()).toEqual(range(1, 30))
    }
  }), slow)

  it('fills in once what a run from the end had left out', on(1, async () => {
    await add(1, 10)
    await start({ start: { at: 'latest' }, end: { at: 'never' } })
    await expect.poll(() => workspace.changes.at(-1)?.state, { timeout: 10_000 }).toBe('caught_up')
    await add(11, 10)
    await expect.poll(() => numbers(), { timeout: 10_000 }).toEqual(range(11, 20))
    await workspace.call('tail.stop', { source: topic })
    await add(21, 10)
    await tail({ start: beginning, end: now })
    expect(await numbers()).toEqual(range(1, 30))
    expect((await workspace.source(topic)).partitions).toMatchObject([{ ranges: [{ first: 0n, next: 30n }] }])
  }), slow)

  it('loses nothing between two runs from the end, though a partition had given nothing yet', on(2, async () => {
    await add(1, 5)
    await tail({ start: { at: 'latest' }, end: now })
    await add(6, 5, 0)
    await add(11, 5, 1)
    await tail({ start: { at: 'latest' }, end: now })
    expect(await numbers()).toEqual(range(6, 15))
  }), slow)

  it('reads partitions whole that are added while it runs, and between two runs from the end', on(1, async () => {
    const grow = (count: number): Promise<unknown> => withAdmin(broker, (admin) => admin.createPartitions({ topicPartitions: [{ topic, count }] }))
    await start({ start: { at: 'latest' }, end: { at: 'never' } })
    await expect.poll(() => workspace.changes.at(-1)?.state, { timeout: 10_000 }).toBe('caught_up')
    await add(1, 5)
    await grow(2)
    await add(6, 5, 1)
    await expect.poll(() => numbers(), { timeout: 30_000 }).toEqual(range(1, 10))
    await add(11, 5, 1)
    await expect.poll(() => numbers(), { timeout: 10_000 }).toEqual(range(1, 15))
    await workspace.call('tail.stop', { source: topic })
    await grow(3)
    await add(16, 5, 2)
    await tail({ start: { at: 'latest' }, end: now })
    expect(await numbers()).toEqual(range(1, 20))
  }), slow)

  it('reads several topics into one workspace', on(1, async () => {
    const other = `${topic}-b`
    await createTopic(broker, other)
    await add(1, 5)
    await produce(broker, other, numberedEvents(100, 3, 1))
    await tail({ start: beginning, end: now }, [topic, other])
    expect(await numbers(topic)).toEqual(range(1, 5))
    expect(await numbers(other)).toEqual(range(100, 102))
    // user 3 is in both: one timeline, in order of time
    const timeline = await workspace.timeline('user-3')
    expect(timeline.map(({ source, n }) => [source, n])).toEqual([[topic, 3n], [other, 100n]])
  }), slow)

  it.skipIf(!kcat.available).each(['gzip', 'snappy', 'lz4', 'zstd'])(`reads %s as librdkafka writes it${kcat.available ? '' : ' (kcat is not installed)'}`, (codec) => on(1, async () => {
    const file = join(workspace.folder, 'lines')
    await writeFile(file, numberedEvents(1, 3000, 1).map(({ value }) => `${value}\n`).join(''))
    await run('kcat', ['-P', '-b', broker.brokers, '-t', topic, '-p', '0', '-z', codec, '-l', file])
    await tail({ start: beginning, end: now })
    expect(await numbers()).toEqual(range(1, 3000))
    expect((await workspace.source(topic)).deadLetters).toBe(0)
  })(), slow)

  it('reads what transactions have committed, and nothing that they have aborted', on(2, async () => {
    const transaction = (first: number, end: 'commit' | 'abort'): Promise<void> => produce(broker, topic, numberedEvents(first, 5, 2), { transaction: end })
    for (const [first, end] of [[1, 'commit'], [100, 'abort'], [6, 'commit'], [200, 'abort']] as const) await transaction(first, end)
    await produce(broker, topic, numberedEvents(11, 5, 2))
    await tail({ start: beginning, end: now })
    expect((await numbers()).sort((a, b) => a - b)).toEqual(range(1, 15))
    // markers and aborted records take offsets, and count as read
    expect((await workspace.source(topic)).partitions.map(({ ranges }) => ranges)).toEqual((await endOffsets(broker, topic)).map((next) => [{ first: 0n, next }]))
    await tail({ start: beginning, end: now })
    expect((await numbers()).length).toBe(15)
  }), slow)

  it.skipIf(!kcat.available)(`reads a compacted log, whose offsets have holes, as complete${kcat.available ? '' : ' (kcat is not installed)'}`, on(1, async () => {
    const keyed = (n: number): TestRecord => ({ key: `key-${n % 3}`, value: numberedEvents(n, 1, 1)[0]?.value ?? null })
    for (let n = 1; n <= 40; n++) await produce(broker, topic, [keyed(n)])
    const left = async (): Promise<string[]> => (await run('kcat', ['-C', '-b', broker.brokers, '-t', topic, '-o', 'beginning', '-e', '-q', '-f', '%o\n'])).trim().split('\n')
    // the cleaner takes what lies in closed segments; how much that is hangs on its timing
    await expect.poll(async () => (await left()).length, { timeout: 40_000, interval: 500 }).toBeLessThan(40)
    const before = await left()
    await tail({ start: beginning, end: now })
    const stored = (await workspace.events(topic)).map(({ offset }) => String(offset))
    expect(before).toEqual(expect.arrayContaining(stored))
    expect(stored).toEqual(expect.arrayContaining(await left()))
    const [last = 0n] = await endOffsets(broker, topic)
    expect((await numbers()).at(-1)).toBe(40)
    expect(await workspace.source(topic)).toMatchObject({ gaps: [], partitions: [{ ranges: [{ first: 0n, next: last }] }] })
  }, { 'cleanup.policy': 'compact', 'segment.ms': '100', 'min.cleanable.dirty.ratio': '0.01', 'min.compaction.lag.ms': '0' }), slow)

  it('shows as a gap what retention has removed before it was read', on(1, async () => {
    await add(1, 10)
    await tail({ start: beginning, end: now })
    await add(11, 10)
    await deleteRecordsBefore(broker, topic, 0, 15)
    await tail({ start: beginning, end: now })
    expect(await numbers()).toEqual([...range(1, 10), ...range(16, 20)])
    expect((await workspace.source(topic)).gaps).toMatchObject([{ partition: 0, first: 10n, next: 15n, reason: expect.stringContaining('retention') as string }])
    await tail({ start: beginning, end: now })
    expect((await workspace.source(topic)).gaps.length).toBe(1)
  }), slow)

  it('has no gap where the log had lost its beginning before the first run', on(1, async () => {
    await add(1, 10)
    await deleteRecordsBefore(broker, topic, 0, 4)
    await tail({ start: beginning, end: now })
    expect(await numbers()).toEqual(range(5, 10))
    expect((await workspace.source(topic)).gaps).toEqual([])
  }), slow)

  it('shows as a gap what was removed under a running tail', on(1, async () => {
    await add(1, 10)
    await start({ start: beginning, end: { at: 'never' } })
    await expect.poll(() => numbers(), { timeout: 10_000 }).toEqual(range(1, 10))
    await workspace.call('tail.pause', { source: topic })
    // what a fetch already under way brings is still taken after the pause
    await add(11, 1)
    await sleep(1500)
    await add(12, 9)
    await sleep(1000)
    await deleteRecordsBefore(broker, topic, 0, 18)
    await add(21, 2)
    await workspace.call('tail.resume', { source: topic })
    await expect.poll(async () => (await numbers()).at(-1), { timeout: 15_000 }).toBe(22)
    const stored = await numbers()
    const { gaps, partitions } = await workspace.source(topic)
    expect(partitions).toMatchObject([{ ranges: [{ first: 0n, next: 22n }] }])
    // every number is either an event or inside of a gap
    const gone = gaps.flatMap(({ first, next }) => range(Number(first) + 1, Number(next)))
    expect([...stored, ...gone].sort((a, b) => a - b)).toEqual(range(1, 22))
  }), slow)

  it('refuses an offset that is gone, and one that is not there yet, with what to do', on(1, async () => {
    await add(1, 10)
    await deleteRecordsBefore(broker, topic, 0, 5)
    await expect(tail({ start: { at: 'offset', offset: 2n }, end: now })).rejects.toMatchObject({ code: 'OFFSET_GONE', hint: expect.stringContaining('--from beginning') as string })
    await expect(tail({ start: { at: 'offset', offset: 11n }, end: now })).rejects.toMatchObject({ code: 'OFFSET_GONE', hint: expect.stringContaining('--from latest') as string })
    expect(await numbers()).toEqual([])
    await tail({ start: { at: 'offset', offset: 5n }, end: now })
    expect(await numbers()).toEqual(range(6, 10))
  }), slow)

  it('names a topic that is not there', on(1, async () => {
    await expect(tail({ start: beginning, end: now }, ['nowhere'])).rejects.toMatchObject({ code: 'CONNECT_TOPIC', message: expect.stringContaining('nowhere') as string })
    expect(await workspace.call('sources.list', {})).toEqual([])
  }), slow)

  it('refuses a topic that was deleted and made anew, and keeps what it had', on(1, async () => {
    await add(1, 10)
    await tail({ start: beginning, end: now })
    await deleteTopic(broker, topic)
    await sleep(500)
    await createTopic(broker, topic)
    await add(1, 3)
    await expect(tail({ start: beginning, end: now })).rejects.toMatchObject({ code: 'OFFSET_GONE', hint: expect.stringContaining('another workspace') as string })
    expect(await numbers()).toEqual(range(1, 10))
    expect(workspace.changes.at(-1)).toMatchObject({ state: 'failed', failure: { code: 'OFFSET_GONE' } })
  }), slow)

  it('marks what comes late, and decides it by the log alone', on(1, async () => {
    const moment = (n: number, time: number): TestRecord => ({ value: JSON.stringify({ user: 'u', type: 't', at: time, n }), timestamp: 2_000_000 })
    const lateNumbers = async (): Promise<number[]> => (await workspace.events(topic)).filter(({ late }) => late).map(({ n }) => Number(n)).sort((a, b) => a - b)
    await produce(broker, topic, [moment(1, 1_000_000), moment(2, 1_010_000), moment(3, 1_005_000), moment(4, 1_004_999), moment(5, 900_000), moment(6, 1_020_000)])
    await tail({ start: beginning, end: now, latenessMs: 5000 })
    // five seconds behind the newest are still in time
    expect(await lateNumbers()).toEqual([4, 5])
    expect(await workspace.source(topic)).toMatchObject({ late: 2, events: 6 })
    // the newest time is remembered over runs
    await produce(broker, topic, [moment(7, 1_014_999), moment(8, 1_015_000)])
    await tail({ start: beginning, end: now })
    expect(await lateNumbers()).toEqual([4, 5, 7])
  }), slow)

  it('stops and goes on, and says what it does', on(1, async () => {
    await add(1, 5)
    await start({ start: beginning, end: { at: 'never' } })
    await expect.poll(() => numbers(), { timeout: 10_000 }).toEqual(range(1, 5))
    await expect(start({ start: beginning, end: now })).rejects.toMatchObject({ code: 'CONFLICT' })

    await workspace.call('tail.pause', { source: topic })
    expect(workspace.changes.at(-1)?.state).toBe('paused')
    // the fetch that was under way may still bring the first
    await add(6, 1)
    await sleep(1000)
    await add(7, 20)
    await sleep(1500)
    expect((await numbers()).length).toBeLessThan(7)
    await workspace.call('tail.resume', { source: topic })
    await expect.poll(() => numbers(), { timeout: 10_000 }).toEqual(range(1, 26))

    await workspace.call('tail.stop', { source: topic })
    expect(workspace.changes.at(-1)?.state).toBe('stopped')
    await add(27, 5)
    await sleep(1000)
    expect(await numbers()).toEqual(range(1, 26))
    await tail({ start: beginning, end: now })
    expect(await numbers()).toEqual(range(1, 31))
  }), slow)

  it('is over when it is over: a pause afterwards changes nothing', on(1, async () => {
    await add(1, 5)
    await tail({ start: beginning, end: now })
    await workspace.call('tail.pause', { source: topic })
    await workspace.call('tail.resume', { source: topic })
    const { sources: [state] } = await workspace.call('pipeline.state', {})
    expect(state?.state).toBe('finished')
    await add(6, 5)
    await tail({ start: beginning, end: now })
    expect(await numbers()).toEqual(range(1, 10))
  }), slow)

  it('keeps its queues within their limits when the store is slower than the broker', on(4, async () => {
    const payload = 'x'.repeat(4000)
    const count = 40_000
    await produce(broker, topic, Array.from({ length: count }, (_, index) => ({ value: JSON.stringify({ user: `user-${index % 1000}`, type: 't', at: index, n: index, payload }), partition: index % 4 })))
    const before = process.memoryUsage().arrayBuffers
    await start({ start: beginning, end: now })
    let fullest = 0
    let buffers = 0
    const watch = setInterval(() => {
      buffers = Math.max(buffers, process.memoryUsage().arrayBuffers - before)
      void workspace.call('pipeline.state', {}).then(({ sources }) => {
        for (const { queuedBytes, queueLimitBytes } of sources.flatMap(({ stages }) => stages)) fullest = Math.max(fullest, queuedBytes / queueLimitBytes)
      })
    }, 5)
    await workspace.call('tail.finished', { source: topic })
    clearInterval(watch)
    expect((await workspace.source(topic)).events).toBe(count)
    // 160 MB went through; a queue may be over its limit by the fetch that filled it: 4 MB of 16
    expect(fullest).toBeGreaterThan(0.2)
    expect(fullest).toBeLessThanOrEqual(1.25)
    expect(buffers).toBeLessThan(120 * 2 ** 20)
  }), slow)

  it('leaves no consumer group on the broker', on(1, async () => {
    await add(1, 5)
    await tail({ start: beginning, end: now })
    expect((await withAdmin(broker, (admin) => admin.listGroups())).groups).toEqual([])
  }), slow)
})
