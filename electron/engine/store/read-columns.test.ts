import fc from 'fast-check'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { brokerTime, event, simpleMapping, TestStore } from '../../../e2e/fixtures/test-store.ts'
import { compact } from './compact.ts'
import { readColumns, readColumnsOn, storedFields, type LoadedColumns } from './read-columns.ts'

let store: TestStore
beforeEach(async () => {
  store = await TestStore.open()
  const source = await store.addSource({ mapping: { key: 'user', type: 'type', time: 'at', timeFormat: 'iso', attributes: [{ name: 'item', path: 'item', type: 'text' }] } })
  // one user has half of all events
  await store.put(source, Array.from({ length: 400 }, (_, offset) => ({ offset, value: { user: offset % 2 === 0 ? 'busy' : `u${offset % 37}`, type: 't', item: `i${offset % 11}`, at: new Date(brokerTime / 1000 + ((offset * 7919) % 1000) * 1000).toISOString() } })))
})
afterEach(() => store.remove())

/** Every sequence as the offsets of its events. */
async function sequences(by: readonly string[], bytesOfPart?: number): Promise<{ readonly parts: number; readonly all: readonly string[] }> {
  const fields = await storedFields(store.store.database)
  const request = { by: by.map((path) => fields.get(path)).filter((field) => field !== undefined), types: undefined, fields: [], positions: true }
  return store.store.database.read(async (connection) => {
    const parts: LoadedColumns[] = []
    for await (const part of readColumnsOn(connection, request, bytesOfPart === undefined ? undefined : { whole: bytesOfPart, part: bytesOfPart })) parts.push(part)
    const all = parts.flatMap(({ starts, positions }) => [...starts.subarray(0, -1)].map((from, sequence) => [...(positions?.offset ?? []).slice(from, starts[sequence + 1])].join()))
    return { parts: parts.length, all: all.sort() }
  })
}

it.each([[['user']], [['user', 'item']], [['item', 'user']]])('gives the same sequences by %j in parts as at once', async (by) => {
  const whole = await sequences(by)
  expect(whole.parts).toBe(1)
  expect(whole.all.join().split(',')).toHaveLength(400)
  // an event weighs 32 to 36 bytes
  for (const rowsOfPart of [60, 150, 399]) {
    const cut = await sequences(by, rowsOfPart * 32)
    expect(cut.parts).toBeGreaterThan(1)
    expect(cut.all).toEqual(whole.all)
  }
})

it('says where events lie only when that is asked', async () => {
  const fields = await storedFields(store.store.database)
  const by = [fields.get('user')].filter((field) => field !== undefined)
  await store.store.database.read(async (connection) => {
    for await (const { positions } of readColumnsOn(connection, { by, types: undefined, fields: [] })) expect(positions).toBeUndefined()
    for await (const { positions } of readColumnsOn(connection, { by, types: undefined, fields: [], positions: true })) expect(positions?.partition).toHaveLength(400)
  })
})

it('reads the events of one moment, whatever is stored meanwhile', async () => {
  const own = await TestStore.open()
  try {
    const source = await own.addSource({ mapping: { ...simpleMapping, attributes: [{ name: 'item', path: 'item', type: 'text' }] } })
    const put = (offset: number): Promise<unknown> => own.put(source, [{ offset, value: { user: 'ann', type: 't', item: `i${offset}`, at: new Date(brokerTime / 1000).toISOString() } }])
    await put(0)
    const fields = await storedFields(own.store.database)
    const by = ['user', 'item'].map((path) => fields.get(path)).filter((field) => field !== undefined)
    let isReading = true
    const storing = (async () => {
      for (let offset = 1; isReading; offset++) await put(offset)
    })()
    for (let round = 0; round < 40; round++) {
      for await (const { fields: read } of readColumns(own.store.database, { by, types: undefined, fields: [] }, new AbortController().signal)) {
        const item = read.get('item')
        expect(item?.kind === 'text' ? [...item.codes].filter((code) => code === -1) : undefined).toEqual([])
      }
    }
    isReading = false
    await storing
  } finally {
    await own.remove()
  }
}, 60_000)

/** Few users and seconds, so that most events are tied; some are numbered by their producers. */
const made = fc.record({ partition: fc.nat(1), user: fc.nat(2), second: fc.nat(2), sequence: fc.option(fc.nat(3), { nil: undefined }) })

it('puts the events of a sequence in order, ties included, wherever they lie', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(made, { minLength: 1, maxLength: 40 }), fc.boolean(), async (given, isNumbered) => {
      const events = given.map((one, offset) => ({ ...one, offset, sequence: isNumbered ? one.sequence : undefined }))
      const own = await TestStore.open()
      try {
        const source = await own.addSource()
        const records = events.map(({ partition, user, second, sequence, offset }) => {
          const time = new Date(brokerTime / 1000 + second * 1000).toISOString()
          const decoded = sequence === undefined ? {} : { decoded: event('cloudevents-binary', { context: JSON.stringify({ id: String(offset), source: '/s', type: 't', time, sequence: String(sequence) }) }) }
          return { partition, offset, value: { user: `u${user}`, type: 't', at: time }, ...decoded }
        })
        await own.put(source, records.slice(0, records.length >> 1))
        await compact(own.store.database)
        await own.put(source, records.slice(records.length >> 1))
        const user = (await storedFields(own.store.database)).get('user')
        const read = await own.store.database.read(async (connection) => {
          const parts: LoadedColumns[] = []
          for await (const part of readColumnsOn(connection, { by: [user].filter((field) => field !== undefined), types: undefined, fields: [], positions: true })) parts.push(part)
          return parts.flatMap(({ starts, positions }) => [...starts.subarray(0, -1)].map((from, sequence) => [...(positions?.offset ?? []).slice(from, starts[sequence + 1])]))
        })
        const compare = (a: (typeof events)[number], b: (typeof events)[number]): number => a.second - b.second || (a.sequence ?? -1) - (b.sequence ?? -1) || a.partition - b.partition || a.offset - b.offset
        const plain = [0, 1, 2].map((user) => events.filter((one) => one.user === user).sort(compare).map(({ offset }) => offset)).filter(({ length }) => length > 0)
        expect(read.map(String).sort()).toEqual(plain.map(String).sort())
      } finally {
        await own.remove()
      }
    }),
    { numRuns: 30 },
  )
}, 60_000)
