import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Table, tableFromIPC } from 'apache-arrow'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openEngine, type Engine } from '../../../electron/engine/engine.ts'
import { readSlice, type LoadedSlice } from './read-slice.ts'

describe('a slice of sequences', () => {
  const workspace = mkdtempSync(join(tmpdir(), 'undercurrent-sequences-'))
  let engine: Engine
  beforeAll(async () => {
    engine = await openEngine({ workspace })
    const { signal } = new AbortController()
    const { source } = await engine.calls['demo.start']({ seed: 3, days: 3, eventsPerDay: 30_000, live: false }, signal)
    await engine.calls['tail.finished']({ source }, signal)
  })
  afterAll(async () => {
    await engine.close()
    rmSync(workspace, { recursive: true, force: true })
  })

  const load = async (types: readonly string[] | undefined, users: number, eventsPerUser: number): Promise<LoadedSlice> => {
    const tables: Table[] = []
    for await (const bytes of engine.streams['sequences.slice']({ filter: types === undefined ? {} : { types: [...types] }, sort: 'activity', descending: true, users, eventsPerUser }, new AbortController().signal)) tables.push(tableFromIPC(bytes))
    const [first, ...rest] = tables
    return readSlice(first === undefined ? new Table() : first.concat(...rest))
  }

  it('is read from the engine whole, over many batches', async () => {
    const { signal } = new AbortController()
    const { sequences, keys, totals, users, typeCodes, typeCounts } = await load(undefined, 50_000, 10_000)
    const listed = await engine.calls['users.list']({ sort: 'activity', descending: true, limit: 10_000, offset: 0 }, signal)
    const types = await engine.calls['types.list']({}, signal)
    expect(users).toBe(listed.total)
    expect(keys).toEqual(listed.users.map(({ key }) => key))
    expect([...totals]).toEqual(listed.users.map(({ events }) => events))
    // more than one batch of 65,536 rows
    expect(sequences.time.length).toBeGreaterThan(65_536)
    for (const [user, { events, first, last }] of listed.users.entries()) {
      const [start, end] = [sequences.starts[user] ?? 0, sequences.starts[user + 1] ?? 0]
      expect([end - start, sequences.time[start], sequences.time[end - 1]]).toEqual([events, Number(first) / 1000, Number(last) / 1000])
    }
    const names = new Map(types.map(({ code, type }) => [code, type]))
    expect(typeCodes.map((code) => names.has(code)).every(Boolean)).toBe(true)
    expect(typeCounts.reduce((sum, count) => sum + count, 0)).toBe(sequences.type.length)
    expect([...typeCounts].sort((a, b) => b - a)).toEqual(typeCounts)
    for (const [place, count] of typeCounts.entries()) expect(sequences.type.filter((one) => one === place).length).toBe(count)
  })

  it('says what was cut', async () => {
    const { sequences, keys, totals, users } = await load(['page.view'], 20, 5)
    expect(keys.length).toBe(20)
    expect(users).toBeGreaterThan(20)
    expect(sequences.time.length).toBe(100)
    expect(Math.min(...totals)).toBeGreaterThan(5)
  })

  it('may be empty', async () => {
    expect(await load(['no such type'], 20, 5)).toMatchObject({ keys: [], users: 0, sequences: { starts: Int32Array.of(0) } })
    expect(readSlice(new Table())).toMatchObject({ keys: [], users: 0, typeCodes: [] })
  })
})
