import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { atomically } from './database.ts'
import { migrate } from './migrations.ts'
import { emptyPartition, loadPartitions, savePartitionsSql, type PartitionState, type PartitionStates } from './partitions.ts'

let instance: DuckDBInstance
let connection: DuckDBConnection
beforeAll(async () => {
  instance = await DuckDBInstance.create(':memory:')
  connection = await instance.connect()
  await migrate(connection)
})
afterAll(() => {
  connection.closeSync()
  instance.closeSync()
})

const save = (source: number, states: PartitionStates): Promise<void> => atomically(connection, savePartitionsSql(source, states))

const ranges = fc.uniqueArray(fc.bigInt({ min: 0n, max: 2n ** 62n }), { maxLength: 6 }).map((cuts) => {
  const sorted = cuts.sort((a, b) => (a < b ? -1 : 1))
  return sorted.flatMap((first, index) => (index % 2 === 0 && sorted[index + 1] !== undefined ? [{ first, next: sorted[index + 1] ?? first }] : []))
})
const count = fc.nat(Number.MAX_SAFE_INTEGER)
const state: fc.Arbitrary<PartitionState> = fc.record({ ranges, newestTime: fc.option(fc.bigInt({ min: -(2n ** 50n), max: 2n ** 53n }), { nil: undefined }), events: count, dead: count, late: count, bytes: count })
const states = fc.uniqueArray(fc.tuple(fc.nat(100_000), state), { selector: ([partition]) => partition, maxLength: 5 }).map((entries) => new Map(entries))

describe('what partitions have given', () => {
  it('is read as it was saved; saving some leaves the others, and those of other sources, as they are', async () => {
    let source = 0
    await fc.assert(
      fc.asyncProperty(states, states, states, async (first, changed, ofAnother) => {
        source += 2
        await save(source, first)
        await save(source + 1, ofAnother)
        expect(await loadPartitions(connection, source)).toEqual(first)
        await save(source, changed)
        expect(await loadPartitions(connection, source)).toEqual(new Map([...first, ...changed]))
        expect(await loadPartitions(connection, source + 1)).toEqual(ofAnother)
      }),
      { numRuns: 60 },
    )
  })

  it('remembers an empty range: where a partition begins that has given nothing yet', async () => {
    const begun = new Map([[7, { ...emptyPartition, ranges: [{ first: 42n, next: 42n }] }]])
    await save(60_000, begun)
    expect(await loadPartitions(connection, 60_000)).toEqual(begun)
  })

  it('is nothing of a source that nobody has read, and nothing to save is no statement', async () => {
    expect(await loadPartitions(connection, 59_999)).toEqual(new Map())
    expect(savePartitionsSql(1, new Map())).toBe('')
  })
})
