import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { brokerTime, TestStore, type TestRecord } from '../../../e2e/fixtures/test-store.ts'
import type { Match } from '../../../shared/model/match.ts'
import type { Database, DuckDBConnection } from '../store/database.ts'
import type { StoredSource } from '../store/sources.ts'
import { Behaviors } from './behaviors.ts'
import { Live } from './live.ts'
import { SavedBehaviors } from './saved.ts'

const minute = 60_000

/** One of each kind that decides differently how far back an event reaches. */
const text = `
sequence "pair" by user
  a
  then b within 10m

sequence "one after the other" by user, item
  x: a
  then y: b within 10m
  without c between x and y
return y.time - x.time as gap

sequence "unbounded" by user
  a
  then c

sequence "left alone" by user within 20m
  x: a
  then y: b
  without c for 15m after y

sequence "every way" by user within 8m
  a
  then any b
match every

sequence "overlapping" by user
  a at least 2 times within 10m
overlap

sequence "visit" by user session 12m
  a
  then next b

sequence "nightly" by user
  a
every 10m ± 4m at least 3 times

sequence "many at once" from "pair" by at least 2 users in 15m
`

let opened: TestStore | undefined
afterEach(() => opened?.remove())

interface Watched {
  readonly live: Live
  readonly behaviors: Behaviors
  readonly saved: SavedBehaviors
}

async function watch({ store }: TestStore): Promise<Watched> {
  const behaviors = new Behaviors(store, () => false)
  const live = new Live(store, () => false, (name, value) => {
    if (name === 'behaviors.changed' && 'failure' in value && value.failure !== undefined) console.error(value.failure)
  })
  const saved = new SavedBehaviors(store, behaviors, live, () => undefined)
  await live.start()
  return { live, behaviors, saved }
}

interface Shop {
  readonly store: TestStore
  readonly source: StoredSource
}

async function openShop(): Promise<Shop> {
  const store = await TestStore.open()
  opened = store
  const source = await store.addSource({ latenessMs: 5 * minute, mapping: { key: 'user', type: 'type', time: 'at', timeFormat: 'iso', attributes: [{ name: 'item', path: 'item', type: 'text' }] } })
  return { store, source }
}

function record(offset: number, user: string, type: string, minutes: number, item = 'i'): TestRecord {
  return { offset, value: { user, type, item, at: new Date(brokerTime / 1000 + minutes * minute).toISOString() } }
}

function plain({ key, state, until, steps, returns, tied }: Match): object {
  return { key, state, until: String(until), tied, returns, steps: steps.map(({ label, position }) => [label, String(position.offset)]) }
}

/** Lets each query of a reader take longer, as on a machine that is busy: what others do meanwhile comes in between. */
function slowReads(database: Database, delaysMs: readonly number[]): void {
  const slow = new WeakSet<DuckDBConnection>()
  const openSnapshot = database.openSnapshot.bind(database)
  let query = 0
  database.openSnapshot = async (signal) => {
    const reader = await openSnapshot(signal)
    const { connection } = reader
    if (!slow.has(connection)) {
      const run = connection.runAndReadAll.bind(connection)
      connection.runAndReadAll = async (...given) => {
        await sleep(delaysMs[query++ % delaysMs.length])
        return run(...given)
      }
      slow.add(connection)
    }
    return reader
  }
}

/** What is kept of every behavior, and what asking anew gives. */
async function compare({ behaviors, saved }: Watched, text: string): Promise<void> {
  const asked = await behaviors.detect(text, new AbortController().signal)
  const { 'behaviors.matches': page } = saved.handlers()
  for (const { detection, matches } of asked) {
    const { matches: kept } = await page({ name: detection.behavior, limit: 10_000, offset: 0 }, new AbortController().signal)
    expect([detection.behavior, kept.map(plain)]).toEqual([detection.behavior, matches.map(plain)])
  }
}

describe('live detection', () => {
  it('is what asking anew gives, in whatever order and portions events arrive, restarts and late ones included', async () => {
    const events = fc.array(fc.record({ user: fc.constantFrom('ann', 'bob', 'cat'), type: fc.constantFrom('a', 'b', 'c', 'd'), item: fc.constantFrom('i', 'j'), minutes: fc.integer({ min: 0, max: 60 }), late: fc.integer({ min: 0, max: 20 }) }), { minLength: 1, maxLength: 40 })
    const cuts = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 8 })
    await fc.assert(
      fc.asyncProperty(events, cuts, fc.boolean(), async (all, portions, restart) => {
        const { store, source } = await openShop()
        try {
          let watched = await watch(store)
          await watched.saved.save(text, new AbortController().signal)
          const arrived = all.map((event, index) => ({ event, index })).sort((a, b) => a.event.minutes + a.event.late - (b.event.minutes + b.event.late) || a.index - b.index)
          // every type is there, or asking for it would be refused
          await store.put(source, ['c', 'b', 'a', 'd'].map((type, index) => record(1000 + index, 'zed', type, 0)))
          let offset = 0
          for (let portion = 0; offset < arrived.length; portion++) {
            const some = arrived.slice(offset, offset + (portions[portion % portions.length] ?? 1))
            await store.put(source, some.map(({ event: { user, type, minutes, item } }, index) => record(offset + index, user, type, minutes, item)))
            offset += some.length
            if (restart && portion === 1) {
              // events that were stored while nobody looked are found when somebody looks again
              await watched.live.stop()
              watched = await watch(store)
            } else if (portion % 2 === 0) await watched.live.settle()
          }
          await watched.live.settle()
          await compare(watched, text)
          await watched.live.stop()
        } finally {
          await store.remove()
          opened = undefined
        }
      }),
      { numRuns: 40 },
    )
  }, 300_000)

  it('is what asking anew gives, however turns interleave with runs over everything and with changes of the definitions', async () => {
    const change = fc.constantFrom('none', 'none', 'none', 'edit', 'remove', 'run')
    const delays = fc.array(fc.nat({ max: 20 }), { minLength: 10, maxLength: 30 })
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 10, maxLength: 20 }), delays, async (changes, delays) => {
        const { store, source } = await openShop()
        try {
          slowReads(store.store.database, delays)
          const watched = await watch(store)
          const { live, saved } = watched
          const few = 'sequence "pair" by user\n  a\n  then b within 10m\n\nsequence "unbounded" by user\n  a\n  then c\n\nsequence "many at once" from "pair" by at least 2 users in 15m'
          const signal = new AbortController().signal
          let offset = 0
          const putSome = (): Promise<unknown> => store.put(source, Array.from({ length: 9 }, () => record(offset, `u${Math.floor(offset / 3) % 3}`, ['a', 'b', 'c'][offset % 3] ?? 'a', offset++)))
          await putSome()
          await saved.save(few, signal)
          for (const change of changes) {
            await putSome()
            if (change === 'run') await saved.run('pair')
            if (change === 'remove') await saved.remove('unbounded')
            if (change === 'edit') await saved.save('sequence "pair" by user\n  b\n  then c', signal)
            if (change !== 'none') await saved.save(few, signal)
          }
          await live.settle()
          await compare(watched, few)
          expect(await store.query('SELECT count(*)::INTEGER AS n FROM matches WHERE run NOT IN (SELECT run FROM behaviors)')).toEqual([{ n: 0 }])
          await live.stop()
        } finally {
          await store.remove()
          opened = undefined
        }
      }),
      { numRuns: 8 },
    )
  }, 300_000)

  it('confirms a pending match when the watermark has passed, and refutes it when an event came', async () => {
    const { store, source } = await openShop()
    const { live, saved } = await watch(store)
    await saved.save(text, new AbortController().signal)
    await store.put(source, [record(0, 'ann', 'a', 0), record(1, 'ann', 'b', 1), record(2, 'bob', 'a', 0), record(3, 'bob', 'b', 1)])
    await live.settle()
    const matches = async (): Promise<readonly (readonly [unknown, string])[]> => (await saved.handlers()['behaviors.matches']({ name: 'left alone', limit: 10, offset: 0 }, new AbortController().signal)).matches.map(({ key, state }) => [key.user, state])
    expect(await matches()).toEqual([['ann', 'pending'], ['bob', 'pending']])
    await store.put(source, [record(4, 'bob', 'c', 10), record(5, 'cat', 'd', 22)])
    await live.settle()
    expect(await matches()).toEqual([['ann', 'confirmed']])
    await live.stop()
  })

  it('keeps the former matches until those of a new definition are there, and all of them through a restart', async () => {
    const { store, source } = await openShop()
    let watched = await watch(store)
    await watched.saved.save(text, new AbortController().signal)
    await store.put(source, [record(0, 'ann', 'a', 0), record(1, 'ann', 'b', 1)])
    await watched.live.settle()
    await watched.live.stop()
    await store.reopen()
    watched = await watch(store)
    await watched.saved.save('sequence "pair" by user\n  b', new AbortController().signal)
    const before = (await watched.saved.list()).find(({ name }) => name === 'pair')
    expect(before).toMatchObject({ version: 2, foundVersion: 1, occurrences: 1 })
    await watched.live.settle()
    expect((await watched.saved.list()).find(({ name }) => name === 'pair')).toMatchObject({ version: 2, foundVersion: 2, state: 'live', occurrences: 1 })
    const { matches } = await watched.saved.handlers()['behaviors.matches']({ name: 'pair', limit: 10, offset: 0 }, new AbortController().signal)
    expect(matches.map(({ steps }) => steps.map(({ position }) => Number(position.offset)))).toEqual([[1]])
    await watched.live.stop()
  })

  it('says why a behavior cannot be run, and leaves the others alone', async () => {
    const { store, source } = await openShop()
    const { live, saved } = await watch(store)
    await store.put(source, [record(0, 'bob', 'b', 0), ...Array.from({ length: 3000 }, (_, index) => record(index + 1, 'ann', 'a', 0)), record(3001, 'ann', 'b', 1)])
    await saved.save('sequence "far too many" by user\n  a\n  then any a\n  then any a\n  then any a\n  then b\nmatch every\n\nsequence "fine" by user\n  a at least 5 times', new AbortController().signal)
    await live.settle()
    const [tooMany, fine] = await saved.list()
    expect(fine).toMatchObject({ state: 'live', occurrences: 1 })
    expect(tooMany).toMatchObject({ state: 'failed', occurrences: 0 })
    expect(tooMany?.failure).toContain('Too expensive')
    await live.stop()
  })

  it('says that a behavior has become too expensive, leaves the others alone, and tries it again only when it is asked to', async () => {
    const { store, source } = await openShop()
    const { live, saved } = await watch(store)
    await store.put(source, [record(0, 'bob', 'a', 0), record(1, 'bob', 'b', 1)])
    await saved.save('sequence "far too many" by user\n  a\n  then any a\n  then any a\n  then any a\n  then b\nmatch every\n\nsequence "fine" by user\n  a at least 5 times', new AbortController().signal)
    await live.settle()
    expect(await saved.list()).toMatchObject([{ state: 'live' }, { state: 'live', occurrences: 0 }])
    await store.put(source, [...Array.from({ length: 3000 }, (_, index) => record(index + 2, 'ann', 'a', 2)), record(3002, 'ann', 'b', 3)])
    await live.settle()
    const [tooMany, fine] = await saved.list()
    expect(fine).toMatchObject({ state: 'live', occurrences: 1 })
    expect(tooMany).toMatchObject({ state: 'failed' })
    expect(tooMany?.failure).toContain('Too expensive')
    await store.put(source, [record(3003, 'bob', 'a', 4), ...Array.from({ length: 5 }, (_, index) => record(3004 + index, 'bob', 'a', 5 + index))])
    await live.settle()
    expect(await saved.list()).toMatchObject([{ state: 'failed' }, { state: 'live', occurrences: 2 }])
    await saved.save('sequence "far too many" by user\n  a\n  then b', new AbortController().signal)
    await live.settle()
    expect(await saved.list()).toMatchObject([{ state: 'live', occurrences: 2 }, { state: 'live', occurrences: 2 }])
    await live.stop()
  })

  it('does not take up again by itself what was cancelled', async () => {
    const { store, source } = await openShop()
    const { live, saved } = await watch(store)
    await store.put(source, [record(0, 'ann', 'a', 0), record(1, 'ann', 'b', 1)])
    await saved.save('sequence "pair" by user\n  a\n  then b', new AbortController().signal)
    await live.settle()
    await saved.run('pair')
    while (!live.cancel('pair')) await sleep(1)
    await live.settle()
    const [pair] = await saved.list()
    expect(pair).toMatchObject({ state: 'failed', occurrences: 1 })
    expect(pair?.failure).toContain('Cancelled')
    await store.put(source, [record(2, 'bob', 'a', 2), record(3, 'bob', 'b', 3)])
    await live.settle()
    expect(await saved.list()).toMatchObject([{ state: 'failed', occurrences: 1 }])
    await saved.run('pair')
    await live.settle()
    expect(await saved.list()).toMatchObject([{ state: 'live', occurrences: 2 }])
    await live.stop()
  })

  it('tries a turn again that the store has refused, and says so to whoever waits', async () => {
    const { store, source } = await openShop()
    const { live, saved } = await watch(store)
    await saved.save('sequence "pair" by user\n  a\n  then b', new AbortController().signal)
    await store.put(source, [record(0, 'ann', 'a', 0), record(1, 'ann', 'b', 1)])
    await live.settle()
    await store.store.write((connection) => connection.run('ALTER TABLE matches RENAME TO lost'))
    await store.put(source, [record(2, 'bob', 'a', 2), record(3, 'bob', 'b', 3)])
    await expect(live.settle()).rejects.toThrow('matches')
    await store.store.write((connection) => connection.run('ALTER TABLE lost RENAME TO matches'))
    await expect.poll(async () => (await saved.list())[0]?.occurrences, { timeout: 20_000 }).toBe(2)
    await live.stop()
  }, 30_000)

  it('searches all events again when it is asked to, after a failure as well', async () => {
    const { store, source } = await openShop()
    const { live, saved } = await watch(store)
    await saved.save('sequence "needs an item" by user\n  a where item == "hat"', new AbortController().signal)
    await store.put(source, [record(0, 'ann', 'a', 0, 'hat')])
    await live.settle()
    expect(await saved.list()).toMatchObject([{ version: 1, state: 'live', occurrences: 1 }])
    await saved.run('needs an item')
    expect(live.list()[0]).toMatchObject({ version: 1, covered: undefined })
    await live.settle()
    expect(await saved.list()).toMatchObject([{ version: 1, state: 'live', occurrences: 1 }])
    expect(live.list()[0]?.covered).toBeDefined()
    await expect(saved.run('nobody')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await live.stop()
  })

  it('forgets a behavior with its matches, but not one that another stands on', async () => {
    const { store, source } = await openShop()
    const { live, saved } = await watch(store)
    await saved.save(text, new AbortController().signal)
    await store.put(source, [record(0, 'ann', 'a', 0), record(1, 'ann', 'b', 1)])
    await live.settle()
    await expect(saved.remove('pair')).rejects.toMatchObject({ code: 'CONFLICT' })
    await saved.remove('many at once')
    await saved.remove('pair')
    expect((await saved.list()).map(({ name }) => name)).not.toContain('pair')
    expect(await store.query('SELECT count(*)::INTEGER AS n FROM matches WHERE run NOT IN (SELECT run FROM behaviors)')).toEqual([{ n: 0 }])
    await live.stop()
  })
})
