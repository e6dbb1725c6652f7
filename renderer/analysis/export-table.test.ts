import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { tableFromIPC, type Table } from 'apache-arrow'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { toArrow } from '../../electron/engine/store/arrow.ts'
import { toCsv, toParquet } from './export-table.ts'

/** What is exported is read back by DuckDB, which is what its reader will likely use. */
let folder: string
let instance: DuckDBInstance
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'undercurrent-export-'))
  instance = await DuckDBInstance.create(':memory:')
})
afterAll(() => {
  instance.closeSync()
  rmSync(folder, { recursive: true, force: true })
})

const sql = `SELECT make_timestamp(1700000000123456 + i) AS moment, (9007199254740993 + i)::BIGINT AS large, i / 4.0::DOUBLE AS part, i % 2 = 0 AS even,
  CASE i WHEN 1 THEN '=cmd()' WHEN 2 THEN 'a "quoted", text' || chr(10) || 'on two lines' WHEN 3 THEN '' ELSE 'plain añ🌊' END AS text FROM range(5) r(i)
  UNION ALL SELECT NULL, NULL, NULL, NULL, NULL`

async function table(): Promise<Table> {
  const connection = await instance.connect()
  const tables: Table[] = []
  for await (const bytes of toArrow(await connection.stream(sql))) tables.push(tableFromIPC(bytes))
  const [first, ...rest] = tables
  if (first === undefined) throw new Error('no batch')
  return first.concat(...rest)
}

async function query(text: string): Promise<unknown> {
  const connection = await instance.connect()
  return (await connection.runAndReadAll(text)).getRowsJson()
}

describe('an exported table', () => {
  it('is the same when DuckDB reads its Parquet, to the microsecond and to the last digit', async () => {
    const path = join(folder, 'out.parquet')
    writeFileSync(path, Buffer.from(toParquet(await table())))
    const columns = "epoch_us(moment) AS moment, large, part, even, text"
    expect(await query(`SELECT ${columns} FROM '${path}' ORDER BY moment`)).toEqual(await query(`SELECT ${columns} FROM (${sql}) ORDER BY moment`))
    expect(await query(`SELECT column_name, column_type FROM (DESCRIBE FROM '${path}')`)).toEqual([['moment', 'TIMESTAMP WITH TIME ZONE'], ['large', 'BIGINT'], ['part', 'DOUBLE'], ['even', 'BOOLEAN'], ['text', 'VARCHAR']])
  })

  it('is the same when DuckDB reads its CSV, but for formulas, which are texts there', async () => {
    const path = join(folder, 'out.csv')
    writeFileSync(path, toCsv(await table()).join(''))
    const columns = 'epoch_us(moment) AS moment, large, part, even'
    expect(await query(`SELECT ${columns} FROM read_csv('${path}', auto_detect = true, types = {'moment': 'TIMESTAMP', 'text': 'VARCHAR'}) ORDER BY moment`)).toEqual(await query(`SELECT ${columns} FROM (${sql}) ORDER BY moment`))
    expect(await query(`SELECT text FROM read_csv('${path}', types = {'text': 'VARCHAR'}) WHERE large = 9007199254740994`)).toEqual([["'=cmd()"]])
  })
})
