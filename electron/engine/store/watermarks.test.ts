import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { emptyPartition, type PartitionStates } from './partitions.ts'
import { Watermarks } from './watermarks.ts'

let instance: DuckDBInstance
let connection: DuckDBConnection
beforeAll(async () => {
  instance = await DuckDBInstance.create(':memory:')
  connection = await instance.connect()
})
afterAll(() => {
  connection.closeSync()
  instance.closeSync()
})

/** A mapped row; without a time it is a dead letter. Microseconds. */
interface Row {
  readonly partition: number
  readonly offset: number
  readonly time: bigint | undefined
  readonly brokerTime: bigint
}

const day = 86_400_000_000n
const start = BigInt(Date.UTC(2026, 0, 1)) * 1000n

async function pass(rows: readonly Row[], latenessMs: number, before: PartitionStates = new Map()): Promise<Watermarks> {
  const values = rows.map(({ partition, offset, time, brokerTime }, order) => `(${order}, ${partition}, ${offset}, ${time === undefined ? "'no_time', NULL" : `NULL, make_timestamp(${time})`}, make_timestamp(${brokerTime}))`)
  await connection.run(`CREATE OR REPLACE TEMP TABLE mapped AS SELECT partition::INTEGER AS partition, "offset"::BIGINT AS "offset", reason::VARCHAR AS reason, time::TIMESTAMP AS time, broker_time, 'abc'::BLOB AS payload, 'k'::BLOB AS record_key
    FROM (VALUES ${values.join(', ')}) rows(place, partition, "offset", reason, time, broker_time) ORDER BY place`)
  const watermarks = new Watermarks(latenessMs, before)
  await watermarks.pass(connection)
  return watermarks
}

/** The definition: an event is late when it is older than the newest of its partition before it, less what is allowed. */
function naive(rows: readonly Row[], latenessMs: number): { late: Row[]; newest: Map<number, bigint> } {
  const late: Row[] = []
  const newest = new Map<number, bigint>()
  for (const row of rows) {
    if (row.time === undefined) continue
    const before = newest.get(row.partition)
    if (before !== undefined && row.time < before - BigInt(latenessMs) * 1000n) late.push(row)
    if (row.time <= row.brokerTime + day && (before === undefined || row.time > before)) newest.set(row.partition, row.time)
  }
  return { late, newest }
}

const logs = fc
  .array(fc.record({ partition: fc.nat(3), time: fc.option(fc.bigInt({ min: -5_000_000n, max: 5_000_000n }), { nil: undefined }), ahead: fc.constantFrom(0n, 0n, 0n, day - 10n, day, day + 1n, 50n * 365n * day), brokerLag: fc.bigInt({ min: 0n, max: 5n }) }), { minLength: 1, maxLength: 60 })
  .map((made) => made.map(({ partition, time, ahead, brokerLag }, offset): Row => ({ partition, offset, time: time === undefined ? undefined : start + time + ahead, brokerTime: start + (time ?? 0n) + brokerLag })))

describe('a watermark', () => {
  it('is what its definition says, of each partition by itself', async () => {
    await fc.assert(
      fc.asyncProperty(logs, fc.constantFrom(0, 1, 1000, 3000), async (rows, latenessMs) => {
        const watermarks = await pass(rows, latenessMs)
        const { late, newest } = naive(rows, latenessMs)
        expect(watermarks.late).toEqual(late.map(({ partition, offset }) => ({ partition, offset: BigInt(offset) })))
        for (const [partition, state] of watermarks.states) {
          const own = rows.filter((row) => row.partition === partition)
          const dead = own.filter(({ time }) => time === undefined).length
          expect(state).toEqual({ ranges: [], newestTime: newest.get(partition), events: own.length - dead, dead, late: late.filter((row) => row.partition === partition).length, bytes: own.length * 4 })
        }
        expect(watermarks.states.size).toBe(new Set(rows.map(({ partition }) => partition)).size)
        expect(watermarks.hasDead).toBe(rows.some(({ time }) => time === undefined))
      }),
      { numRuns: 150 },
    )
  })

  it('goes on where the batch before left it', async () => {
    await fc.assert(
      fc.asyncProperty(logs, fc.nat(60), async (rows, cut) => {
        const whole = await pass(rows, 1000)
        const [first, second] = [rows.slice(0, cut), rows.slice(cut)]
        fc.pre(first.length > 0 && second.length > 0)
        const before = await pass(first, 1000)
        const after = await pass(second, 1000, before.states)
        expect(after.states).toEqual(whole.states)
        expect([...before.late, ...after.late]).toEqual(whole.late)
        expect(after.hasDead).toBe(second.some(({ time }) => time === undefined))
      }),
      { numRuns: 80 },
    )
  })

  it('is not moved by an event more than a day ahead of the broker, which is stored and not late', async () => {
    const rows: Row[] = [start + day, start + day + 1n, start].map((time, offset) => ({ partition: 0, offset, time, brokerTime: start }))
    const watermarks = await pass(rows, 0)
    expect(watermarks.states.get(0)).toMatchObject({ newestTime: start + day, events: 3, late: 1 })
    expect(watermarks.late).toEqual([{ partition: 0, offset: 2n }])
  })

  it('is none of a partition of which nothing but dead letters or far-future events came', async () => {
    const watermarks = await pass([{ partition: 0, offset: 0, time: undefined, brokerTime: start }, { partition: 1, offset: 0, time: start + 2n * day, brokerTime: start }], 0)
    expect([...watermarks.states.values()].map(({ newestTime }) => newestTime)).toEqual([undefined, undefined])
  })

  it('leaves partitions alone that the batch does not have', async () => {
    const idle = { ...emptyPartition, newestTime: start, events: 7, ranges: [{ first: 0n, next: 7n }] }
    const watermarks = await pass([{ partition: 1, offset: 0, time: start, brokerTime: start }], 0, new Map([[0, idle]]))
    expect(watermarks.states.get(0)).toEqual(idle)
  })

  it('is followed over a batch of many chunks', async () => {
    const rows = Array.from({ length: 5000 }, (_, offset): Row => ({ partition: 0, offset, time: start + BigInt(offset % 100) * 1_000_000n, brokerTime: start }))
    const watermarks = await pass(rows, 50_000)
    expect(watermarks.late).toEqual(naive(rows, 50_000).late.map(({ partition, offset }) => ({ partition, offset: BigInt(offset) })))
    expect(watermarks.late.length).toBeGreaterThan(2000)
  })
})
