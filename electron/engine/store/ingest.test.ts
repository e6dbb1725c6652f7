import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { brokerTime, TestStore, toBatch, type TestRecord } from '../../../e2e/fixtures/test-store.ts'
import { RecordBatchBuilder } from '../sources/record-batch.ts'
import { allEvents } from './read-events.ts'
import type { StoredSource } from './sources.ts'

let workspace: TestStore
let source: StoredSource

beforeEach(async () => {
  workspace = await TestStore.open()
  source = await workspace.addSource()
})
afterEach(() => workspace.remove())

const at = (second: number): string => new Date(brokerTime / 1000 + second * 1000).toISOString()
/** A text as UTF-8 can say it: a lone surrogate becomes the replacement character. */
const wellFormed = (text: string): string => Buffer.from(text).toString()
const record = (offset: number, second = offset, rest: Partial<TestRecord> = {}): TestRecord => ({ offset, value: { type: `type-${offset % 3}`, at: at(second), user: `user-${offset % 4}` }, ...rest })

/** Everything that a batch changes. */
async function everything(): Promise<unknown> {
  const tables = ['recent', 'events', 'dead_letters', 'keys', 'types', 'ranges', 'partitions', 'gaps']
  const counts = await workspace.query(`SELECT ${tables.map((table) => `(SELECT count(*) FROM ${table}) AS ${table}`).join(', ')}`)
  const states = await workspace.query('SELECT * FROM ranges ORDER BY ALL')
  return { counts, states, held: await workspace.store.partitionStates(source) }
}

describe('storing a batch', () => {
  it('keeps events, dead letters and how far the source was read, and counts them', async () => {
    expect(await workspace.put(source, [record(10), record(11, 11, { value: 'broken' }), record(12), record(5, 5, { partition: 1 })])).toEqual({ events: 3, dead: 1, late: 0, bytes: expect.any(Number) as number })
    const states = await workspace.store.partitionStates(source)
    expect(states.get(0)).toMatchObject({ ranges: [{ first: 10n, next: 13n }], events: 2, dead: 1, late: 0, newestTime: BigInt(brokerTime) + 12_000_000n })
    expect(states.get(1)).toMatchObject({ ranges: [{ first: 5n, next: 6n }], events: 1, dead: 0 })
    await workspace.reopen()
    expect(await workspace.store.partitionStates(source)).toEqual(states)
    expect(await workspace.query('SELECT reason, "offset" FROM dead_letters')).toEqual([{ reason: 'not_json', offset: 11n }])
  })

  it('keeps the bytes as they came', async () => {
    const key = Buffer.from([0xff, 0, 1])
    const value = Buffer.from(`{ "type":"t",  "at":"${at(0)}" }`)
    await workspace.put(source, [{ offset: 0, key, value, headers: [{ name: 'h', value: Buffer.from([0xfe]) }] }, { offset: 1, key, value: Buffer.from([0x80]) }])
    for (const table of ['recent', 'dead_letters']) {
      const [row] = await workspace.query(`SELECT record_key, payload FROM ${table}`)
      expect(Buffer.from(row?.record_key as Uint8Array)).toEqual(key)
      expect(Buffer.from(row?.payload as Uint8Array)).toEqual(table === 'recent' ? value : Buffer.from([0x80]))
    }
  })

  it('remembers offsets without records, and gaps', async () => {
    const builder = new RecordBatchBuilder()
    builder.cover(0, 3n, 9n)
    builder.addGap({ partition: 0, first: 9n, next: 12n, reason: "the log's end; '" })
    await workspace.putBatch(source, builder.take(), [])
    expect((await workspace.store.partitionStates(source)).get(0)?.ranges).toEqual([{ first: 3n, next: 12n }])
    expect(await workspace.query('SELECT partition, first_offset, next_offset, reason FROM gaps')).toEqual([{ partition: 0, first_offset: 9n, next_offset: 12n, reason: "the log's end; '" }])
  })

  it('refuses a batch that was stored before, in whole or in part, and changes nothing', async () => {
    await workspace.put(source, [record(10), record(11)])
    const before = await everything()
    for (const again of [[record(10), record(11)], [record(11), record(12)], [record(9), record(10)]]) {
      await expect(workspace.put(source, again)).rejects.toMatchObject({ code: 'CONFLICT' })
      expect(await everything()).toEqual(before)
    }
    await workspace.put(source, [record(12)])
    expect((await workspace.store.partitionStates(source)).get(0)?.ranges).toEqual([{ first: 10n, next: 13n }])
  })

  it.each(['keys', 'types', 'recent', 'dead_letters', 'partitions', 'ranges', 'gaps'])('leaves nothing behind when writing %s fails, and stores the same batch once that is over', async (table) => {
    await workspace.put(source, [record(0)])
    const before = await everything()
    const builder = new RecordBatchBuilder()
    const { batch, decoded } = toBatch([record(1, 1, { value: { type: 'new', at: at(1), user: 'new' } }), record(2, 2, { value: 'broken' })])
    for (let row = 0; row < batch.size; row++) builder.add(0, row + 1, brokerTime, null, batch.values[row] ?? null, null)
    builder.cover(0, 1n, 3n)
    builder.addGap({ partition: 0, first: 3n, next: 5n, reason: 'gone' })
    const whole = builder.take()
    // a column that must have a value and gets none makes exactly this statement fail
    await workspace.store.database.writer.run(`ALTER TABLE ${table} RENAME TO away`)
    await expect(workspace.putBatch(source, whole, decoded)).rejects.toThrow(table)
    await workspace.store.database.writer.run(`ALTER TABLE away RENAME TO ${table}`)
    expect(await everything()).toEqual(before)
    expect(await workspace.putBatch(source, whole, decoded)).toMatchObject({ events: 1, dead: 1 })
    expect((await workspace.store.partitionStates(source)).get(0)?.ranges).toEqual([{ first: 0n, next: 5n }])
  })

  it('gives up a prepared batch without a trace', async () => {
    const before = await everything()
    const { batch, decoded } = toBatch([record(0)])
    for (let turn = 0; turn < 5; turn++) workspace.store.discard(await workspace.store.prepare(source, batch, decoded))
    expect(await everything()).toEqual(before)
  })

  it('prepares one batch while another is stored, and keeps their order', async () => {
    for (let offset = 0; offset < 60; offset += 2) {
      const first = toBatch([record(offset)])
      const second = toBatch([record(offset + 1)])
      const prepared = [await workspace.store.prepare(source, first.batch, first.decoded), await workspace.store.prepare(source, second.batch, second.decoded)]
      await Promise.all(prepared.map((batch) => workspace.store.commit(batch)))
    }
    expect((await workspace.query('SELECT "offset" FROM recent')).map(({ offset }) => offset)).toEqual(Array.from({ length: 60 }, (_, offset) => BigInt(offset)))
    expect(await workspace.query('SELECT count(*) AS n, count(DISTINCT code) AS codes FROM keys')).toEqual([{ n: 4n, codes: 4n }])
  })

  it('maps a prepared batch anew when the mapping has changed since', async () => {
    const { batch, decoded } = toBatch([{ offset: 0, value: { type: 'view', at: at(0), user: 'ann', visitor: 'v-1' } }])
    const prepared = await workspace.store.prepare(source, batch, decoded)
    await workspace.store.updateSource(source, () => ({ ...source, mapping: { ...source.mapping, key: 'visitor' } }))
    await workspace.store.commit(prepared)
    expect(await workspace.query('SELECT key FROM keys')).toEqual([{ key: 'v-1' }])
  })
})

describe('the broker\'s time', () => {
  // a producer may write any 64-bit number: nanoseconds where milliseconds are meant, for one
  it.each([-1, -(2 ** 62), 1.7e18, 9_223_372_036_854_775_807])('may be nonsense (%d ms) without stopping anything', async (milliseconds) => {
    const broken = await workspace.addSource({ name: 'by-broker-time', mapping: { ...source.mapping, time: '$broker_time' } })
    for (const target of [source, broken]) {
      const { events, dead } = await workspace.put(target, [record(0, 0, { brokerTime: milliseconds * 1000 }), record(1), record(2, 2, { value: 'broken', brokerTime: milliseconds * 1000 })])
      expect(events + dead).toBe(3)
      expect(await workspace.query(`SELECT e.*, CAST(e.broker_time AS VARCHAR) FROM ${allEvents} e WHERE source = ${target.code} ORDER BY broker_time`)).toHaveLength(events)
    }
    await workspace.store.settle()
    expect(await workspace.query(`SELECT epoch_us(min(broker_time)), strftime(max(broker_time), '%Y') FROM ${allEvents}`)).toHaveLength(1)
    expect(await workspace.query('SELECT CAST(broker_time AS VARCHAR) FROM dead_letters')).not.toHaveLength(0)
  })
})

describe('dictionaries', () => {
  it('give every text one code, for ever, in whatever batches it comes', async () => {
    const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 3 }), fc.constantFrom('', 'a', 'A', 'null', '0', '\u{1f642}', "'"))
    const batches = fc.array(fc.array(fc.record({ user: text, type: text }), { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 5 })
    let offset = 0
    await fc.assert(
      fc.asyncProperty(batches, async (made) => {
        const stored: { offset: number; user: string; type: string }[] = []
        for (const batch of made) {
          const records = batch.map(({ user, type }) => ({ offset: offset++, value: { user, type, at: at(0) } }))
          stored.push(...records.map(({ offset: place, value }) => ({ offset: place, user: value.user, type: value.type })))
          await workspace.put(source, records)
        }
        const found = await workspace.query(`SELECT e."offset", k.key, t.type FROM ${allEvents} e JOIN keys k ON k.code = e.key JOIN types t ON t.code = e.type WHERE e."offset" >= ${stored[0]?.offset ?? 0} ORDER BY e."offset"`)
        expect(found.map((row) => ({ offset: Number(row.offset), user: row.key, type: row.type }))).toEqual(stored.map((row) => ({ ...row, user: wellFormed(row.user), type: wellFormed(row.type) })))
      }),
      { numRuns: 25 },
    )
    for (const [table, column] of [['keys', 'key'], ['types', 'type']]) {
      const [row] = await workspace.query(`SELECT count(*) AS n, count(DISTINCT code) AS codes, count(DISTINCT ${column}) AS texts, min(code) AS first, max(code) AS last FROM ${table}`)
      expect(row).toEqual({ n: row?.n, codes: row?.n, texts: row?.n, first: 0, last: Number(row?.n) - 1 })
    }
  })
})

describe('lateness', () => {
  it('hangs on the log alone, not on where batches were cut', async () => {
    const row = fc.record({ partition: fc.nat(2), second: fc.integer({ min: 0, max: 600 }), kind: fc.constantFrom('event', 'event', 'event', 'dead', 'far ahead') })
    const log = fc.array(row, { minLength: 1, maxLength: 40 })
    const cuts = fc.array(fc.integer({ min: 1, max: 10 }), { minLength: 1, maxLength: 10 })
    let name = 0
    await fc.assert(
      fc.asyncProperty(log, cuts, cuts, fc.constantFrom(0, 1, 60_000), async (rows, ...[oneWay, otherWay, latenessMs]) => {
        const next = [0, 0, 0]
        const records = rows.map(({ partition, second, kind }): TestRecord => {
          const offset = next[partition] ?? 0
          next[partition] = offset + 1
          const time = kind === 'far ahead' ? '2099-01-01T00:00:00Z' : at(second)
          return { partition, offset, value: kind === 'dead' ? 'dead' : { type: 't', user: 'u', at: time } }
        })
        const outcomes: unknown[] = []
        for (const sizes of [oneWay, otherWay, [1000]]) {
          const own = await workspace.addSource({ name: `log-${name++}`, latenessMs })
          for (let first = 0, turn = 0; first < records.length; turn++) {
            const size = sizes[turn % sizes.length] ?? 1
            await workspace.put(own, records.slice(first, first + size))
            first += size
          }
          outcomes.push({ late: await workspace.query(`SELECT partition, "offset" FROM ${allEvents} WHERE source = ${own.code} AND late ORDER BY ALL`), states: await workspace.store.partitionStates(own) })
        }
        expect(outcomes[0]).toEqual(outcomes[2])
        expect(outcomes[1]).toEqual(outcomes[2])
        // and it is what it says: further behind the newest of its partition than is allowed
        const newest = new Map<number, number>()
        const late = rows.flatMap(({ partition, second, kind }, index) => {
          if (kind === 'dead') return []
          const before = newest.get(partition) ?? -Infinity
          if (kind === 'event') newest.set(partition, Math.max(before, second))
          return kind === 'event' && second * 1000 < before * 1000 - latenessMs ? [{ partition, offset: BigInt(records[index]?.offset ?? 0) }] : []
        })
        expect((outcomes[2] as { late: unknown }).late).toEqual(late.sort((a, b) => a.partition - b.partition || Number(a.offset - b.offset)))
      }),
      { numRuns: 12 },
    )
  })

  it('is exact where the allowed lateness ends', async () => {
    await workspace.put(source, [record(0, 100), record(1, 40), { offset: 2, value: { type: 't', at: new Date(brokerTime / 1000 + 39_999).toISOString() } }])
    expect(await workspace.query('SELECT "offset" FROM recent WHERE late')).toEqual([{ offset: 2n }])
  })
})
