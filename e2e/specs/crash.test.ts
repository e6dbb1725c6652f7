import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Random } from '../../electron/engine/sources/demo/random.ts'
import { availability } from '../kafka/availability.ts'
import { type Broker, startBroker } from '../kafka/broker.ts'
import { describeIf } from '../kafka/describe-if.ts'
import { produce } from '../kafka/produce.ts'
import { createTopic, topicOffsets } from '../kafka/topics.ts'
import { KillableProcess } from './killable-process.ts'
import { numberedEvents, numberedMapping, NumberedProducer, sumOfNumbers } from './numbered-producer.ts'
import { newFolder, TestWorkspace } from './workspace.ts'

const kills = 50
/** When a tail dies: after a stage that it has reached, or after its start, within so many milliseconds. */
const moments = [
  { after: undefined, withinMs: 800 },
  { after: 'tailing', withinMs: 50 },
  { after: 'tailing', withinMs: 500 },
  { after: 'storing', withinMs: 100 },
  { after: 'storing', withinMs: 2000 },
] as const
const partitions = 3
/** Milliseconds; the kills take some seventy seconds on two cores that have other work too. */
const slow = 300_000

/** Every run dies at other moments; UNDERCURRENT_SEED lets one run be repeated. */
const seed = Number(process.env['UNDERCURRENT_SEED'] ?? Math.floor(Math.random() * 2 ** 32))

const onBroker = await availability(undefined, 'refused')

describeIf(onBroker, `a tail whose process or broker dies (UNDERCURRENT_SEED=${seed})`, () => {
  let broker: Broker

  beforeAll(async () => {
    broker = await startBroker()
  }, slow)
  afterAll(() => broker.stop())

  /** Compares what is stored with what the broker has: the number of events, their positions, and what they say. */
  async function expectEverythingOnce(workspace: TestWorkspace, topic: string, produced: number): Promise<void> {
    const ends = await topicOffsets(broker, topic)
    const events = await workspace.events(topic)
    expect(ends.reduce((sum, { end }) => sum + end, 0n)).toBe(BigInt(produced))
    expect(events.length).toBe(produced)
    for (const { partition, start, end } of ends) {
      const offsets = events.flatMap((event) => (event.partition === partition ? [event.offset] : [])).sort((a, b) => (a < b ? -1 : 1))
      const distinct = new Set(offsets)
      // as many as the log has, none twice, from its first to its last: no hole is left for any
      expect({ count: BigInt(offsets.length), distinct: BigInt(distinct.size), first: offsets[0], last: offsets.at(-1) }).toEqual({ count: end - start, distinct: end - start, first: start, last: end - 1n })
    }
    expect(events.reduce((sum, { n }) => sum + (n as bigint), 0n)).toBe(sumOfNumbers(produced))
    const { partitions: states, gaps, deadLetters } = await workspace.source(topic)
    expect(states.map(({ partition, ranges }) => ({ partition, ranges }))).toEqual(ends.map(({ partition, start, end }) => ({ partition, ranges: [{ first: start, next: end }] })))
    expect({ gaps, deadLetters }).toEqual({ gaps: [], deadLetters: 0 })
  }

  it(`stores every event exactly once when it is killed at ${kills} random moments`, async () => {
    const topic = 'killed'
    await createTopic(broker, topic, { partitions })
    const folder = newFolder()
    const random = new Random(seed)
    const producer = new NumberedProducer(broker, topic, partitions)
    await producer.start(300, 40)
    const died = new Map<string, number>()
    let stored = 0
    try {
      for (let kill = 0; kill < kills; kill++) {
        const tail = new KillableProcess('tail-child', [folder, broker.brokers, topic, JSON.stringify(numberedMapping)])
        // some die while they start, some when they have begun to read, some when they have stored a first batch
        const { after, withinMs } = moments[kill % moments.length] ?? moments[0]
        if (after !== undefined) await tail.reaches(after)
        await sleep(random.unit() * withinMs)
        died.set(tail.stage, (died.get(tail.stage) ?? 0) + 1)
        await tail.kill()
      }
    } finally {
      await producer.stop()
    }
    const workspace = await TestWorkspace.open(folder)
    try {
      stored = (await workspace.call('workspace.info', {})).events
      await workspace.tail({ connection: { brokers: [broker.brokers] }, topics: [topic], start: { at: 'beginning' }, end: { at: 'now' } })
      await expectEverythingOnce(workspace, topic, producer.produced)
    } finally {
      await workspace.remove()
    }
    process.stdout.write(`killed ${kills} times (${[...died].map(([stage, count]) => `${count} ${stage === '' ? 'starting' : stage}`).join(', ')}), UNDERCURRENT_SEED=${seed}: ${producer.produced} events produced, ${stored} stored before the last tail\n`)
    // a test in which nothing had been stored when the tail died would prove nothing
    expect(stored).toBeGreaterThan(0)
    expect(died.get('storing')).toBeGreaterThanOrEqual(kills / 5)
  }, slow)

  it('waits for a broker that goes away, says so, and catches up by itself', async () => {
    const topic = 'away'
    await createTopic(broker, topic, { partitions })
    const workspace = await TestWorkspace.open()
    let produced = 0
    const add = async (count: number): Promise<void> => {
      await produce(broker, topic, numberedEvents(produced + 1, count, partitions))
      produced += count
    }
    const stored = async (): Promise<number> => {
      expect(workspace.changes.filter(({ state }) => state === 'failed')).toEqual([])
      return (await workspace.source(topic)).events
    }
    try {
      await workspace.call('tail.start', { connection: { brokers: [broker.brokers] }, topics: [topic], start: { at: 'beginning' }, end: { at: 'never' }, mapping: numberedMapping })
      await add(1000)
      await expect.poll(stored, { timeout: 20_000 }).toBe(produced)

      for (const outage of ['killed', 'shut down', 'killed'] as const) {
        workspace.changes.length = 0
        workspace.progress.length = 0
        // some of these are stored before the broker goes, the others when it is back
        await add(20_000)
        if (outage === 'killed') {
          await broker.kill9()
          await expect.poll(() => workspace.changes.map(({ state }) => state), { timeout: 20_000 }).toContain('reconnecting')
        }
        await broker.restart()
        await add(500)
        await expect.poll(stored, { timeout: 60_000 }).toBe(produced)

        const away = { state: 'reconnecting', failure: { code: 'CONNECT_TCP', message: expect.stringContaining(broker.brokers) as string } }
        expect(workspace.changes, outage).toContainEqual(expect.objectContaining({ source: topic, ...away, failure: expect.objectContaining(away.failure) as object }))
        const seen = workspace.progress.find(({ state }) => state === 'reconnecting')
        expect(seen).toMatchObject({ ...away, nextAttempt: expect.any(Number) as number })
        const { sources: [now] } = await workspace.call('pipeline.state', {})
        expect(now?.state).toMatch(/reading|caught_up/)
        expect(now).not.toHaveProperty('failure')
        expect(now).not.toHaveProperty('nextAttempt')
      }
      await workspace.call('tail.stop', { source: topic })
      await expectEverythingOnce(workspace, topic, produced)
    } finally {
      await workspace.remove()
    }
  }, slow)
})
