import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TestStore } from '../../../e2e/fixtures/test-store.ts'
import { TestWorkspace } from '../../../e2e/specs/workspace.ts'
import { mineNaively } from '../../../shared/discover/sequences/naive.test-helper.ts'
import { SequenceQuestion } from '../../../shared/model/discovery.ts'
import { collapseRuns, cutSessions, type SequenceData } from '../../../shared/discover/sequences/sequence-data.ts'
import { discoverSequences } from './sequences.ts'

const seed = Number(process.env['UNDERCURRENT_SEED'] ?? Math.floor(Math.random() * 2 ** 31))
/** Names as hostile records bring them. */
const types = ['cart', 'it\'s "quoted"', 'line\nbreak → x', 'ünï🙂']
const limits = { maxLength: 4, maxBetween: undefined, maxGap: undefined }
const gap = 1_800

interface Row {
  readonly user: number
  readonly item: string
  readonly type: number
  readonly second: number
}

/** Some users' events at random, in which sessions, repeats and ties occur. */
function randomRows(): readonly Row[] {
  let state = seed
  const random = (below: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
    return Math.floor((state / 0x80000000) * below)
  }
  return Array.from({ length: 40 }, (_, user) => {
    let second = 0
    return Array.from({ length: random(14) }, () => ({ user, item: `i${random(3)}`, type: random(types.length), second: (second += 1 + random(gap * 1.5)) }))
  }).flat()
}

/** The same rows as sequences of those that `key` says belong together. */
function toData(rows: readonly Row[], key: (row: Row) => string): SequenceData {
  const groups = new Map<string, Row[]>()
  for (const row of rows) groups.set(key(row), [...(groups.get(key(row)) ?? []), row])
  const lists = [...groups.values()]
  const starts = [0]
  for (const list of lists) starts.push((starts.at(-1) as number) + list.length)
  const flat = lists.flat()
  return { items: Int32Array.from(flat, ({ type }) => type), time: Float64Array.from(flat, ({ second }) => second * 1e6), starts: Int32Array.from(starts), itemCount: types.length }
}

describe(`frequent sequences of a workspace (UNDERCURRENT_SEED=${seed})`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'undercurrent-sequences-'))
  const rows = randomRows()
  let workspace: TestWorkspace
  beforeAll(async () => {
    const path = join(folder, 'events.ndjson')
    writeFileSync(path, rows.map(({ user, item, type, second }) => JSON.stringify({ user: `u${user}`, item, type: types[type], at: second }) + '\n').join(''))
    workspace = await TestWorkspace.open()
    await workspace.import({ path, file: {}, mapping: { key: 'user', type: 'type', time: 'at', timeFormat: 'epoch_s', attributes: [{ name: 'item', path: 'item', type: 'text' }] }, force: false })
  })
  afterAll(async () => {
    await workspace.remove()
    rmSync(folder, { recursive: true })
  })

  it.each([
    { what: 'users', question: { unit: 'user', collapse: false }, data: () => toData(rows, ({ user }) => `${user}`), repeats: true },
    { what: 'users, runs collapsed', question: { unit: 'user', collapse: true }, data: () => collapseRuns(toData(rows, ({ user }) => `${user}`)), repeats: false },
    { what: 'sessions', question: { unit: 'session', collapse: false }, data: () => cutSessions(toData(rows, ({ user }) => `${user}`), gap * 1e6), repeats: true },
    { what: 'users and items', question: { unit: 'user', collapse: false, same: 'item' }, data: () => toData(rows, ({ user, item }) => `${user} ${item}`), repeats: true },
  ] as const)('of $what are those that the definition names, and their behaviors find the same users', async ({ question, data, repeats }) => {
    const sequences = data()
    const found = await workspace.call('discover.sequences', { ...question, support: 0.1, maxLength: 4, shape: 'all', limit: 10_000, sessionGap: BigInt(gap) * 1_000_000n })
    const expected = mineNaively(sequences, Math.ceil(0.1 * (sequences.starts.length - 1) - 1e-9), { ...limits, repeats })
    expect(found.population).toBe(sequences.starts.length - 1)
    expect(new Map(found.sequences.map(({ types: names, units }) => [names.map((name) => types.indexOf(name)).join(' '), units]))).toEqual(expected)
    expect(expected.size).toBeGreaterThan(5)
    // one of each length is enough: detection itself is tested elsewhere
    for (const one of [1, 2, 3, 4].flatMap((length) => found.sequences.filter((sequence) => sequence.types.length === length).slice(0, 2))) {
      const [detected] = await workspace.call('behaviors.detect', { text: one.behavior, limit: 0 })
      expect([one.types, detected?.detection.users]).toEqual([one.types, one.users])
    }
  })

  it('within a time between steps are found by their behaviors too', async () => {
    const { sequences } = await workspace.call('discover.sequences', { unit: 'user', collapse: false, support: 0.05, maxLength: 3, maxGap: 900_000_000n, shape: 'all', limit: 1000 })
    expect(sequences.some(({ types: names }) => names.length > 1)).toBe(true)
    for (const one of sequences.slice(0, 12)) {
      const [detected] = await workspace.call('behaviors.detect', { text: one.behavior, limit: 0 })
      expect([one.types, detected?.detection.users]).toEqual([one.types, one.users])
    }
  })

  it('come before single events, and are refused by name where a type or an attribute is unknown', async () => {
    const { sequences, patterns, notes } = await workspace.call('discover.sequences', { unit: 'user', support: 0.1, shape: 'all', maxLength: 2, limit: 3 })
    expect(sequences.map(({ types: names }) => names.length)).toEqual([2, 2, 2])
    expect(notes[0]).toContain(`${patterns - 3} more were found`)
    expect((await workspace.call('discover.sequences', { unit: 'user', same: 'item' })).notes).toContain('Each user counts once for each value of item.')
    await expect(workspace.call('discover.sequences', { types: ['carts'] })).rejects.toMatchObject({ code: 'NOT_FOUND', hint: 'Did you mean cart?' })
    await expect(workspace.call('discover.sequences', { same: 'itm' })).rejects.toMatchObject({ code: 'NOT_FOUND', hint: 'Did you mean item?' })
  })

  it('says what to raise when there are too many, long before all are found', async () => {
    const path = join(folder, 'long.ndjson')
    writeFileSync(path, Array.from({ length: 30_000 }, (_, at) => JSON.stringify({ user: `v${at % 10}`, type: `t${(at * 7919) % 13}`, at }) + '\n').join(''))
    const other = await TestWorkspace.open()
    try {
      await other.import({ path, file: {}, mapping: { key: 'user', type: 'type', time: 'at', timeFormat: 'epoch_s' }, force: false })
      await expect(other.call('discover.sequences', { unit: 'user' })).rejects.toMatchObject({ code: 'BAD_REQUEST', message: expect.stringContaining('more than a billion sequences') as string, hint: expect.stringContaining('look at sessions') as string })
      await expect(other.call('discover.sequences', { unit: 'user', top: 10 })).rejects.toMatchObject({ code: 'BAD_REQUEST' })
    } finally {
      await other.remove()
    }
  })

  it('names a support that will do where there are too many', async () => {
    const path = join(folder, 'two-long.ndjson')
    // two users share all parts of 25 types, the other eight only two types
    writeFileSync(path, Array.from({ length: 10 }, (_, user) => Array.from({ length: user < 2 ? 25 : 2 }, (__, at) => JSON.stringify({ user: `v${user}`, type: `t${at}`, at }) + '\n').join('')).join(''))
    const other = await TestWorkspace.open()
    try {
      await other.import({ path, file: {}, mapping: { key: 'user', type: 'type', time: 'at', timeFormat: 'epoch_s' }, force: false })
      await expect(other.call('discover.sequences', { unit: 'user', support: 0.2 })).rejects.toMatchObject({ code: 'BAD_REQUEST', hint: expect.stringContaining('raise the support to about 40 %') as string })
      expect((await other.call('discover.sequences', { unit: 'user', support: 0.4, shape: 'all' })).patterns).toBe(3)
    } finally {
      await other.remove()
    }
  })

  it('can be cancelled while they are looked for', async () => {
    const cancel = new AbortController()
    const store = await TestStore.open()
    try {
      const source = await store.addSource()
      await store.put(source, Array.from({ length: 3000 }, (_, offset) => ({ offset, value: { type: `t${(offset * 7919) % 13}`, user: `v${offset % 10}`, at: new Date(offset * 1000).toISOString() } })))
      const asked = { store: store.store, behaviors: undefined as never, signal: cancel.signal, progress: (share: number) => share > 0 && cancel.abort() }
      await expect(discoverSequences(asked, SequenceQuestion.parse({ top: 10 }))).rejects.toMatchObject({ code: 'CANCELLED' })
    } finally {
      await store.remove()
    }
  })
})
