import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { toDuckdb } from '../../shared/behavior/compile/duckdb.ts'
import { compilable, describeMatch, disagreement, plainSource, randomEvents } from './random-patterns.ts'

const patterns = Number(process.env.UNDERCURRENT_DUCKDB_PATTERNS ?? 100)
const seed = Number(process.env.UNDERCURRENT_DUCKDB_SEED ?? 1)

describe('random patterns as one DuckDB query', () => {
  let connection: DuckDBConnection
  beforeAll(async () => {
    connection = await (await DuckDBInstance.create(':memory:', { threads: '2' })).connect()
  })
  afterAll(() => {
    connection.closeSync()
  })

  it('find what the matcher finds', { timeout: 120_000 }, async () => {
    const sequences = randomEvents(seed, 40, 1)
    const values = sequences.flat().map(({ time, type, user, offset, fields: { n, m, s, f } }) => `(${[time, text(type), 'NULL', 'NULL', 1, text('plain'), text('plain'), 0, offset, text(user), n ?? null, m ?? null, text(s), f ?? null].map((value) => String(value)).join(', ')})`)
    await connection.run(`CREATE TABLE given AS SELECT us::BIGINT AS us, type, origin::VARCHAR AS origin, sequence::VARCHAR AS sequence, source_no, source, topic, partition, "offset", key, a_n::DOUBLE AS a_n, a_m::BIGINT AS a_m, a_s::VARCHAR AS a_s, a_f::BOOLEAN AS a_f
      FROM (VALUES ${values.join(', ')}) v (us, type, origin, sequence, source_no, source, topic, partition, "offset", key, a_n, a_m, a_s, a_f)`)
    const { compiled } = compilable(seed, patterns, [1], (behavior) => toDuckdb('', behavior, [plainSource], 'SELECT * FROM given'))
    let found = 0
    for (const { behavior, made } of compiled) {
      const rows = (await connection.runAndReadAll(made.text)).getRowsJS()
      found += rows.length
      const got = rows.map(([user, events, ...returns]) => describeMatch(user as string, (events as { offset: unknown }[]).map((event) => Number(event.offset)), returns))
      const wrong = disagreement(behavior, sequences, got)
      expect(wrong === undefined ? '' : `${wrong}\n${made.text}`).toBe('')
    }
    expect(compiled).toHaveLength(patterns)
    expect(found).toBeGreaterThan(patterns * 5)
  })
})

function text(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : 'NULL'
}
