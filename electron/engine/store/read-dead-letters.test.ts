import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { brokerTime, TestStore, type TestRecord } from '../../../e2e/fixtures/test-store.ts'
import type { CallInput, CallOutput } from '../../../shared/contract/calls.ts'
import type { DeadRecord } from '../decode/record.ts'
import { listDeadLetters, summarizeDeadLetters } from './read-dead-letters.ts'
import type { StoredSource } from './sources.ts'

let workspace: TestStore
let source: StoredSource
let other: StoredSource

beforeEach(async () => {
  workspace = await TestStore.open()
  source = await workspace.addSource()
  other = await workspace.addSource({ name: 'other' })
})
afterEach(() => workspace.remove())

const list = (query: Partial<CallInput<'deadLetters.list'>> = {}): Promise<CallOutput<'deadLetters.list'>> => workspace.store.database.read((connection) => listDeadLetters(connection, { limit: 1000, offset: 0, ...query }))
const minute = 60_000_000
const dead = (reason: DeadRecord['reason'], detail: string = reason, schema: number | null = null): DeadRecord => ({ kind: 'dead', reason, detail, schema })
const letter = (offset: number, minutes: number, reason: DeadRecord['reason'], rest: Partial<TestRecord> = {}): TestRecord => ({ offset, value: 'x', brokerTime: brokerTime + minutes * minute, decoded: dead(reason), ...rest })
const places = ({ letters }: CallOutput<'deadLetters.list'>): string[] => letters.map(({ source: name, position }) => `${name}/${position.partition}/${position.offset}`)

describe('dead letters', () => {
  it('are kept whole, with the reason', async () => {
    const key = Buffer.from([0xff, 0])
    const payload = Buffer.from([0, 0, 0, 0, 7, 0x80])
    const headers = [{ name: 'h', value: Buffer.from([0xfe]) }, { name: 'n', value: null }, { name: 'h', value: Buffer.from('é') }]
    await workspace.put(source, [{ partition: 3, offset: 42, key, value: payload, headers, brokerTime, decoded: dead('registry_unavailable', "The registry's away; '$1'.", 7) }])
    const { letters, total } = await list()
    expect(total).toBe(1)
    expect(letters).toEqual([
      {
        source: 'shop', position: { topic: 'shop', partition: 3, offset: 42n }, brokerTime: BigInt(brokerTime), ingestedAt: expect.any(BigInt) as bigint,
        reason: 'registry_unavailable', detail: "The registry's away; '$1'.", waiting: true, schema: 7, key: new Uint8Array(key), payload: new Uint8Array(payload),
        headers: [{ name: 'h', value: new Uint8Array([0xfe]) }, { name: 'n' }, { name: 'h', value: new Uint8Array(Buffer.from('é')) }],
      },
    ])
  })

  it('have no field for what the record does not have', async () => {
    await workspace.put(source, [{ offset: 0, key: null, value: null, decoded: dead('bad_cloudevent') }])
    expect(Object.keys((await list()).letters[0] ?? {}).sort()).toEqual(['brokerTime', 'detail', 'headers', 'ingestedAt', 'position', 'reason', 'source', 'waiting'])
  })

  it('come newest first, in pages that make up the whole though many are of one time', async () => {
    await workspace.put(source, Array.from({ length: 30 }, (_, offset) => letter(offset, offset % 3, 'bad_row', { partition: offset % 2 })))
    await workspace.put(other, Array.from({ length: 10 }, (_, offset) => letter(offset, 1, 'bad_row')))
    const all = await list()
    const minutes = all.letters.map((row) => Number(row.brokerTime) - brokerTime)
    expect(minutes).toEqual([...minutes].sort((a, b) => b - a))
    expect(new Set(places(all)).size).toBe(40)
    const pages: string[] = []
    for (let offset = 0; offset < 40; offset += 7) {
      const page = await list({ limit: 7, offset })
      expect(page.total).toBe(40)
      pages.push(...places(page))
    }
    expect(pages).toEqual(places(all))
    expect(await list({ offset: 40 })).toEqual({ letters: [], total: 40 })
  })

  it('are chosen by source, by reason and by both', async () => {
    await workspace.put(source, [letter(0, 0, 'no_type'), letter(1, 1, 'bad_time')])
    await workspace.put(other, [letter(0, 2, 'no_type')])
    expect(places(await list({ source: 'shop' }))).toEqual(['shop/0/1', 'shop/0/0'])
    expect(places(await list({ reason: 'no_type' }))).toEqual(['other/0/0', 'shop/0/0'])
    expect(places(await list({ source: 'shop', reason: 'no_type' }))).toEqual(['shop/0/0'])
    for (const query of [{ source: "shop' OR true --" }, { reason: 'no such reason' }, { source: '' }]) expect(await list(query)).toEqual({ letters: [], total: 0 })
  })

  it('are summed up by source and reason, most first, with those that wait', async () => {
    await workspace.put(source, [letter(0, 5, 'no_type'), letter(1, 1, 'no_type'), letter(2, 2, 'registry_missing')])
    await workspace.put(other, [letter(0, 3, 'no_type')])
    const time = (minutes: number): bigint => BigInt(brokerTime + minutes * minute)
    expect(await workspace.store.database.read(summarizeDeadLetters)).toEqual([
      { source: 'shop', reason: 'no_type', waiting: false, count: 2, first: time(1), last: time(5) },
      { source: 'other', reason: 'no_type', waiting: false, count: 1, first: time(3), last: time(3) },
      { source: 'shop', reason: 'registry_missing', waiting: true, count: 1, first: time(2), last: time(2) },
    ])
  })
})
