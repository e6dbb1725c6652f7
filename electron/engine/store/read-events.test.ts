import { tableFromIPC } from 'apache-arrow'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { simpleMapping, TestStore } from '../../../e2e/fixtures/test-store.ts'
import { attributeField, eventColumns } from '../../../shared/model/event-columns.ts'
import type { AttributeType } from '../../../shared/model/mapping.ts'
import { readTimeline } from './read-events.ts'

let store: TestStore
beforeEach(async () => {
  store = await TestStore.open()
})
afterEach(() => store.remove())

it('tells every column of an event from an attribute of the same name and of any type', async () => {
  const types: Partial<Record<string, AttributeType>> = { time: 'text', offset: 'number', key: 'boolean' }
  const attributes = [...eventColumns].map((name) => ({ name, path: `own.${name}`, type: types[name] ?? ('integer' as const) }))
  const source = await store.addSource({ mapping: { ...simpleMapping, attributes } })
  const own = { ...Object.fromEntries(eventColumns.map((name, index) => [name, index])), time: 'noon', offset: 1.5, key: true }
  await store.put(source, [{ offset: 8, value: { user: 'u', type: 'click', at: '2026-01-01T00:00:00Z', own } }])
  const rows: unknown[] = []
  for await (const bytes of readTimeline(store.store.database, { key: 'u' }, new AbortController().signal)) {
    const table = tableFromIPC(bytes)
    expect(table.schema.fields.map(({ name }) => name)).toEqual([...eventColumns, ...eventColumns.map(attributeField)])
    rows.push(...table.toArray().map((row) => ({ ...(row as object) })))
  }
  expect(rows).toMatchObject([{ offset: 8n, key: 'u', type: 'click', 'attribute id': 9n, 'attribute time': 'noon', 'attribute offset': 1.5, 'attribute key': true }])
})
