import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openLocalEngine } from '../../electron/hosts/local-engine.ts'
import { toDuckdb } from '../../shared/behavior/compile/duckdb.ts'
import { toFlink } from '../../shared/behavior/compile/flink.ts'
import type { CompileSource } from '../../shared/behavior/compile/fields.ts'
import { parseBehaviors } from '../../shared/behavior/parse.ts'
import type { Behavior } from '../../shared/behavior/syntax.ts'
import type { Match } from '../../shared/model/match.ts'
import { describeIf } from '../kafka/describe-if.ts'
import { fileJob, readMatches } from './flink-job.ts'
import { flinkAvailability, runFlink } from './flink.ts'

/** The examples of DESIGN section 5 that Flink can say, as far as the demo shop has them planted, and two more. */
const text = `
sequence "changed their mind" by user, item
  added: cart.add
  then removed: cart.remove within 10m
  without purchase for 10m after added
return removed.time - added.time as hesitation

sequence "guided path" by user session 30m
  page.view where path == "/"
  then next page.view where path like "/category/*"
  then next page.view where path like "/product/*"
  then next cart.add

sequence "left for a better price" by user, item
  a: cart.add
  then p: either (price.compared) or (page.view where utm_source like "*compare*") within 5m
  then r: cart.remove within 10m where r.price >= a.price

sequence "abandoned checkout" by user, cart
  start: checkout.started
  without payment.succeeded for 30m after start
  until cart.deleted

sequence "rage click" by user, element
  ui.click at least 4 times within 1s

sequence "looked twice" by user within 2h
  first: page.view
  then page.view 2 times where path == first.path
  without cart.add between first and step
  then step: cart.*, checkout.started where item != null or cart != null
overlap
return step.price * 2 as double, step.type as kind, first.path like "/cat*" as category

sequence "any way" by user within 1h
  any order (a: cart.add; b: page.view where path like "/category/*")
  then cart.add different item
return a.item as item
`

describeIf(await flinkAvailability(), 'the examples of the language in Flink', () => {
  let folder: string
  let source: CompileSource
  let behaviors: readonly Behavior[]
  const expected = new Map<string, readonly string[]>()
  const asDuckdb = new Map<string, readonly string[]>()

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'undercurrent-flink-demo-'))
    const workspace = join(folder, 'workspace')
    const engine = await openLocalEngine(workspace)
    const { client } = engine
    const { source: name } = await client.call('demo.start', { seed: 3, days: 1, eventsPerDay: 6_000, live: false })
    await client.call('tail.finished', { source: name })
    const [first] = await client.call('sources.list', {})
    if (first === undefined) throw new Error('the demo has no source')
    // what arrives in any order is no later than this
    source = { ...first, latenessMs: 7 * 86_400_000 }
    behaviors = parseBehaviors(text).file.behaviors
    for (const { detection, matches } of await client.call('behaviors.detect', { text, limit: 100_000 })) expected.set(detection.behavior, matches.map(describeMatch))
    await engine.close()
    const instance = await DuckDBInstance.create(join(workspace, 'events.duckdb'), { access_mode: 'READ_ONLY' })
    const connection = await instance.connect()
    const stored = await connection.runAndReadAll(`SELECT decode(record_key) AS key, decode(payload) AS payload, partition, "offset" FROM (FROM events UNION ALL BY NAME FROM recent) ORDER BY hash("offset")`)
    const lines = stored.getRowsJS().map(([key, payload, partition, offset]) => JSON.stringify({ ...(JSON.parse(payload as string) as object), _key: key, _partition: partition, _offset: Number(offset) }))
    await writeFile(join(folder, 'events.ndjson'), lines.map((line) => `${line}\n`).join(''))
    for (const behavior of behaviors) {
      const found = await connection.runAndReadAll(toDuckdb(text, behavior, [first]).text)
      const keys = behavior.body.kind === 'sequence' ? behavior.body.by.length : 0
      asDuckdb.set(behavior.name, found.getRowsJS().map((row) => describe(row.slice(0, keys) as string[], (row[keys] as { offset: bigint }[]).map(({ offset }) => Number(offset)), row.slice(keys + 1))))
    }
    connection.closeSync()
    instance.closeSync()
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it('find in Flink, and as one DuckDB query, what `detect` finds in the demo shop', { timeout: 150_000 }, async () => {
    const results = await runFlink(behaviors.map((behavior) => fileJob(text, behavior, source, join(folder, 'events.ndjson'))), 140_000)
    for (const [index, behavior] of behaviors.entries()) {
      const result = results[index]
      if (result === undefined || 'error' in result) throw new Error(`${behavior.name}: ${result?.error ?? 'nothing'}`)
      const wanted = [...(expected.get(behavior.name) ?? [])].toSorted()
      expect(wanted.length, behavior.name).toBeGreaterThan(0)
      expect([...(asDuckdb.get(behavior.name) ?? [])].toSorted(), `${behavior.name} in DuckDB`).toEqual(wanted)
      const found = readMatches(result.rows, behavior).map(({ key, offsets, returns }) => describe(key, offsets, returns))
      expect(found.toSorted(), behavior.name).toEqual(wanted)
    }
  })

  it('are accepted as they are printed, by the connector of Kafka too', { timeout: 90_000 }, async () => {
    const kafka: CompileSource = { ...source, kind: 'kafka', connection: { brokers: ['localhost:9092'], tls: {}, sasl: { mechanism: 'plain', username: 'x' } } }
    const cloudEvents: CompileSource = { ...kafka, name: 'other', mapping: { ...kafka.mapping, key: '$headers.user', type: '$ce.type', time: '$broker_time' } }
    const jobs = behaviors.filter(({ name }) => ['changed their mind', 'rage click'].includes(name)).map((behavior) => {
      const { settings, tables, views, sink, select } = toFlink(text, behavior, [kafka, cloudEvents])
      return [...settings, ...tables, ...views, sink, `EXPLAIN INSERT INTO \`matches\` ${select}`]
    })
    const errors = (await runFlink(jobs, 80_000)).flatMap((result) => ('error' in result ? [result.error] : []))
    expect(errors).toEqual([])
  })
})

function describeMatch({ key, steps, returns }: Match): string {
  return describe(Object.values(key).map(String), steps.map(({ position }) => Number(position.offset)), Object.values(returns))
}

function describe(key: readonly string[], offsets: readonly number[], returns: readonly unknown[]): string {
  return `${key.join(' ')}: ${offsets.join(' ')} ${JSON.stringify(returns.map((value) => (typeof value === 'bigint' ? Number(value) : value)))}`
}
