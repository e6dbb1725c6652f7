import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { brokerTime, TestStore, type TestRecord } from '../../../e2e/fixtures/test-store.ts'
import type { CallInput, CallOutput } from '../../../shared/contract/calls.ts'
import { allEvents } from './read-events.ts'
import { listTypes, listUsers } from './read-users.ts'
import type { StoredSource } from './sources.ts'

type Query = CallInput<'users.list'>
type User = CallOutput<'users.list'>['users'][number]

const users = (workspace: TestStore, query: Partial<Query> = {}): Promise<CallOutput<'users.list'>> =>
  workspace.store.database.read((connection) => listUsers(connection, { sort: 'key', descending: false, limit: 1000, offset: 0, ...query }))

const at = (second: number): string => new Date(brokerTime / 1000 + second * 1000).toISOString()
const micros = (second: number): bigint => BigInt(brokerTime) + BigInt(second) * 1_000_000n

/** Orders texts by their code points, as UTF-8 does. */
const byKey = (a: User, b: User): number => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key))
const less = <T extends number | bigint>(a: T, b: T): number => (a < b ? -1 : a > b ? 1 : 0)
const orders: Record<Query['sort'], (a: User, b: User) => number> = { key: byKey, activity: (a, b) => less(a.events, b.events), recent: (a, b) => less(a.last, b.last), first: (a, b) => less(a.first, b.first) }

describe('users', () => {
  let workspace: TestStore
  const expected: User[] = []

  // few seconds and few events, so that most users are tied with others in every order
  beforeAll(async () => {
    workspace = await TestStore.open()
    const source = await workspace.addSource()
    const other = await workspace.addSource({ name: 'other' })
    const found = new Map<string, number[]>()
    const waiting = new Map<StoredSource, TestRecord[]>([[source, []], [other, []]])
    const store = async (): Promise<void> => {
      for (const [target, records] of waiting) await workspace.put(target, records.splice(0))
    }
    for (let offset = 0; offset < 400; offset++) {
      const user = ['ann', 'Ann', 'Änne', '100%', '1_0', 'back\\slash', "o'brien", '', 'ZED', '🙂', 'a"b', 'ünal'][(offset * 7) % 12] ?? ''
      const name = offset % 5 === 0 ? `${user}-${offset % 50}` : user
      const second = (offset * 13) % 9
      waiting.get(offset % 3 === 0 ? other : source)?.push({ offset, value: { type: 't', user: name, at: at(second) } })
      found.set(name, [...(found.get(name) ?? []), second])
      // part of the events lie in runs, part have just arrived
      if (offset === 250) {
        await store()
        await workspace.store.settle()
      }
    }
    await store()
    await workspace.put(source, [{ offset: 400, value: { type: 't', at: at(0) } }])
    for (const [key, seconds] of found) expected.push({ key, events: seconds.length, first: micros(Math.min(...seconds)), last: micros(Math.max(...seconds)) })
  })
  afterAll(() => workspace.remove())

  it.each((['activity', 'recent', 'first', 'key'] as const).flatMap((sort) => [{ sort, descending: false }, { sort, descending: true }]))('are sorted by $sort, descending $descending, ties by key; pages make up the whole', async ({ sort, descending }) => {
    const direction = descending ? -1 : 1
    const sorted = [...expected].sort((a, b) => orders[sort](a, b) * direction || byKey(a, b))
    expect(await users(workspace, { sort, descending })).toEqual({ users: sorted, total: expected.length })
    const pages: User[] = []
    for (let offset = 0; offset < expected.length; offset += 7) pages.push(...(await users(workspace, { sort, descending, limit: 7, offset })).users)
    expect(pages).toEqual(sorted)
  })

  it.each([['%'], ['_'], ['\\'], ["'"], ['"'], ['🙂'], ['-4'], ['ANN'], ['äNN'], ['ÜN'], ['100%-'], ['.*'], ['$1'], ['no such user']])('are found by the plain text %s, in any case of letters', async (text) => {
    const wanted = [...expected].filter(({ key }) => key.toLowerCase().includes(text.toLowerCase())).sort(byKey)
    expect(await users(workspace, { text })).toEqual({ users: wanted, total: wanted.length })
  })

  it('are all found by an empty text', async () => {
    expect((await users(workspace, { text: '' })).total).toBe(expected.length)
  })

  it('are those with events that a filter lets through, of which alone they have numbers', async () => {
    const within = { from: micros(3), to: micros(6) }
    const passing = await workspace.query(`SELECT k.key, epoch_us(e.time) AS time FROM ${allEvents} e JOIN keys k ON k.code = e.key JOIN sources s ON s.code = e.source WHERE s.name = 'other' ORDER BY time`)
    const times = new Map<string, bigint[]>()
    for (const { key, time } of passing as { key: string; time: bigint }[]) if (time >= within.from && time < within.to) times.set(key, [...(times.get(key) ?? []), time])
    const wanted = [...times].map(([key, found]) => ({ key, events: found.length, first: found[0] ?? 0n, last: found.at(-1) ?? 0n })).sort(byKey)
    expect(wanted.length).toBeGreaterThan(5)
    expect(await users(workspace, { filter: { ...within, sources: ['other'] } })).toEqual({ users: wanted, total: wanted.length })
    expect((await users(workspace, { filter: { ...within, sources: ['other'] }, text: 'ann' })).users).toEqual(wanted.filter(({ key }) => key.toLowerCase().includes('ann')))
    expect(await users(workspace, { filter: { types: ['no such type'] } })).toEqual({ users: [], total: 0 })
  })

  it('are counted behind the last page too', async () => {
    expect(await users(workspace, { offset: 5000 })).toEqual({ users: [], total: expected.length })
    expect(await users(workspace, { text: '100%', offset: 5000 })).toEqual({ users: [], total: expected.filter(({ key }) => key.includes('100%')).length })
  })
})

describe('users and types', () => {
  let workspace: TestStore
  let source: StoredSource
  beforeEach(async () => {
    workspace = await TestStore.open()
    source = await workspace.addSource()
  })
  afterEach(() => workspace.remove())

  it('of an empty workspace are none', async () => {
    expect(await users(workspace)).toEqual({ users: [], total: 0 })
    expect(await users(workspace, { text: 'x' })).toEqual({ users: [], total: 0 })
    expect(await workspace.store.database.read(listTypes)).toEqual([])
  })

  it('are no longer there when retention has removed their events', async () => {
    await workspace.put(source, [{ offset: 0, value: { type: 'old', user: 'gone', at: at(0) } }, { offset: 1, value: { type: 'new', user: 'here', at: at(9) } }])
    await workspace.store.write((connection) => connection.run(`DELETE FROM recent WHERE "offset" = 0`))
    expect((await users(workspace)).users.map(({ key }) => key)).toEqual(['here'])
    expect((await users(workspace, { text: 'gone' })).total).toBe(0)
    expect((await workspace.store.database.read(listTypes)).map(({ type }) => type)).toEqual(['new'])
  })

  it('search takes every text as it is', async () => {
    const key = fc.string({ unit: fc.constantFrom('a', 'B', '%', '_', '\\', '*', '?', '[', "'", 'é'), maxLength: 4 })
    let offset = 0
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(key, { minLength: 1, maxLength: 6 }), key, async (keys, text) => {
        await workspace.store.write((connection) => connection.run('DELETE FROM recent'))
        await workspace.put(source, keys.map((user) => ({ offset: offset++, value: { type: 't', user, at: at(0) } })))
        const found = (await users(workspace, { text })).users.map((user) => user.key)
        expect(new Set(found)).toEqual(new Set(keys.filter((user) => user.toLowerCase().includes(text.toLowerCase()))))
      }),
      { numRuns: 60 },
    )
  })

  it('count the types, most frequent first, and keep their codes', async () => {
    const types = ['view', 'add', 'view', 'buy', 'add', 'view', 'zoom']
    await workspace.put(source, types.slice(0, 3).map((type, offset) => ({ offset, value: { type, user: 'u', at: at(offset) } })))
    const codes = new Map((await workspace.store.database.read(listTypes)).map(({ type, code }) => [type, code]))
    await workspace.store.settle()
    await workspace.put(source, types.slice(3).map((type, index) => ({ offset: index + 3, value: { type, user: 'u', at: at(index + 3) } })))
    const listed = await workspace.store.database.read(listTypes)
    expect(listed.map(({ type, events, first, last }) => [type, events, first, last])).toEqual([
      ['view', 3, micros(0), micros(5)],
      ['add', 2, micros(1), micros(4)],
      ['buy', 1, micros(3), micros(3)],
      ['zoom', 1, micros(6), micros(6)],
    ])
    for (const [type, code] of codes) expect(listed.find((row) => row.type === type)?.code).toBe(code)
  })
})
