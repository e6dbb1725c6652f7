import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { EndAt, StartAt } from '../../../../shared/model/source.ts'
import type { KafkaCluster } from './cluster.ts'
import { planTopic, type PartitionPlan, type ReadRanges } from './plan.ts'

/** A log of one partition that holds [low, high), and what it answers to a time. */
function log(low: bigint, high: bigint, atTime?: bigint): KafkaCluster {
  const answer = (value: bigint | undefined): Promise<ReadonlyMap<number, never>> => Promise.resolve(new Map([[0, value as never]]))
  return { leaders: (topic: string) => new Map(topic === 'empty' ? [] : [[0, 1]]), earliest: () => answer(low), latest: () => answer(high), at: () => answer(atTime) } as unknown as KafkaCluster
}

async function plan(cluster: KafkaCluster, start: StartAt, end: EndAt, read: ReadRanges = []): Promise<Pick<PartitionPlan, 'stretches' | 'gaps' | 'begins'>> {
  const [only] = await planTopic(cluster, 't', start, end, new Map([[0, read]]))
  if (only === undefined) throw new Error('no plan')
  return { stretches: only.stretches, gaps: only.gaps, begins: only.begins }
}

const beginning: StartAt = { at: 'beginning' }
const latest: StartAt = { at: 'latest' }
const now: EndAt = { at: 'now' }
const never: EndAt = { at: 'never' }

describe('what is read of a partition', () => {
  it.each<[what: string, start: StartAt, end: EndAt, read: ReadRanges, expected: Awaited<ReturnType<typeof plan>>]>([
    ['all that there is', beginning, now, [], { stretches: [{ first: 10n, next: 100n }], gaps: [], begins: 10n }],
    ['all that comes', latest, never, [], { stretches: [{ first: 100n, next: undefined }], gaps: [], begins: 100n }],
    ['what has not been read', beginning, now, [{ first: 10n, next: 40n }], { stretches: [{ first: 40n, next: 100n }], gaps: [], begins: undefined }],
    ['what lies before an earlier start as well', beginning, never, [{ first: 50n, next: 60n }], { stretches: [{ first: 10n, next: 50n }, { first: 60n, next: undefined }], gaps: [], begins: undefined }],
    ['from latest what came since the last run', latest, now, [{ first: 10n, next: 60n }], { stretches: [{ first: 60n, next: 100n }], gaps: [], begins: undefined }],
    ['what retention has taken in between is a gap', beginning, now, [{ first: 0n, next: 4n }], { stretches: [{ first: 10n, next: 100n }], gaps: [{ first: 4n, next: 10n }], begins: undefined }],
    ['from an offset to another', { at: 'offset', offset: 20n }, { at: 'offset', offset: 30n }, [], { stretches: [{ first: 20n, next: 30n }], gaps: [], begins: 20n }],
    ['nothing where everything is read', beginning, now, [{ first: 10n, next: 100n }], { stretches: [], gaps: [], begins: undefined }],
  ])('%s', async (_, start, end, read, expected) => {
    expect(await plan(log(10n, 100n), start, end, read)).toEqual(expected)
  })

  it.each<StartAt>([latest, { at: 'offset', offset: 70n }])('has a partition whole that the topic got after it was read, started at %o', async (start) => {
    const two = { leaders: () => new Map([[0, 1], [1, 1]]), earliest: () => Promise.resolve(new Map([[0, 0n], [1, 3n]])), latest: () => Promise.resolve(new Map([[0, 70n], [1, 9n]])) } as unknown as KafkaCluster
    const [, added] = await planTopic(two, 't', start, now, new Map([[0, [{ first: 60n, next: 70n }]]]))
    expect(added).toEqual({ partition: 1, stretches: [{ first: 3n, next: 9n }], gaps: [], begins: 3n })
  })

  it('begins at a time, and at the head where nothing is as late', async () => {
    expect((await plan(log(0n, 9n, 4n), { at: 'time', time: 5 }, now)).stretches).toEqual([{ first: 4n, next: 9n }])
    expect((await plan(log(0n, 9n), { at: 'time', time: 5 }, never)).stretches).toEqual([{ first: 9n, next: undefined }])
  })

  it('refuses an offset that is not there, a log that is shorter than what was read, and a topic that does not exist', async () => {
    await expect(plan(log(10n, 100n), { at: 'offset', offset: 5n }, now)).rejects.toMatchObject({ code: 'OFFSET_GONE', hint: expect.stringContaining('retention') as string })
    await expect(plan(log(10n, 100n), { at: 'offset', offset: 101n }, now)).rejects.toMatchObject({ code: 'OFFSET_GONE' })
    await expect(plan(log(0n, 5n), beginning, now, [{ first: 0n, next: 9n }])).rejects.toMatchObject({ code: 'OFFSET_GONE', message: expect.stringContaining('made anew') as string })
    await expect(planTopic(log(0n, 1n), 'empty', beginning, now, new Map())).rejects.toMatchObject({ code: 'CONNECT_TOPIC' })
  })

  it('reads each offset of the log once, whatever was read before', async () => {
    const offset = fc.bigInt({ min: 0n, max: 60n })
    await fc.assert(
      fc.asyncProperty(offset, offset, fc.array(fc.tuple(offset, offset), { maxLength: 4 }), async (low, length, pairs) => {
        const high = low + length
        const read: { first: bigint; next: bigint }[] = []
        for (const [first, size] of [...pairs].sort(([a], [b]) => (a < b ? -1 : 1))) {
          const from = (read.at(-1)?.next ?? -1n) >= first ? (read.at(-1)?.next ?? 0n) + 1n : first
          if (from + size <= high && size > 0n) read.push({ first: from, next: from + size })
        }
        const { stretches, gaps } = await plan(log(low, high), beginning, now, read)
        const times = new Map<bigint, number>()
        for (const { first, next } of [...read, ...gaps, ...stretches]) for (let at = first; at < (next ?? high); at++) times.set(at, (times.get(at) ?? 0) + 1)
        for (let at = low; at < high; at++) expect([at, times.get(at)]).toEqual([at, 1])
        // what the log no longer has is never asked for
        for (const { first } of stretches) expect(first).toBeGreaterThanOrEqual(low)
      }),
    )
  })
})
