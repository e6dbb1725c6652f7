import { afterEach, beforeEach, expect, it } from 'vitest'
import { TestStore } from '../../../e2e/fixtures/test-store.ts'
import { compact } from './compact.ts'
import { readStored } from './read-stored.ts'
import type { StoredSource } from './sources.ts'

let workspace: TestStore
let source: StoredSource
beforeEach(async () => {
  workspace = await TestStore.open()
  source = await workspace.addSource()
})
afterEach(() => workspace.remove())

const record = (partition: number, offset: number): { readonly partition: number; readonly offset: number; readonly value: object } => ({ partition, offset, value: { user: 'u', type: 'view', at: '2026-01-01T10:00:00Z', partition, offset } })
const newest = async (count: number): Promise<readonly string[]> => {
  const states = await workspace.store.partitionStates(source)
  const batch = await workspace.store.database.read((connection) => readStored(connection, source, states, count))
  return Array.from({ length: batch.size }, (_, row) => `${batch.partitions[row]}@${batch.offsets[row]}`)
}

it('gives the newest records of every partition as they came, dead letters too', async () => {
  await workspace.put(source, [...Array.from({ length: 20 }, (_, offset) => record(0, offset)), ...Array.from({ length: 20 }, (_, offset) => record(1, 100 + offset)), { partition: 1, offset: 120, value: '{"cut', decoded: { kind: 'dead', reason: 'not_json', detail: '', schema: null } }])
  expect(await newest(6)).toEqual(['0@17', '0@18', '0@19', '1@118', '1@119', '1@120'])
  await workspace.store.write(() => compact(workspace.store.database))
  expect(await newest(4)).toEqual(['0@18', '0@19', '1@119', '1@120'])
})

it('goes back over gaps, and gives one a partition where there are many', async () => {
  await workspace.put(source, [record(0, 0), record(0, 1)])
  await workspace.put(source, [record(0, 50)])
  await workspace.put(source, [record(1, 7)])
  expect(await newest(4)).toEqual(['0@1', '0@50', '1@7'])
  expect(await newest(1)).toEqual(['0@50', '1@7'])
})

it('gives nothing of a source that has read nothing', async () => expect(await newest(10)).toEqual([]))
