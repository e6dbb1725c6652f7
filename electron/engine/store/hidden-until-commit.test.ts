import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { brokerTime, event, simpleMapping, TestStore } from '../../../e2e/fixtures/test-store.ts'
import { compact } from './compact.ts'
import { row } from './database.ts'
import { allEvents } from './read-events.ts'
import { replaySource } from './replay.ts'
import type { StoredSource } from './sources.ts'

/** Two row groups and a little more: what DuckDB writes ahead of the commit. */
const many = 250_000

let workspace: TestStore
let source: StoredSource
beforeEach(async () => {
  workspace = await TestStore.open()
  source = await workspace.addSource()
  const value = { user: 'ann', type: 't', at: new Date(brokerTime / 1000).toISOString() }
  await workspace.put(source, [{ offset: 0, value }])
  await workspace.store.write(async (connection) => {
    await connection.run(`INSERT INTO recent SELECT recent.* REPLACE (i AS "offset") FROM recent, range(1, ${many}) offsets(i)`)
    await connection.run(`UPDATE ranges SET next_offset = ${many}; UPDATE partitions SET events = ${many}`)
    await workspace.store.reload(connection)
  })
})
afterEach(() => workspace.remove())

/** What readers count while something is done: those that began before, and those that begin meanwhile. */
async function countedWhile(work: () => Promise<unknown>, counting = `SELECT count(*) AS n FROM ${allEvents}`): Promise<ReadonlySet<number>> {
  const counted = new Set<number>()
  let isDone = false
  const read = async (): Promise<void> => {
    while (!isDone) {
      await workspace.store.database.read(async (connection) => {
        for (let again = 0; again < 8; again++) counted.add(Number((await row(connection, counting)).n))
      })
    }
  }
  const readers = [read(), read(), read()]
  await work()
  isDone = true
  await Promise.all(readers)
  return counted
}

describe('a reader sees every event once', () => {
  it('while events are ordered into a run', async () => {
    for (let round = 0; round < 4; round++) {
      expect(await countedWhile(() => workspace.store.write(() => compact(workspace.store.database, many)))).toEqual(new Set([many]))
      await workspace.store.write((connection) => connection.run('INSERT INTO recent FROM events; DELETE FROM events'))
    }
  })

  it('with what its batch says of it, however large that is', async () => {
    const value = { user: 'bob', type: 't', at: new Date(brokerTime / 1000).toISOString() }
    const large = Array.from({ length: 130_000 }, (_, at) => ({ offset: many + at, value }))
    const unlike = `SELECT (SELECT count(*) FROM ${allEvents}) - (SELECT sum(events) FROM partitions) AS n`
    expect(await countedWhile(() => workspace.put(source, large), unlike)).toEqual(new Set([0]))
  })

  it('while they are decoded anew', async () => {
    const decoded = event('json')
    const again = workspace.store.write(() => replaySource(workspace.store.database, source, { mapping: simpleMapping, format: 'json' }, (batch) => Promise.resolve(Array.from({ length: batch.size }, () => decoded)), () => undefined))
    expect(await countedWhile(() => again)).toEqual(new Set([many]))
  })
}, 60_000)
