import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api'
import { tableFromIPC, type Table } from 'apache-arrow'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { toArrow } from './arrow.ts'

let instance: DuckDBInstance
let connection: DuckDBConnection
beforeAll(async () => {
  instance = await DuckDBInstance.create(':memory:')
  connection = await instance.connect()
})
afterAll(() => {
  connection.closeSync()
  instance.closeSync()
})

async function batches(sql: string, batchRows?: number): Promise<Table[]> {
  const tables: Table[] = []
  for await (const bytes of toArrow(await connection.stream(sql), batchRows)) tables.push(tableFromIPC(bytes))
  return tables
}

const types = ['BOOLEAN', 'UTINYINT', 'USMALLINT', 'INTEGER', 'BIGINT', 'DOUBLE', 'TIMESTAMP', 'VARCHAR', 'BLOB'] as const

/** SQL of a value by row: numbers near their type's bounds, texts shorter and longer than the 12 bytes that DuckDB keeps inline. */
const values = {
  BOOLEAN: 'i % 3 = 1',
  UTINYINT: '(i * 7 % 256)::UTINYINT',
  USMALLINT: '(i * 131 % 65536)::USMALLINT',
  INTEGER: '(i * 2654435 % 2147483647 - 1073741824)::INTEGER',
  BIGINT: '(9223372036854775807 - i)::BIGINT',
  DOUBLE: '(i / 7.0 - 1e5)::DOUBLE',
  TIMESTAMP: 'make_timestamp(i * 123456789 - 1000000000)',
  VARCHAR: "repeat('añ🌊', i % 9)",
  BLOB: "encode(repeat('b', i % 30))",
} as const

describe('a result as Arrow', () => {
  it('has every value and every NULL where DuckDB has it, wherever batches are cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 6000 }), fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 1, max: 9 }), async (rows, batchRows, nullEvery) => {
        const columns = types.map((type) => `CASE WHEN i % ${nullEvery} = 0 THEN NULL ELSE ${values[type]} END AS ${type.toLowerCase()}_`).join(', ')
        const from = `FROM range(${rows}) r(i)`
        const tables = await batches(`SELECT i, ${columns} ${from}`, batchRows)
        const expected = await (await connection.run(`SELECT ${types.map((type) => `CASE WHEN i % ${nullEvery} = 0 THEN NULL ELSE ${values[type]} END`).join(', ')} ${from} ORDER BY i`)).getRows()
        const order = tables.flatMap((table) => [...(table.getChild('i') ?? [])].map(Number))
        expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: rows }, (_, index) => index))
        for (const [column, type] of types.entries()) {
          const found = tables.flatMap((table) => [...(table.getChild(`${type.toLowerCase()}_`) ?? [])] as unknown[])
          found.forEach((value, at) => expect(type === 'TIMESTAMP' && value !== null ? Math.round(Number(value) * 1000) : plain(value)).toEqual(plain(expected[order[at] ?? -1]?.[column], type)))
        }
      }),
      { numRuns: 25 },
    )
  })

  it('tells its columns when it has no rows', async () => {
    const [table, ...rest] = await batches("SELECT 1 AS a, 'x' AS b WHERE false")
    expect(rest).toEqual([])
    expect(table?.numRows).toBe(0)
    expect(table?.schema.fields.map(({ name }) => name)).toEqual(['a', 'b'])
  })

  it('holds a text of a megabyte, and one with a zero byte', async () => {
    const [table] = await batches("SELECT repeat('x', 1000000) AS long, 'a' || chr(0) || 'b and more than twelve' AS zero")
    expect((table?.getChild('long')?.get(0) as string).length).toBe(1_000_000)
    expect(table?.getChild('zero')?.get(0)).toBe('a\0b and more than twelve')
  })
})

/** Values of DuckDB's rows and of Arrow in one form. Arrow's reader makes milliseconds with a fraction of times. */
function plain(value: unknown, type?: (typeof types)[number]): unknown {
  if (value === null || value === undefined) return null
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex')
  if (typeof value !== 'object') return value
  if (type === 'BLOB') return Buffer.from((value as { bytes: Uint8Array }).bytes).toString('hex')
  return Number((value as { micros: bigint }).micros)
}
