import { describe, expect, it } from 'vitest'
import { AppError } from '../../errors.ts'
import { parseBehaviors } from '../parse.ts'
import { toDuckdb } from './duckdb.ts'
import type { CompileSource } from './fields.ts'
import { toFlink, type FlinkJob } from './flink.ts'

const shop: CompileSource = {
  name: 'shop',
  kind: 'kafka',
  topic: 'shop.events',
  format: 'json',
  mapping: { key: 'user.id', type: 'type', time: 'at', timeFormat: 'epoch_ms', attributes: [{ name: 'item', path: 'item', type: 'text' }, { name: 'price', path: 'price', type: 'number' }, { name: 'odd', path: `"it's \`odd\`"`, type: 'text' }] },
  latenessMs: 60_000,
  connection: { brokers: ['one:9092', 'two:9092'], tls: {}, sasl: { mechanism: 'scram-sha-512', username: `o'neil "x"` } },
}

function job(steps: string, source: CompileSource = shop): FlinkJob {
  const text = steps.startsWith('sequence') ? steps : `sequence "x" by user\n${steps}`
  const { file, problems } = parseBehaviors(text)
  expect(problems).toEqual([])
  const behavior = file.behaviors.at(-1)
  if (behavior === undefined) throw new Error('nothing was read')
  return toFlink(text, behavior, [source])
}

/** What `MATCH_RECOGNIZE` says, without its measures. */
function recognized(steps: string): string {
  const { select } = job(steps)
  return select.slice(select.indexOf('AFTER MATCH')).replace(/\n\) AS m[^]*$/, '')
}

function refusal(steps: string): string {
  try {
    job(steps)
  } catch (error) {
    if (error instanceof AppError) return error.message
    throw error
  }
  return 'compiled'
}

describe('MATCH_RECOGNIZE', () => {
  it('passes over what does not fit the next step, and over nothing that does', () => {
    expect(recognized('a\nthen b within 10m')).toBe(`AFTER MATCH SKIP PAST LAST ROW
  PATTERN (S1 X2* S2) WITHIN INTERVAL '601' SECOND(10)
  DEFINE
    S1 AS S1.\`type\` = 'a',
    X2 AS NOT (X2.\`type\` = 'b' AND X2.\`us\` <= S1.\`us\` + 600000000) AND X2.\`us\` <= S1.\`us\` + 600000000,
    S2 AS S2.\`type\` = 'b' AND S2.\`us\` <= S1.\`us\` + 600000000`)
  })

  it('takes the very next event for `next`, and cuts sessions between neighbors', () => {
    expect(recognized('sequence "x" by user session 30m\na\nthen next b')).toBe(`AFTER MATCH SKIP PAST LAST ROW
  PATTERN (S1 S2)
  DEFINE
    S1 AS S1.\`type\` = 'a',
    S2 AS S2.\`type\` = 'b' AND S2.\`us\` - LAST(\`us\`, 1) <= 1800000000`)
  })

  it('waits for an absence with rows that stand for the moment at which it is known', () => {
    const { tables, views } = job('s1: a\nwithout b for 30m after s1')
    expect(recognized('s1: a\nwithout b for 30m after s1')).toContain('PATTERN (S1 N G* T)')
    expect(recognized('s1: a\nwithout b for 30m after s1')).toContain('SKIP TO FIRST N')
    expect(tables.map((table) => table.split('\n', 1)[0])).toEqual(['CREATE TABLE `records_1` (', 'CREATE TABLE `records_1_after_1800000000us` ('])
    expect(views[0]?.match(/UNION ALL/g)).toHaveLength(2)
  })

  it('repeats a step by a variable each', () => {
    expect(recognized('a 3 times')).toContain('PATTERN (S1 X2* S2 X3* S3)')
  })

  it('goes on behind the first event for `overlap`', () => {
    expect(recognized('a\nthen b\noverlap')).toContain('AFTER MATCH SKIP TO NEXT ROW')
  })
})

describe('the tables', () => {
  it('have the connection and the mapping of their source, and never a secret', () => {
    const [table = ''] = job('a where price > 1 and odd == "x"').tables
    expect(table).toContain("'properties.bootstrap.servers' = 'one:9092,two:9092'")
    expect(table).toContain("'properties.security.protocol' = 'SASL_SSL'")
    expect(table).toContain("'properties.sasl.mechanism' = 'SCRAM-SHA-512'")
    expect(table).toContain(`-- The password is a secret: put it in where this runs.\n  'properties.sasl.jaas.config' = 'org.apache.kafka.common.security.scram.ScramLoginModule required username="o''neil \\"x\\"" password="<password>";'`)
    expect(table).toContain("WATERMARK FOR `ts` AS `ts` - INTERVAL '00 00:01:00.000' DAY TO SECOND(3)")
    expect(table).toContain("JSON_VALUE(`payload`, 'lax $[''at'']')")
  })

  it('read fields with any name', () => {
    const { views } = job('a where odd == "x"')
    expect(views[0]).toContain("JSON_VALUE(`payload`, 'lax $[''it\\''s `odd`'']') AS `a_odd`")
    expect(views[0]).toContain("JSON_VALUE(`payload`, 'lax $[''user''][''id'']') AS `key`")
  })

  it('write CloudEvents, as a reader of their headers knows', () => {
    const { sink, select } = job('a')
    expect(sink).toContain("'value.format' = 'json'")
    expect(select).toContain("MAP['content-type', ENCODE('application/cloudevents+json; charset=UTF-8', 'UTF-8')]")
  })

  it('take lateness of more than a hundred days apart', () => {
    expect(job('a', { ...shop, latenessMs: 150 * 86_400_000 }).tables[0]).toContain("`ts` - INTERVAL '99' DAY - INTERVAL '51 00:00:00.000' DAY TO SECOND(3)")
  })

  it('say where a topic must be named that the workspace does not know', () => {
    const { connection: _, ...file } = shop
    expect(job('a', file).tables[0]).toContain("-- This source is not read from Kafka: say where its topic is.\n  'properties.bootstrap.servers' = '<host:port>'")
  })
})

describe('hostile names', () => {
  it('stay inside of their quotes', () => {
    const { select, text } = job(`sequence "x'); DROP TABLE matches; --" by user\n"*'a" where item == "'; DROP"\nreturn 1 as y`)
    expect(select).toContain(`S1.\`type\` = '*''a'`)
    expect(select).toContain(`S1.\`a_item\` = '''; DROP'`)
    expect(select).toContain("CAST('x''); DROP TABLE matches; --' AS STRING) AS `behavior`")
    expect(text.split('\n').filter((line) => line.startsWith('DROP'))).toEqual([])
  })

  it('escape what LIKE would read', () => {
    expect(recognized('a where item like "50%_!*"')).toContain("LIKE '50!%!_!!%' ESCAPE '!'")
  })
})

describe('what Flink cannot say', () => {
  it.each([
    ['a\nthen any b', '3:1: "then any b": Flink SQL takes the first event that fits'],
    ['a\noptional then b\nthen c', '3:1: "optional then b": Flink SQL cannot go back'],
    ['a at least 2 times\nthen b', '2:1: "a at least 2 times": Flink SQL cannot give an event back'],
    ['a\nthen b at least 2 times', '3:1: "then b at least 2 times": Flink SQL would wait for ever'],
    ['a 2..3 times within 1m', '2:1: "a 2..3 times within 1m": Flink SQL cannot tell which events'],
    ['a\nevery 24h ± 15m at least 5 times', '3:1: "every 24h ± 15m at least 5 times": Flink SQL cannot say that matches recur'],
    ['s: a\nthen b where price < s.price', '3:1: "then b where price < s.price": Flink SQL gives matches out in the order of their starts'],
    ['s: a\nthen t: b within 1m\nwithout c where price > t.price between s and t', '4:1: "without c where price > t.price between s and t": Flink SQL judges an event when it comes'],
    ['any order (a; b; c; item)', '2:1: "any order (a; b; c; item)": Flink SQL is asked for at most 3 parts'],
    ['a 51 times', '1:10: "\\"x\\"": Flink SQL would need 51 pattern variables'],
    ['sequence "b" by user\na\n\nsequence "x" from "b" by at least 5 users in 1h', '4:19: "\\"b\\"": Flink SQL cannot count different values'],
  ])('is refused with its place: %s', (steps, expected) => {
    expect(refusal(steps)).toContain(expected)
  })

  it('is bounded by `within`, and then can be said', () => {
    expect(refusal('sequence "x" by user within 1h\ns: a\nthen b where price < s.price')).toBe('compiled')
    expect(refusal('a at least 4 times within 1s')).toBe('compiled')
  })

  it('names a field that no source has', () => {
    expect(refusal('a where nothing > 1')).toContain('No field nothing in this workspace')
  })
})

describe('a query for DuckDB', () => {
  it('has the same conditions, with joins instead of variables', () => {
    const text = 'sequence "x" by user, item\na\nthen b within 10m\nwithout c'
    const [behavior] = parseBehaviors(`${text} for 1h`).file.behaviors
    if (behavior === undefined) throw new Error('nothing was read')
    const query = toDuckdb(text, behavior, [shop]).text
    expect(query).toContain(`e."type" = 'b' AND e."us" <= x1."us" + 600000000`)
    expect(query).toContain('NOT EXISTS (SELECT 1 FROM numbered e')
  })
})
