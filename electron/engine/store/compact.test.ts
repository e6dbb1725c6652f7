import fc from 'fast-check'
import { tableFromIPC } from 'apache-arrow'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { brokerTime, event, simpleMapping, TestStore, type TestRecord } from '../../../e2e/fixtures/test-store.ts'
import { compact } from './compact.ts'
import { eventColumnNames } from './migrations.ts'
import { listDeadLetters } from './read-dead-letters.ts'
import { allEvents, readSlice, readTimeline, readVolume } from './read-events.ts'
import { listTypes, listUsers } from './read-users.ts'
import { readInfo } from './read-workspace.ts'
import type { StoredSource } from './sources.ts'

let workspace: TestStore
let sources: readonly StoredSource[]

beforeEach(async () => {
  workspace = await TestStore.open()
  const mapping = { ...simpleMapping, attributes: [{ name: 'n', path: 'n', type: 'integer' as const }] }
  sources = [await workspace.addSource({ mapping }), await workspace.addSource({ name: 'other', mapping })]
})
afterEach(() => workspace.remove())

const never = new AbortController().signal
const keys = ['ann', 'bob', 'Änne', '']

/** Few keys and seconds, so that most events are tied; CloudEvents with a sequence, plain ones, dead letters and events without a key. */
const shapes = fc.record({ source: fc.nat(1), partition: fc.nat(1), key: fc.constantFrom(...keys, undefined), second: fc.nat(3), kind: fc.constantFrom('plain', 'plain', 'cloud', 'dead'), sequence: fc.nat(2), type: fc.constantFrom('view', 'add') })
const logs = fc.array(fc.array(shapes, { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 4 })

function toRecord({ partition, key, second, kind, sequence, type }: (typeof shapes extends fc.Arbitrary<infer T> ? T : never), offset: number): TestRecord {
  const at = new Date(brokerTime / 1000 + second * 1000).toISOString()
  const value = kind === 'dead' ? 'broken' : { type, user: key, at, n: offset }
  const decoded = event('cloudevents-binary', { context: JSON.stringify({ id: `e-${offset}`, source: `/s-${sequence % 2}`, type, time: at, sequence: String(sequence) }) })
  return { partition, offset, key: `k${offset}`, value, headers: [{ name: 'h', value: Buffer.from(String(offset)) }], ...(kind === 'cloud' ? { decoded } : {}) }
}

async function collect(stream: AsyncIterable<Uint8Array>): Promise<unknown[]> {
  const all: unknown[] = []
  for await (const bytes of stream) for (const row of tableFromIPC(bytes)) all.push(JSON.parse(JSON.stringify(row, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))))
  return all
}

/** What every query of the store answers. */
async function answers(): Promise<unknown> {
  const { store } = workspace
  const filter = { sources: ['shop', 'other'], text: 'a' }
  return {
    timelines: await Promise.all(keys.map((key) => collect(readTimeline(store.database, { key }, never)))),
    slices: [await collect(readSlice(store.database, { filter, limit: 20, newest: false }, never)), await collect(readSlice(store.database, { filter: {}, limit: 7, newest: true }, never))],
    volume: await collect(readVolume(store.database, { filter: {}, resolution: 2_000_000n }, never)),
    ...(await store.database.read(async (connection) => ({
      users: await listUsers(connection, { sort: 'recent', descending: true, limit: 100, offset: 0 }),
      types: await listTypes(connection),
      letters: await listDeadLetters(connection, { limit: 100, offset: 0 }),
      info: { ...(await readInfo(store.database, connection)), fileBytes: 0 },
    }))),
    events: await workspace.query(`SELECT ${eventColumnNames.map((name) => `e."${name}"`).join(', ')}, a_n FROM ${allEvents} e ORDER BY source, partition, "offset"`),
    states: await Promise.all(sources.map((source) => store.partitionStates(source))),
  }
}

describe('ordering events into runs', () => {
  it('changes no answer, however often and wherever it is done', async () => {
    let next = 0
    await fc.assert(
      fc.asyncProperty(logs, fc.array(fc.option(fc.integer({ min: 1, max: 9 })), { minLength: 1, maxLength: 4 }), async (batches, limits) => {
        await workspace.store.write((connection) => connection.run('DELETE FROM events; DELETE FROM recent; DELETE FROM dead_letters'))
        for (const batch of batches) {
          for (const [code, source] of sources.entries()) {
            const records = batch.filter((shape) => shape.source === code).map((shape) => toRecord(shape, next++))
            if (records.length > 0) await workspace.put(source, records)
          }
        }
        const before = await answers()
        for (const limit of limits) {
          await workspace.store.write(() => compact(workspace.store.database, limit ?? undefined))
          expect(await answers()).toEqual(before)
        }
        await workspace.store.settle()
        expect(await workspace.query('SELECT count(*) AS n FROM recent')).toEqual([{ n: 0n }])
        expect(await answers()).toEqual(before)
      }),
      { numRuns: 12 },
    )
  })

  it('takes the oldest to arrive first, and orders each run by key and time', async () => {
    const seconds = [5, 1, 4, 2, 3, 0]
    const [source] = sources
    if (source === undefined) throw new Error('there is no source')
    await workspace.put(source, seconds.map((second, offset) => ({ offset, value: { type: 't', user: offset % 2 === 0 ? 'a' : 'b', at: new Date(brokerTime / 1000 + second * 1000).toISOString() } })))
    const offsets = async (table: string): Promise<number[]> => (await workspace.query(`SELECT "offset" FROM ${table}`)).map((row) => Number(row.offset))
    await workspace.store.write(() => compact(workspace.store.database, 4))
    const run = async (): Promise<unknown> => workspace.query('SELECT k.key, epoch_us(time) AS time FROM events JOIN keys k ON k.code = events.key')
    expect(new Set(await offsets('events'))).toEqual(new Set([0, 1, 2, 3]))
    expect(await offsets('recent')).toEqual([4, 5])
    const time = (second: number): bigint => BigInt(brokerTime + second * 1_000_000)
    const [firstKey] = await workspace.query('SELECT key FROM keys ORDER BY code LIMIT 1')
    const [one, two] = firstKey?.key === 'a' ? ([{ key: 'a', seconds: [4, 5] }, { key: 'b', seconds: [1, 2] }] as const) : ([{ key: 'b', seconds: [1, 2] }, { key: 'a', seconds: [4, 5] }] as const)
    expect(await run()).toEqual([one, two].flatMap(({ key, seconds: own }) => own.map((second) => ({ key, time: time(second) }))))
  })

  it('of nothing is nothing', async () => {
    await workspace.store.settle()
    await workspace.store.write(() => compact(workspace.store.database, 10))
    expect(await workspace.query('SELECT count(*) AS n FROM events')).toEqual([{ n: 0n }])
  })
})
