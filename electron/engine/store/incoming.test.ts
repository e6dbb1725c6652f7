import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { event, TestStore, toBatch, type TestRecord } from '../../../e2e/fixtures/test-store.ts'
import type { Header } from '../decode/record.ts'
import { rows, type DuckDBConnection } from './database.ts'
import { headersFromText, headersToText, writeIncoming } from './incoming.ts'

let workspace: TestStore
let connection: DuckDBConnection

beforeAll(async () => {
  workspace = await TestStore.open()
  connection = workspace.store.database.writer
})
afterAll(() => workspace.remove())

const bytes = fc.uint8Array({ maxLength: 20 }).map((array) => Buffer.from(array))

async function written(records: readonly TestRecord[]): Promise<readonly Record<string, unknown>[]> {
  const { batch, decoded } = toBatch(records)
  await writeIncoming(connection, batch, decoded)
  return rows(connection, 'SELECT * REPLACE (epoch_us(broker_time) AS broker_time) FROM incoming ORDER BY "offset"')
}

const buffer = (value: unknown): Buffer | null => (value === null ? null : Buffer.from(value as Uint8Array))

describe('headers as text', () => {
  it('come back byte for byte, in their order, with doubles and nulls', () => {
    const headers = fc.array(fc.record({ name: fc.string({ unit: 'binary' }), value: fc.option(fc.oneof(bytes, fc.string().map((text) => Buffer.from(text)))) }), { maxLength: 8 })
    fc.assert(
      fc.property(headers, (made: readonly Header[]) => {
        expect(headersFromText(headersToText(made))).toEqual(made)
      }),
    )
  })

  it('show text as text and hide nothing of what is none', () => {
    expect(headersToText([{ name: 'a', value: Buffer.from('é"') }, { name: 'b', value: null }, { name: 'c', value: Buffer.from([0xff]) }])).toBe('[["a","é\\""],["b",null],["c",{"base64":"/w=="}]]')
  })
})

describe('writeIncoming', () => {
  it.each([1, 63, 64, 65, 2047, 2048, 2049, 4096, 4097, 5000])('keeps values and NULLs apart in a batch of %d', async (size) => {
    const records = Array.from({ length: size }, (_, offset): TestRecord => ({
      partition: offset % 3, offset, brokerTime: offset * 1_000_003,
      key: offset % 2 === 0 ? null : `key-${offset}`,
      value: offset % 5 === 0 ? null : Buffer.from([offset & 0xff, 0, 0xff]),
      headers: offset % 7 === 0 ? [{ name: 'h', value: null }] : null,
      decoded: offset % 11 === 0 ? { kind: 'dead', reason: 'not_json', detail: `why ${offset}`, schema: offset % 2 === 0 ? offset : null } : event('avro', { data: offset % 3 === 0 ? `{"n":${offset}}` : null, context: offset % 13 === 0 ? '{}' : null, schema: offset % 4 === 0 ? -offset : null }),
    }))
    const found = await written(records)
    expect(found.length).toBe(size)
    for (const [offset, row] of found.entries()) {
      const { decoded } = records[offset] ?? {}
      const isDead = decoded?.kind === 'dead'
      expect({ ...row, record_key: buffer(row.record_key), payload: buffer(row.payload) }).toEqual({
        partition: offset % 3, offset: BigInt(offset), broker_time: BigInt(offset * 1_000_003),
        decoder: isDead ? 0 : 5, schema: decoded?.schema ?? null,
        reason: isDead ? 'not_json' : null, detail: isDead ? `why ${offset}` : null,
        context: isDead ? null : (decoded?.context ?? null), data: isDead ? null : (decoded?.data ?? null),
        record_key: offset % 2 === 0 ? null : Buffer.from(`key-${offset}`),
        headers: offset % 7 === 0 ? '[["h",null]]' : null,
        payload: offset % 5 === 0 ? null : Buffer.from([offset & 0xff, 0, 0xff]),
      })
    }
  })

  it('keeps columns that have only values, or only NULLs, next to the border of two chunks', async () => {
    for (const empty of [0, 2047, 2048, 2049]) {
      const found = await written(Array.from({ length: 2050 }, (_, offset) => ({ offset, key: offset === empty ? null : 'k', value: offset === empty ? 'v' : null })))
      expect(found.flatMap(({ record_key }, offset) => (record_key === null ? [offset] : []))).toEqual([empty])
      expect(found.flatMap(({ payload }, offset) => (payload === null ? [] : [offset]))).toEqual([empty])
    }
  })

  it('keeps any bytes as they are, empty ones too', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.record({ key: fc.option(bytes), value: fc.option(bytes) }), { minLength: 1, maxLength: 50 }), async (made) => {
        const found = await written(made.map(({ key, value }, offset) => ({ offset, key, value })))
        expect(found.map(({ record_key, payload }) => ({ key: buffer(record_key), value: buffer(payload) }))).toEqual(made)
      }),
      { numRuns: 30 },
    )
  })

  it('keeps positions and times over their whole range', async () => {
    const [row] = await written([{ partition: 2 ** 31 - 1, offset: 2 ** 53 - 1, brokerTime: -(2 ** 52), value: '{}' }])
    expect(row).toMatchObject({ partition: 2 ** 31 - 1, offset: 2n ** 53n - 1n, broker_time: -(2n ** 52n) })
  })

  it('replaces what was there, by nothing too', async () => {
    await written([{ offset: 1, value: '{}' }])
    expect(await written([])).toEqual([])
  })
})
