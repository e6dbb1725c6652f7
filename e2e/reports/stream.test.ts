import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openEngine, type Engine } from '../../electron/engine/engine.ts'
import { Store } from '../../electron/engine/store/store.ts'
import { measure } from '../bench/export.ts'
import { addViews, fillViews } from './many-matches.ts'
import { readBack } from './read-back.ts'

/** `npm run bench -- export` does it with a million. */
const matches = 60_000
const mega = 1_048_576

describe('exports of many matches', () => {
  let folder = ''
  let engine: Engine

  beforeAll(async () => {
    folder = await fillViews(matches)
    engine = await openEngine({ workspace: join(folder, 'W') })
  })
  afterAll(async () => {
    await engine.close()
    rmSync(folder, { recursive: true, force: true })
  })

  it.each(['csv', 'ndjson', 'parquet', 'cloudevents'] as const)('writes %s without holding it', async (format) => {
    const { bytes, growth } = await measure(engine, format, folder)
    if (format !== 'parquet') expect(bytes).toBeGreaterThan(12 * mega)
    expect(growth).toBeLessThan(6 * mega)
  })

  it('writes what DuckDB reads back, the same from CSV, NDJSON and Parquet', async () => {
    const base = join(folder, 'out/looked.matches')
    expect(await readBack({ csv: `${base}.csv`, parquet: `${base}.parquet`, ndjson: `${base}.ndjson` })).toEqual({ csv: matches, parquet: matches, ndjson: matches, different: 0 })
  })

  it('stays small as HTML, and says what it left out; it is proven when the same partition has gone on', async () => {
    const { bytes } = await measure(engine, 'html', folder)
    expect(bytes).toBeLessThan(3_000_000)
    const document = readFileSync(join(folder, 'out/looked.html'), 'utf8')
    expect(document).toContain('5 of 60,000 matches, spread evenly over all of them.')
    expect(document).toContain('60,000 times in all')
    await engine.close()
    const store = await Store.open(join(folder, 'W'))
    await addViews(store, store.listSources()[0]?.code ?? 0, matches, matches + 1000)
    await store.close()
    engine = await openEngine({ workspace: join(folder, 'W') })
    expect(await engine.calls['reports.verify']({ document }, new AbortController().signal)).toMatchObject({ verdict: 'proven', differences: [] })
  })
})
