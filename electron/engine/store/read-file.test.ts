import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { TestStore } from '../../../e2e/fixtures/test-store.ts'
import { beginImport, completeImport, findImports } from './imports.ts'
import { readTableFile, type FileRow, type TableFile } from './read-file.ts'

let store: TestStore
let folder: string
beforeEach(async () => {
  store = await TestStore.open()
  folder = mkdtempSync(join(tmpdir(), 'undercurrent-files-'))
})
afterEach(async () => {
  await store.remove()
  rmSync(folder, { recursive: true, force: true })
})

function csv(text: string, name = 'a.csv'): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

async function read(file: TableFile, first = 0): Promise<readonly FileRow[]> {
  const all: FileRow[] = []
  for await (const some of readTableFile(store.store.database, file, first, new AbortController().signal)) all.push(...some)
  return all
}

const json = (rows: readonly FileRow[]): readonly unknown[] => rows.flatMap((row) => ('json' in row ? [JSON.parse(row.json) as unknown] : []))

describe('a file of rows', () => {
  it('is read in its order, its values as the texts that they are', async () => {
    const path = csv('id,price,note\n007,1.50,"a, ""b"""\n008,,x\n')
    expect(json(await read({ path, format: 'csv' }))).toEqual([{ id: '007', price: '1.50', note: 'a, "b"' }, { id: '008', price: null, note: 'x' }])
  })

  it('goes on behind the rows that were read before', async () => {
    const path = csv(`n\n${Array.from({ length: 5000 }, (_, index) => index).join('\n')}\n`)
    const rest = json(await read({ path, format: 'csv' }, 4990)) as readonly { readonly n: string }[]
    expect(rest.map(({ n }) => n)).toEqual(['4990', '4991', '4992', '4993', '4994', '4995', '4996', '4997', '4998', '4999'])
  })

  it('goes on among the rows that do not fit too, wherever it was left', async () => {
    const path = csv('a,b\n1,2\nbad\n3,4\nworse,1,2\n5,6\n')
    const all = await read({ path, format: 'csv' })
    expect(all).toHaveLength(5)
    for (let first = 0; first <= all.length; first++) expect(await read({ path, format: 'csv' }, first)).toEqual(all.slice(first))
  })

  it('tells rows that do not fit the header, with their line and their text, and reads the others', async () => {
    const rows = await read({ path: csv('a,b\n1,2\n3,4,5\n6,7\n'), format: 'csv' })
    expect(json(rows)).toEqual([{ a: '1', b: '2' }, { a: '6', b: '7' }])
    expect(rows.filter((row) => 'problem' in row)).toEqual([{ bytes: Buffer.from('3,4,5'), problem: expect.stringContaining('Line 3') as string }])
    // what was rejected once is not told again
    expect((await read({ path: csv('a,b\n1,2\n', 'b.csv'), format: 'csv' })).filter((row) => 'problem' in row)).toEqual([])
  })

  it('keeps the bytes of rows that do not fit, also those that are no UTF-8', async () => {
    for (const end of ['\n', '\r\n']) {
      const text = ['user,type', 'ann,view', 'José,view', 'bob,view,1', `x,"ü${end}y",2`, ''].join(end)
      const path = join(folder, `latin${end.length}.csv`)
      writeFileSync(path, text, 'latin1')
      const rows = await read({ path, format: 'csv' })
      expect(json(rows)).toEqual([{ user: 'ann', type: 'view' }])
      expect(rows.flatMap((row) => ('bytes' in row ? [row.bytes.toString('latin1')] : []))).toEqual(['José,view', 'bob,view,1', `x,"ü${end}y",2`])
    }
  })

  it('is read by its header where DuckDB takes every line for one value, since one row has a broken quote', async () => {
    const lines = Array.from({ length: 50 }, (_, index) => (index === 20 ? '20,"a\\"b"' : `${index},"x, ${index}"`))
    const header = { delimiter: ',', names: ['n', 'note', 'Note', ''] }
    const rows = await read({ path: csv(`n,note,Note,\n${lines.map((line) => `${line},,`).join('\n')}\n`), format: 'csv', header })
    expect(json(rows)).toHaveLength(49)
    expect(json(rows)[0]).toEqual({ n: '0', note: 'x, 0', Note_1: null, column3: null })
    expect(rows.filter((row) => 'problem' in row)).toEqual([{ bytes: Buffer.from('20,"a\\"b",,'), problem: expect.stringContaining('Line 22') as string }])
  })

  it('takes the separator that it is told, and a name with quotes', async () => {
    expect(json(await read({ path: csv('a;b\n1;2\n', "it's.csv"), format: 'csv', delimiter: ';' }))).toEqual([{ a: '1', b: '2' }])
  })

  it('of Parquet is JSON also where numbers are none', async () => {
    const path = join(folder, 'nan.parquet')
    await store.query(`COPY (SELECT 'NaN'::DOUBLE AS a, {'x': ['-inf'::DOUBLE, 1.5]} AS b, 'a "NaN" \\' AS c) TO '${path}' (FORMAT parquet)`)
    expect(json(await read({ path, format: 'parquet' }))).toEqual([{ a: null, b: { x: [null, 1.5] }, c: 'a "NaN" \\' }])
  })

  it('that is not there or is no Parquet is an error with what to do', async () => {
    await expect(read({ path: join(folder, 'none.csv'), format: 'csv' })).rejects.toMatchObject({ code: 'FILE_UNREADABLE', hint: expect.stringContaining('path') as string })
    await expect(read({ path: csv('no parquet', 'x.parquet'), format: 'parquet' })).rejects.toMatchObject({ code: 'FILE_UNREADABLE' })
  })
})

describe('imports', () => {
  it('are known by their content, each a partition of its own, and whether they have come to their end', async () => {
    const source = await store.addSource({ kind: 'file' })
    await store.store.write(async (connection) => {
      expect(await findImports(connection, 'hash')).toEqual([])
      expect(await beginImport(connection, source, 'a.csv', 'hash', 10)).toBe(0)
      expect(await beginImport(connection, source, 'b.csv', 'other', 20)).toBe(1)
      await completeImport(connection, source, 0)
      expect(await findImports(connection, 'hash')).toMatchObject([{ source: source.code, partition: 0, file: 'a.csv', complete: true }])
      expect(await findImports(connection, 'other')).toMatchObject([{ partition: 1, complete: false }])
    })
  })
})
