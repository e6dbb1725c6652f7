import { afterEach, beforeEach, expect, it } from 'vitest'
import { brokerTime, TestStore } from '../../../e2e/fixtures/test-store.ts'
import { readColumnsOn, storedFields, type LoadedColumns } from './read-columns.ts'

let store: TestStore
beforeEach(async () => {
  store = await TestStore.open()
  const source = await store.addSource({ mapping: { key: 'user', type: 'type', time: 'at', timeFormat: 'iso', attributes: [{ name: 'item', path: 'item', type: 'text' }] } })
  // one user has half of all events
  await store.put(source, Array.from({ length: 400 }, (_, offset) => ({ offset, value: { user: offset % 2 === 0 ? 'busy' : `u${offset % 37}`, type: 't', item: `i${offset % 11}`, at: new Date(brokerTime / 1000 + ((offset * 7919) % 1000) * 1000).toISOString() } })))
})
afterEach(() => store.remove())

/** Every sequence as the offsets of its events. */
async function sequences(by: readonly string[], rowsOfPart?: number): Promise<{ readonly parts: number; readonly all: readonly string[] }> {
  const fields = await storedFields(store.store.database)
  const request = { by: by.map((path) => fields.get(path)).filter((field) => field !== undefined), types: undefined, fields: [] }
  return store.store.database.read(async (connection) => {
    const parts: LoadedColumns[] = []
    for await (const part of readColumnsOn(connection, request, rowsOfPart)) parts.push(part)
    const all = parts.flatMap(({ starts, offset }) => [...starts.subarray(0, -1)].map((from, sequence) => [...offset.subarray(from, starts[sequence + 1])].join()))
    return { parts: parts.length, all: all.sort() }
  })
}

it.each([[['user']], [['user', 'item']], [['item', 'user']]])('gives the same sequences by %j in parts as at once', async (by) => {
  const whole = await sequences(by)
  expect(whole.parts).toBe(1)
  expect(whole.all.join().split(',')).toHaveLength(400)
  for (const rowsOfPart of [60, 150, 399]) {
    const cut = await sequences(by, rowsOfPart)
    expect(cut.parts).toBeGreaterThan(1)
    expect(cut.all).toEqual(whole.all)
  }
})
