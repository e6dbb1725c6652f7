import { afterEach, beforeEach, expect, it } from 'vitest'
import { brokerTime, TestStore } from '../../../e2e/fixtures/test-store.ts'
import { readCoverage } from './coverage.ts'
import { applyRetention } from './retain.ts'
import type { ColumnRequest, LoadedColumns } from './read-columns.ts'
import { storedFields } from './read-columns.ts'
import { ResidentColumns } from './resident-columns.ts'
import type { StoredSource } from './sources.ts'

let store: TestStore
let source: StoredSource
beforeEach(async () => {
  store = await TestStore.open()
  source = await store.addSource()
})
afterEach(() => store.remove())

const day = 86_400_000_000
const at = new Date(brokerTime / 1000).toISOString()
const put = (...offsets: readonly number[]): Promise<unknown> => store.put(source, offsets.map((offset) => ({ offset, value: { user: `u${offset % 3}`, type: offset % 2 === 0 ? 'a' : 'b', at } })))

async function request(...types: readonly string[]): Promise<ColumnRequest> {
  const user = (await storedFields(store.store.database)).get('user')
  if (user === undefined) throw new Error('no user')
  return { by: [user], types, fields: [] }
}

async function read(columns: ResidentColumns, asked: ColumnRequest): Promise<readonly LoadedColumns[]> {
  return store.store.database.read(async (connection) => {
    const parts: LoadedColumns[] = []
    for await (const part of columns.read(connection, asked, await readCoverage(connection, store.store.listSources()))) parts.push(part)
    return parts
  })
}

it('gives the same columns again until an event comes', async () => {
  const columns = new ResidentColumns()
  await put(0, 1, 2, 3)
  const [first] = await read(columns, await request('a', 'b'))
  expect(first?.length).toBe(4)
  expect((await read(columns, await request('a', 'b')))[0]).toBe(first)
  // others are others
  expect((await read(columns, await request('a')))[0]?.length).toBe(2)
  await put(4, 5)
  expect((await read(columns, await request('a', 'b')))[0]?.length).toBe(6)
  columns.clear()
  expect(columns.bytes).toBe(0)
})

it('forgets what retention has removed', async () => {
  const columns = new ResidentColumns()
  await store.put(source, [brokerTime, brokerTime + 2 * day].map((time, offset) => ({ offset, value: { user: 'u', type: 'a', at: new Date(time / 1000).toISOString() } })))
  expect((await read(columns, await request('a')))[0]?.length).toBe(2)
  await store.store.write((connection) => applyRetention(connection, store.store.database.path, { maxAgeDays: 1 }, (brokerTime + 2 * day) / 1000))
  expect((await read(columns, await request('a')))[0]?.length).toBe(1)
  columns.clear()
})

it('serves who needs no positions from what has them, and not the other way round', async () => {
  const columns = new ResidentColumns()
  await put(0, 1, 2, 3)
  const asked = await request('a', 'b')
  const [without] = await read(columns, asked)
  const [whole] = await read(columns, { ...asked, positions: true })
  expect(without?.positions).toBeUndefined()
  expect(whole?.positions?.offset).toHaveLength(4)
  const fresh = new ResidentColumns()
  const [first] = await read(fresh, { ...asked, positions: true })
  expect((await read(fresh, asked))[0]).toBe(first)
  columns.clear()
  fresh.clear()
})

it('holds no more than it may, the last asked for first', async () => {
  await put(0, 1, 2, 3)
  const probe = new ResidentColumns()
  await read(probe, await request('a', 'b'))
  const columns = new ResidentColumns(probe.bytes)
  const [all] = await read(columns, await request('a', 'b'))
  const [few] = await read(columns, await request('a'))
  expect(columns.bytes).toBeLessThanOrEqual(probe.bytes)
  expect((await read(columns, await request('a')))[0]).toBe(few)
  expect((await read(columns, await request('a', 'b')))[0]).not.toBe(all)
  const none = new ResidentColumns(1)
  await read(none, await request('a', 'b'))
  expect(none.bytes).toBe(0)
  probe.clear()
  columns.clear()
})
