import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { brokerTime, simpleMapping, TestStore } from '../../../e2e/fixtures/test-store.ts'
import type { Attribute } from '../../../shared/model/mapping.ts'
import { eventColumnNames } from './migrations.ts'
import { allEvents } from './read-events.ts'

let workspace: TestStore
beforeEach(async () => {
  workspace = await TestStore.open()
})
afterEach(() => workspace.remove())

const withAttributes = (...attributes: readonly (readonly [name: string, type: Attribute['type']])[]): typeof simpleMapping => ({ ...simpleMapping, attributes: attributes.map(([name, type]) => ({ name, type, path: name })) })

/** The columns of attributes, which have to be the same in both tables of events. */
async function attributeColumns(): Promise<readonly unknown[]> {
  const [recent, events] = await Promise.all(['recent', 'events'].map((table) => workspace.query(`SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = '${table}' AND column_index > ${eventColumnNames.length} ORDER BY column_index`)))
  expect(recent).toEqual(events)
  return (recent ?? []).map(({ column_name: name, data_type: type }) => `${String(name)} ${String(type)}`)
}

describe('a source', () => {
  it('is the same after the workspace was closed and opened', async () => {
    const connection = { brokers: ['a:9092'], sasl: { mechanism: 'plain', username: 'ann' }, clusterId: "it's" }
    await workspace.addSource({ name: 'one', mapping: withAttributes(['price', 'number']), connection, latenessMs: 5 })
    await workspace.addSource({ name: 'two', kind: 'file', topic: 'a/"b".csv', format: 'text' })
    const before = workspace.store.listSources()
    expect(before.map(({ name, code }) => [name, code])).toEqual([['one', 0], ['two', 1]])
    await workspace.reopen()
    expect(workspace.store.listSources()).toEqual(before)
    expect(workspace.store.findSource('one')).toEqual(before[0])
    expect(workspace.store.findSource('three')).toBeUndefined()
  })

  it('has a name of its own', async () => {
    await workspace.addSource({ name: 'one' })
    await expect(workspace.addSource({ name: 'one' })).rejects.toMatchObject({ code: 'CONFLICT' })
    expect(workspace.store.listSources()).toHaveLength(1)
  })

  it('may be changed: format, mapping, connection and lateness', async () => {
    const source = await workspace.addSource()
    const changed = { ...source, format: 'text' as const, mapping: withAttributes(['n', 'integer']), connection: { brokers: ['b:1'] }, latenessMs: 7 }
    await workspace.store.updateSource(source, () => changed)
    await workspace.reopen()
    expect(workspace.store.listSources()).toEqual([changed])
  })

  it('is changed from what it is when the writes before have ended', async () => {
    const source = await workspace.addSource()
    const mapping = { ...source.mapping, key: 'visitor' }
    await Promise.all([workspace.store.updateSource(source, (current) => ({ ...current, mapping })), workspace.store.updateSource(source, (current) => ({ ...current, latenessMs: 7 }))])
    expect(workspace.store.findSource(source.name)).toEqual({ ...source, mapping, latenessMs: 7 })
  })
})

describe('attributes', () => {
  it('are columns that sources share by name, whatever the case of its letters', async () => {
    await workspace.addSource({ name: 'one', mapping: withAttributes(['Price', 'number'], ['a.b', 'text'], ['offset', 'integer'], ['at', 'time'], ['ok', 'boolean']) })
    await workspace.addSource({ name: 'two', mapping: withAttributes(['price', 'number']) })
    expect(await attributeColumns()).toEqual(['a_price DOUBLE', 'a_a.b VARCHAR', 'a_offset BIGINT', 'a_at TIMESTAMP', 'a_ok BOOLEAN'])
    expect(await workspace.store.attributeTypes()).toEqual(new Map([['price', 'number'], ['a.b', 'text'], ['offset', 'integer'], ['at', 'time'], ['ok', 'boolean']]))
  })

  it('of another type under a name that is taken are refused, and nothing of the source is added', async () => {
    await workspace.addSource({ name: 'one', mapping: withAttributes(['price', 'number']) })
    await expect(workspace.addSource({ name: 'two', mapping: withAttributes(['extra', 'text'], ['price', 'text']) })).rejects.toMatchObject({ code: 'BAD_MAPPING', hint: 'Give it the type number, or another name.' })
    expect(workspace.store.listSources()).toHaveLength(1)
    expect(await attributeColumns()).toEqual(['a_price DOUBLE'])
  })

  it('of one name in one mapping are refused', async () => {
    await expect(workspace.addSource({ mapping: withAttributes(['price', 'number'], ['Price', 'number']) })).rejects.toMatchObject({ code: 'BAD_MAPPING', message: 'Two attributes have the name Price.' })
    expect(await attributeColumns()).toEqual([])
  })

  it('come all or none when a source is changed, so that events can still be ordered', async () => {
    const source = await workspace.addSource({ mapping: withAttributes(['price', 'number']) })
    await expect(workspace.store.updateSource(source, () => ({ ...source, mapping: withAttributes(['extra', 'text'], ['price', 'text']) }))).rejects.toMatchObject({ code: 'BAD_MAPPING' })
    await workspace.store.database.writer.run('ALTER TABLE events RENAME TO away')
    await expect(workspace.store.updateSource(source, () => ({ ...source, mapping: withAttributes(['late', 'text']) }))).rejects.toThrow('events')
    await workspace.store.database.writer.run('ALTER TABLE away RENAME TO events')
    expect(await attributeColumns()).toEqual(['a_price DOUBLE'])
    await workspace.put(source, [{ offset: 0, value: { type: 't', user: 'ann', at: new Date(brokerTime / 1000).toISOString(), price: 1.5 } }])
    await workspace.store.settle()
    expect(await workspace.query(`SELECT a_price FROM ${allEvents}`)).toEqual([{ a_price: 1.5 }])
  })
})
