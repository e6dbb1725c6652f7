import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { brokerTime, TestStore, type TestRecord } from '../../../e2e/fixtures/test-store.ts'
import type { Retention } from '../../../shared/model/workspace.ts'
import { rowGroupRows } from './compact.ts'
import { readInfo } from './read-workspace.ts'
import { allEvents } from './read-events.ts'
import { applyRetention } from './retain.ts'
import type { StoredSource } from './sources.ts'

let workspace: TestStore
let source: StoredSource

beforeEach(async () => {
  workspace = await TestStore.open()
  source = await workspace.addSource()
})
afterEach(() => workspace.remove())

const dayMs = 86_400_000
const startMs = brokerTime / 1000
/** An event, or a dead letter, of a day. */
const record = (offset: number, day: number, rest: Partial<TestRecord> = {}): TestRecord => ({ offset, brokerTime: brokerTime + day * dayMs * 1000, value: { type: 't', user: `u-${offset}`, at: new Date(startMs + day * dayMs).toISOString() }, ...rest })

const retain = (retention: Retention, nowDay = 0): Promise<number> => workspace.store.write((connection) => applyRetention(connection, workspace.store.database.path, retention, startMs + nowDay * dayMs))
const offsets = async (table = allEvents): Promise<number[]> => (await workspace.query(`SELECT e."offset" FROM ${table} e ORDER BY e."offset"`)).map((row) => Number(row.offset))
const info = (): ReturnType<typeof readInfo> => workspace.store.database.read((connection) => readInfo(workspace.store.database, connection))

describe('keeping events for a number of days', () => {
  it('removes what is older, ordered or just arrived, and keeps what is exactly as old', async () => {
    await workspace.put(source, [record(0, 0), record(1, 2), record(2, 9)])
    await workspace.store.settle()
    await workspace.put(source, [record(3, 1), record(4, 3), record(5, 3.0001)])
    expect(await retain({ maxAgeDays: 7 }, 10)).toBe(3)
    expect(await offsets()).toEqual([2, 4, 5])
  })

  it('removes dead letters by the time of the broker, also where no event is so old', async () => {
    await workspace.put(source, [record(0, 1, { value: 'broken' }), record(1, 5, { value: 'broken' }), record(2, 5)])
    expect(await retain({ maxAgeDays: 7 }, 10)).toBe(0)
    expect([await offsets('dead_letters'), await offsets()]).toEqual([[1], [2]])
  })

  it('counts what it has removed in all, and up to when', async () => {
    await workspace.put(source, Array.from({ length: 10 }, (_, offset) => record(offset, offset)))
    const removed = [await retain({ maxAgeDays: 7 }, 10), await retain({ maxAgeDays: 7 }, 10), await retain({ maxAgeDays: 7 }, 13.5)]
    expect(removed).toEqual([3, 0, 4])
    expect(await info()).toMatchObject({ events: 3, removed: { events: 7, before: BigInt(brokerTime) + BigInt(6.5 * dayMs * 1000) }, first: BigInt(brokerTime) + BigInt(7 * dayMs * 1000) })
    expect(await workspace.query('SELECT reason, events FROM retentions ORDER BY removed_before')).toEqual([{ reason: 'age', events: 3n }, { reason: 'age', events: 4n }])
  })

  it('leaves the offsets read, so that nothing removed comes back', async () => {
    await workspace.put(source, [record(0, 0), record(1, 0, { value: 'broken' }), record(2, 9)])
    const before = await workspace.store.partitionStates(source)
    await retain({ maxAgeDays: 7 }, 10)
    await workspace.reopen()
    expect(await workspace.store.partitionStates(source)).toEqual(before)
    await expect(workspace.put(source, [record(0, 0)])).rejects.toMatchObject({ code: 'CONFLICT' })
    expect(await workspace.put(source, [record(3, 9)])).toMatchObject({ events: 1 })
    expect(await offsets()).toEqual([2, 3])
  })

  it('may remove everything, and nothing from an empty workspace', async () => {
    expect(await retain({ maxAgeDays: 1, maxBytes: 1 }, 10)).toBe(0)
    await workspace.put(source, [record(0, 0), record(1, 1)])
    expect(await retain({ maxAgeDays: 1 }, 10)).toBe(2)
    expect(await info()).toMatchObject({ events: 0, users: 0, removed: { events: 2 } })
  })

  it('removes nothing where no limit is set', async () => {
    await workspace.put(source, [record(0, -30_000)])
    expect(await retain({}, 10)).toBe(0)
    expect(await info()).toMatchObject({ events: 1, removed: { events: 0 } })
  })

  it('notes nothing where removing fails, and removes nothing', async () => {
    await workspace.put(source, [record(0, 0), record(1, 0, { value: 'broken' })])
    await workspace.store.database.writer.run('ALTER TABLE retentions RENAME TO away')
    await expect(retain({ maxAgeDays: 7 }, 10)).rejects.toThrow('retentions')
    await workspace.store.database.writer.run('ALTER TABLE away RENAME TO retentions')
    expect([await offsets(), await offsets('dead_letters'), (await info()).removed]).toEqual([[0], [1], { events: 0 }])
  })
})

describe('keeping a number of bytes', () => {
  /** Events, a minute apart, in runs as the store writes them. */
  async function fill(runs: number): Promise<void> {
    await workspace.put(source, [record(0, 0)])
    for (let run = 0; run < runs; run++) {
      const first = 1 + run * rowGroupRows
      await workspace.store.write((connection) =>
        connection.run(`INSERT INTO events BY NAME SELECT 0 AS source, 0 AS partition, i AS "offset", make_timestamp(${brokerTime} + i * 60000000) AS time, make_timestamp(${brokerTime}) AS broker_time, now()::TIMESTAMP AS ingested_at,
          (i % 1000)::INTEGER AS key, 0 AS type, 0 AS decoder, false AS late, ('{"n":' || hash(i) || '}')::BLOB AS payload FROM range(${first}, ${first + rowGroupRows}) r(i) ORDER BY key, time`),
      )
    }
    await workspace.store.settle()
  }

  const used = async (): Promise<number> => Number((await workspace.query('SELECT sum(used_blocks * block_size)::BIGINT AS used FROM pragma_database_size() WHERE database_name = current_database()'))[0]?.used)

  it.each([1, 2, 3, 8])('removes the oldest, once, until the rest is so little (%d runs)', async (runs) => {
    await fill(runs)
    const total = (await info()).events
    const maxBytes = Math.round((await used()) * 0.95)
    const removed = await retain({ maxBytes })
    // a tenth of the limit is kept free for what comes
    expect(removed / total).toBeCloseTo(1 - 0.95 * 0.9, 1)
    const left = await info()
    expect(left).toMatchObject({ events: total - removed, removed: { events: removed, before: left.first } })
    expect(await workspace.query(`SELECT min("offset") AS first, count(*) AS n FROM ${allEvents}`)).toEqual([{ first: BigInt(removed), n: BigInt(total - removed) }])
    for (let again = 0; again < 3; again++) expect(await retain({ maxBytes })).toBe(0)
    await workspace.reopen()
    expect(await retain({ maxBytes })).toBe(0)
  })

  it('removes the oldest dead letters too, where they are what takes the room', async () => {
    await workspace.put(source, Array.from({ length: 1000 }, (_, offset) => record(offset, offset, { value: randomBytes(10_000) })))
    await workspace.store.settle()
    const maxBytes = Math.round((await used()) * 0.8)
    expect(await retain({ maxBytes })).toBe(0)
    const left = await offsets('dead_letters')
    expect(left.length / 1000).toBeCloseTo(0.8 * 0.9, 1)
    expect(left[0]).toBe(1000 - left.length)
    await retain({ maxBytes })
    expect(await offsets('dead_letters')).toEqual(left)
  })

  it('removes again what came since, and gives the room free', async () => {
    await fill(8)
    const before = await used()
    for (const share of [0.9, 0.7, 0.4]) expect(await retain({ maxBytes: Math.round(before * share) })).toBeGreaterThan(0)
    expect(await used()).toBeLessThan(before * 0.6)
    expect((await info()).removed.events).toBe(8 * rowGroupRows + 1 - (await info()).events)
    expect((await workspace.query('SELECT DISTINCT reason FROM retentions'))).toEqual([{ reason: 'size' }])
  })
})
