import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { brokerTime, TestStore } from '../../../e2e/fixtures/test-store.ts'
import type { Match } from '../../../shared/model/match.ts'
import { appendMatches, confirmMatches, countMatches, makeMatchTable, nextMatchId, readMatches, readMatchesOfKeys, removeMatches, savedMatches, streamMatches, summarizeMatches } from './matches.ts'
import { hasAttribute, readBreakdown, readMatchVolume, readStepTimes, readTrend } from './match-statistics.ts'

const second = 1_000_000n
const start = BigInt(brokerTime)

/** A match of two or more events at these seconds. */
function match(user: string, seconds: readonly number[], more: Partial<Match> = {}): Match {
  const steps = seconds.map((at, index) => ({ label: index === 0 ? 'a' : index === seconds.length - 1 ? 'z' : 'b', type: 't', time: start + BigInt(at) * second, source: 'shop', position: { topic: 'shop', partition: 0, offset: BigInt(at) } }))
  return { behavior: 's', key: { user }, state: 'confirmed', start: steps[0]?.time ?? 0n, end: steps.at(-1)?.time ?? 0n, tied: false, steps, returns: { wait: 5, odd: null, text: 'x"\0' }, ...more }
}

let store: TestStore
beforeEach(async () => {
  store = await TestStore.open()
})
afterEach(() => store.remove())

const all = [match('ann', [0, 10]), match('ann', [20, 50]), match('bob', [5, 7, 9, 95], { state: 'pending', until: start + 100n * second, tied: true })]

describe('stored matches', () => {
  it('come back as they were, in the order of their ends, in pages and as a stream', async () => {
    await store.store.write((connection) => appendMatches(connection, savedMatches, 7, 1, [...all].reverse()))
    await store.store.database.read(async (connection) => {
      expect((await readMatches(connection, savedMatches, { behavior: 's', run: 7, limit: 10 })).map((one) => one.match)).toEqual(all)
      expect((await readMatches(connection, savedMatches, { behavior: 's', run: 7, limit: 1, offset: 1 })).map((one) => one.match)).toEqual([all[1]])
      expect(await countMatches(connection, { behavior: 's', run: 7, limit: 1, state: 'pending' })).toBe(1)
      expect(await countMatches(connection, { behavior: 's', run: 7, limit: 1, user: 'ann', from: start + 20n * second })).toBe(1)
      const streamed: Match[] = []
      for await (const some of streamMatches(connection, savedMatches, { behavior: 's', run: 7 })) streamed.push(...some.map((one) => one.match))
      expect(streamed).toEqual(all)
      expect(await summarizeMatches(connection, savedMatches, 7)).toEqual({ occurrences: 3, users: 2, pending: 1, tied: 1 })
      expect(await summarizeMatches(connection, savedMatches, 8)).toEqual({ occurrences: 0, users: 0, pending: 0, tied: 0 })
    })
  })

  it('are told apart by run, found by their keys, confirmed by the watermark, and removed by number', async () => {
    await store.store.write(async (connection) => {
      await appendMatches(connection, savedMatches, 1, 1, all)
      await appendMatches(connection, savedMatches, 2, await nextMatchId(connection), all)
      expect(((await readMatchesOfKeys(connection, [1], ['{"user":"ann"}'], Number.NEGATIVE_INFINITY)).get(1) ?? []).map(({ id }) => id).sort()).toEqual([1, 2])
      expect(((await readMatchesOfKeys(connection, [1], ['{"user":"ann"}'], Number(start + 20n * second))).get(1) ?? []).map(({ id }) => id)).toEqual([2])
      expect(await confirmMatches(connection, [1], Number(start + 100n * second))).toEqual(new Set())
      expect(await confirmMatches(connection, [1], Number(start + 100n * second) + 1)).toEqual(new Set([1]))
      expect(await summarizeMatches(connection, savedMatches, 2)).toMatchObject({ pending: 1 })
      await removeMatches(connection, [1, 3])
      expect((await readMatches(connection, savedMatches, { behavior: 's', run: 1, limit: 10 })).map(({ id }) => id)).toEqual([2])
    })
  })

  it('of many at once count as users those that their steps are labeled with', async () => {
    const crowd = (labels: readonly string[], times: readonly number[]): Match => {
      const { steps, ...rest } = match('nobody', times)
      return { ...rest, key: {}, steps: steps.map((step, index) => ({ ...step, label: labels[index] ?? '' })) }
    }
    await store.store.write((connection) => appendMatches(connection, savedMatches, 9, 1, [crowd(['ann', 'bob'], [0, 10]), crowd(['bob', 'eve'], [20, 30])]))
    await store.store.database.read(async (connection) => {
      expect(await summarizeMatches(connection, savedMatches, 9)).toMatchObject({ occurrences: 2, users: 3 })
    })
  })

  it('of a question live in a table of their own', async () => {
    await store.store.database.read(async (connection) => {
      const table = await makeMatchTable(connection)
      await appendMatches(connection, table, 1, 1, Array.from({ length: 5000 }, (_, index) => match(`u${index}`, [index, index + 1])))
      expect(await summarizeMatches(connection, table, 1)).toMatchObject({ occurrences: 5000, users: 5000 })
    })
    expect(await store.query('SELECT count(*)::INTEGER AS n FROM matches')).toEqual([{ n: 0 }])
  })
})

describe('statistics of matches', () => {
  beforeEach(() => store.store.write((connection) => appendMatches(connection, savedMatches, 7, 1, all)))

  it('measures the time from the first event of a step to the first of the next', async () => {
    const times = await store.store.database.read((connection) => readStepTimes(connection, 7))
    expect(times.map(({ from, to, count }) => [from, to, count])).toEqual(expect.arrayContaining([['a', 'z', 2], ['a', 'b', 1], ['b', 'z', 1]]))
    const direct = times.find(({ from, to }) => from === 'a' && to === 'z')
    expect(direct?.percentiles[0]).toBe(10_000_000)
    expect(direct?.percentiles.at(-1)).toBe(30_000_000)
    expect(direct?.histogram.reduce((sum, count) => sum + count, 0)).toBe(2)
  })

  it('counts matches by time', async () => {
    const volume = await store.store.database.read((connection) => readMatchVolume(connection, 7, 60n * second))
    expect(volume.map(({ confirmed, pending, users }) => [confirmed, pending, users])).toEqual([[2, 0, 1], [0, 1, 1]])
    const trend = await store.store.database.read((connection) => readTrend(connection, 7))
    expect(trend.reduce((sum, count) => sum + count, 0)).toBe(3)
    expect([trend[0], trend.at(-1)]).toEqual([1, 1])
  })

  it('counts matches by an attribute of their first event', async () => {
    const source = await store.addSource({ mapping: { key: 'user', type: 'type', time: 'at', timeFormat: 'iso', attributes: [{ name: 'Item', path: 'item', type: 'text' }] } })
    const at = new Date(brokerTime / 1000).toISOString()
    await store.put(source, [{ offset: 0, value: { user: 'ann', type: 't', at, item: 'shoe' } }, { offset: 5, value: { user: 'bob', type: 't', at, item: 'hat' } }, { offset: 20, value: { user: 'ann', type: 't', at, item: 'shoe' } }])
    await store.store.database.read(async (connection) => {
      expect(await hasAttribute(connection, 'Item')).toBe(true)
      expect(await hasAttribute(connection, 'none')).toBe(false)
      expect(await readBreakdown(connection, 7, 'Item', 10)).toEqual([{ value: 'shoe', occurrences: 2, users: 1 }, { value: 'hat', occurrences: 1, users: 1 }])
    })
  })
})
