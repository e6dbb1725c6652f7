import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { brokerTime, event, simpleMapping, TestStore, type TestRecord } from '../../../e2e/fixtures/test-store.ts'
import type { Mapping } from '../../../shared/model/mapping.ts'
import type { RecordBatch } from '../sources/record-batch.ts'
import type { Decoded } from '../decode/record.ts'
import { allEvents } from './read-events.ts'
import { replaySource, retryDeadLetters, type Retried } from './replay.ts'
import type { StoredSource } from './sources.ts'

let workspace: TestStore
beforeEach(async () => {
  workspace = await TestStore.open()
})
afterEach(() => workspace.remove())

const other: Mapping = { ...simpleMapping, key: 'visitor', type: 'kind', attributes: [{ name: 'n', path: 'n', type: 'integer' }, { name: 'price', path: 'price', type: 'number' }] }
const redecode = (batch: RecordBatch): Promise<readonly Decoded[]> => Promise.resolve(batch.values.map((value) => event(value === null ? 'tombstone' : 'json')))
const done = (): void => undefined

function replay(source: StoredSource, mapping: Mapping, decode = redecode): Promise<void> {
  return workspace.store.write(async (connection) => {
    await replaySource(workspace.store.database, source, { mapping, format: source.format }, decode, done)
    await workspace.store.reload(connection)
  })
}

/** Everything that is stored of a source, but when it was. Attributes stand in their columns from the first replay on. */
async function stored(source: StoredSource): Promise<unknown> {
  const columns = (await workspace.query('SELECT name FROM attributes ORDER BY name')).map(({ name }) => `e."${String(name)}"`)
  return {
    events: await workspace.query(
      `SELECT ${['e.partition', 'e."offset"', 'e.time', 'e.broker_time', 'k.key', 't.type', 'e.decoder', 'e.late', 'e.record_key', 'e.headers', 'e.payload', ...columns].join(', ')}
       FROM ${allEvents} e LEFT JOIN keys k ON k.code = e.key JOIN types t ON t.code = e.type WHERE e.source = ${source.code} ORDER BY e.partition, e."offset"`,
    ),
    dead: await workspace.query(`SELECT * EXCLUDE (source, ingested_at) FROM dead_letters WHERE source = ${source.code} ORDER BY partition, "offset"`),
    states: await workspace.store.partitionStates(source),
  }
}

const shapes = fc.record({ partition: fc.nat(1), second: fc.nat(300), kind: fc.constantFrom('both', 'both', 'one mapping only', 'broken', 'tombstone', 'bytes'), gap: fc.nat(2), n: fc.nat() })
type Shape = typeof shapes extends fc.Arbitrary<infer T> ? T : never

function toRecords(made: readonly Shape[]): TestRecord[] {
  const next = [10, 0]
  return made.map(({ partition, second, kind, gap, n }) => {
    const offset = (next[partition] ?? 0) + gap
    next[partition] = offset + 1
    const plain = { user: `u-${n % 3}`, type: 'view', at: new Date(brokerTime / 1000 + second * 1000).toISOString() }
    const value = { both: { ...plain, visitor: `v-${n % 2}`, kind: 'k', n, price: n / 4 }, 'one mapping only': plain, broken: 'broken', tombstone: null, bytes: Buffer.from([0xff]) }[kind]
    return { partition, offset, key: Buffer.from([n % 256]), value, headers: n % 2 === 0 ? [{ name: 'h', value: Buffer.from([n % 256]) }] : null, brokerTime: brokerTime + second * 1_000_000 }
  })
}

describe('a replay', () => {
  it('gives what a first reading with the new mapping would have given, and back again', async () => {
    let turn = 0
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(shapes, { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 3 }), fc.boolean(), async (made, settle) => {
        const source = await workspace.addSource({ name: `replayed-${turn}` })
        const fresh = await workspace.addSource({ name: `fresh-${turn++}`, topic: source.topic, mapping: other })
        const records = toRecords(made.flat())
        for (const target of [source, fresh]) {
          let first = 0
          for (const { length } of made) {
            await workspace.put(target, records.slice(first, first + length))
            first += length
          }
        }
        if (settle) await workspace.store.settle()
        const before = await stored(source)
        await replay(source, other)
        expect(await stored(source)).toEqual(await stored(fresh))
        expect(workspace.store.findSource(source.name)?.mapping).toEqual(other)
        await replay({ ...source, mapping: other }, source.mapping)
        expect(await stored(source)).toEqual(before)
      }),
      { numRuns: 15 },
    )
  })

  it('that fails or is cut off leaves everything as it was', async () => {
    const source = await workspace.addSource()
    await workspace.put(source, [{ offset: 0, value: { user: 'ann', type: 't', at: '2026-01-01T00:00:00Z', visitor: 'v', kind: 'k' } }])
    const events = await workspace.query(`SELECT * FROM ${allEvents}`)
    await expect(replay(source, other, () => Promise.reject(new Error('the registry is gone')))).rejects.toThrow('the registry is gone')
    await workspace.reopen()
    expect((await workspace.query(`SELECT * EXCLUDE (a_n, a_price) FROM ${allEvents}`))).toEqual(events)
    expect(workspace.store.findSource('shop')?.mapping).toEqual(simpleMapping)
    expect(await workspace.query("SELECT table_name FROM duckdb_tables() WHERE table_name LIKE 'replayed%'")).toEqual([])
    await replay(source, other)
    expect(await workspace.query('SELECT k.key FROM events JOIN keys k ON k.code = events.key')).toEqual([{ key: 'v' }])
  })

  it('touches no other source, and no row that its file could not give', async () => {
    const source = await workspace.addSource()
    const neighbor = await workspace.addSource({ name: 'neighbor' })
    const record: TestRecord = { offset: 0, value: { user: 'ann', type: 't', at: '2026-01-01T00:00:00Z' } }
    const badRow: TestRecord = { offset: 1, value: '{"user":"would decode now","type":"t","at":"2026-01-01T00:00:00Z"}', decoded: { kind: 'dead', reason: 'bad_row', detail: 'Line 2: one column too many', schema: null } }
    for (const target of [source, neighbor]) await workspace.put(target, [record, badRow])
    const before = await stored(neighbor)
    await replay(source, { ...simpleMapping, key: 'type' })
    expect(await stored(neighbor)).toEqual(before)
    expect(await workspace.query(`SELECT reason, detail FROM dead_letters WHERE source = ${source.code}`)).toEqual([{ reason: 'bad_row', detail: 'Line 2: one column too many' }])
    expect((await workspace.store.partitionStates(source)).get(0)).toMatchObject({ events: 1, dead: 1 })
  })

  it('tells how far it is', async () => {
    const source = await workspace.addSource()
    await workspace.put(source, [0, 1, 2].map((offset) => ({ offset, partition: offset % 2, value: { user: 'u', type: 't', at: '2026-01-01T00:00:00Z' } })))
    const progress: (readonly [number, number])[] = []
    await workspace.store.write(() => replaySource(workspace.store.database, source, { mapping: simpleMapping, format: 'json' }, redecode, (...step) => progress.push(step)))
    expect(progress).toEqual([[2, 3], [3, 3]])
  })
})

describe('trying dead letters again', () => {
  const waiting: Decoded = { kind: 'dead', reason: 'registry_unavailable', detail: 'away', schema: 1 }
  const value = (user: string): object => ({ user, type: 't', at: '2026-01-01T00:00:00Z' })

  const retry = (source: StoredSource, decode: (batch: RecordBatch) => Promise<readonly Decoded[]>, after?: Retried['after']): Promise<Retried> =>
    workspace.store.write(async (connection) => {
      const retried = await retryDeadLetters(connection, source, ['registry_unavailable'], after, decode)
      await workspace.store.reload(connection)
      return retried
    })

  it('makes events of what decodes now, keeps the rest with its reason of now, and leaves other reasons alone', async () => {
    const source = await workspace.addSource()
    await workspace.put(source, [
      { offset: 0, value: value('first') },
      { offset: 1, key: 'k', value: value('waited'), headers: [{ name: 'h', value: null }], decoded: waiting },
      { offset: 2, value: 'broken', decoded: waiting },
      { offset: 3, value: 'broken' },
    ])
    const before = (await workspace.store.partitionStates(source)).get(0)
    expect(before).toMatchObject({ events: 1, dead: 3 })
    const asked: number[] = []
    const result = await retry(source, (batch) => {
      asked.push(...[...batch.offsets].map(Number))
      return redecode(batch)
    })
    expect([asked, result]).toEqual([[1, 2], { events: 1, dead: 1, after: { partition: 0, offset: 2n } }])
    expect(await workspace.query(`SELECT k.key, e."offset", e.headers, e.record_key IS NOT NULL AS has_key FROM ${allEvents} e JOIN keys k ON k.code = e.key ORDER BY ALL`)).toEqual([
      { key: 'first', offset: 0n, headers: null, has_key: false },
      { key: 'waited', offset: 1n, headers: '[["h",null]]', has_key: true },
    ])
    expect(await workspace.query('SELECT "offset", reason FROM dead_letters ORDER BY ALL')).toEqual([{ offset: 2n, reason: 'not_json' }, { offset: 3n, reason: 'not_json' }])
    expect((await workspace.store.partitionStates(source)).get(0)).toEqual({ ...before, events: 2, dead: 2 })
    expect(await retry(source, redecode, result.after)).toEqual({ events: 0, dead: 0, after: undefined })
  })

  it('writes nothing while the registry is still away, and goes on behind those that were tried', async () => {
    const source = await workspace.addSource()
    await workspace.put(source, [{ offset: 5, value: value('a'), decoded: waiting }, { partition: 1, offset: 2, value: value('b'), decoded: waiting }])
    const before = await workspace.query('SELECT * FROM dead_letters ORDER BY partition')
    const away = (batch: RecordBatch): Promise<readonly Decoded[]> => Promise.resolve(batch.values.map(() => waiting))
    expect(await retry(source, away)).toEqual({ events: 0, dead: 2, after: { partition: 1, offset: 2n } })
    expect(await workspace.query('SELECT * FROM dead_letters ORDER BY partition')).toEqual(before)
    expect(await retry(source, redecode, { partition: 0, offset: 5n })).toMatchObject({ events: 1, dead: 0 })
    expect(await workspace.query('SELECT partition, "offset" FROM dead_letters')).toEqual([{ partition: 0, offset: 5n }])
  })

  it('leaves everything as it was when it fails', async () => {
    const source = await workspace.addSource()
    await workspace.put(source, [{ offset: 0, value: value('a'), decoded: waiting }])
    await workspace.store.database.writer.run('ALTER TABLE partitions RENAME TO away')
    await expect(retry(source, redecode)).rejects.toThrow('partitions')
    await workspace.store.database.writer.run('ALTER TABLE away RENAME TO partitions')
    expect(await workspace.query('SELECT (SELECT count(*) FROM dead_letters) AS dead, (SELECT count(*) FROM recent) AS events')).toEqual([{ dead: 1n, events: 0n }])
    expect(await retry(source, redecode)).toMatchObject({ events: 1, dead: 0 })
  })
})
