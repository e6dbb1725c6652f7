import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { brokerTime, simpleMapping, toBatch } from '../../../e2e/fixtures/test-store.ts'
import { Database, rows } from './database.ts'
import { eventColumnNames, migrations, schemaVersion } from './migrations.ts'
import { Store } from './store.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'undercurrent-migrations-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Runs SQL on the workspace's file as another version would have left it. */
async function onFile(...statements: readonly string[]): Promise<readonly Record<string, unknown>[]> {
  const database = await Database.open(folder)
  try {
    let last: readonly Record<string, unknown>[] = []
    for (const statement of statements) last = await rows(database.writer, statement)
    return last
  } finally {
    await database.close()
  }
}

const stepsTable = 'CREATE TABLE schema_steps (step INTEGER NOT NULL, taken_at TIMESTAMP NOT NULL)'
const step = (number: number): string => `INSERT INTO schema_steps VALUES (${number}, now()::TIMESTAMP)`

/** A store that can take an event and give it back. */
async function expectUsable(): Promise<void> {
  const store = await Store.open(folder)
  try {
    const source = await store.addSource({ name: 'shop', kind: 'kafka', topic: 'shop', format: 'json', mapping: simpleMapping, latenessMs: 0 })
    const { batch, decoded } = toBatch([{ offset: 0, value: { type: 't', user: 'ann', at: new Date(brokerTime / 1000).toISOString() } }, { offset: 1, value: 'broken' }])
    expect(await store.commit(await store.prepare(source, batch, decoded))).toMatchObject({ events: 1, dead: 1 })
    expect(await store.database.read(schemaVersion)).toBe(migrations.length)
  } finally {
    await store.close()
  }
}

describe('a workspace', () => {
  it.each(Array.from({ length: migrations.length + 1 }, (_, version) => version))('of schema version %d opens', async (version) => {
    await onFile(stepsTable, ...migrations.slice(0, version).flatMap((sql, index) => [sql, step(index + 1)]))
    await expectUsable()
  })

  it('takes each step once, however often it is opened', async () => {
    await expectUsable()
    for (let turn = 0; turn < 3; turn++) await (await Store.open(folder)).close()
    expect((await onFile('SELECT step FROM schema_steps ORDER BY step')).map((row) => row.step)).toEqual(migrations.map((_, index) => index + 1))
    expect(await onFile('SELECT (SELECT count(*) FROM recent) AS events, (SELECT count(*) FROM sources) AS sources')).toEqual([{ events: 1n, sources: 1n }])
  })

  it('of a newer version is refused, and nothing of it is changed', async () => {
    await expectUsable()
    await onFile(step(migrations.length + 1), 'CREATE TABLE of_the_future (a INTEGER)', 'DROP TABLE retentions')
    const before = await onFile("SELECT sql FROM duckdb_tables() WHERE database_name = current_database() ORDER BY table_name")
    for (let turn = 0; turn < 2; turn++) {
      // refused again, not "in use": the first refusal has closed the file
      await expect(Store.open(folder)).rejects.toMatchObject({ code: 'WORKSPACE_NEWER', message: `The workspace has schema version ${migrations.length + 1}; this version of Undercurrent knows ${migrations.length}.`, hint: expect.stringContaining('Update') as string })
    }
    expect(await onFile("SELECT sql FROM duckdb_tables() WHERE database_name = current_database() ORDER BY table_name")).toEqual(before)
  })

  it('is as it was after a step that failed halfway, and the step can be taken later', async () => {
    // the last table of the first step is in the way
    await onFile('CREATE TABLE dead_letters (a INTEGER)')
    await expect(Store.open(folder)).rejects.toThrow('dead_letters')
    expect((await onFile("SELECT table_name FROM duckdb_tables() WHERE database_name = current_database() ORDER BY 1")).map((row) => row.table_name)).toEqual(['dead_letters', 'schema_steps'])
    expect(await onFile('SELECT * FROM schema_steps')).toEqual([])
    await onFile('DROP TABLE dead_letters')
    await expectUsable()
  })
})

describe('the tables of events', () => {
  it('have the same columns, in the order that is written down', async () => {
    await (await Store.open(folder)).close()
    for (const table of ['recent', 'events']) {
      const columns = await onFile(`SELECT column_name FROM duckdb_columns() WHERE table_name = '${table}' ORDER BY column_index`)
      expect(columns.map((row) => row.column_name)).toEqual(eventColumnNames)
    }
  })
})
