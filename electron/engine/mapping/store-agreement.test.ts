import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { formatFieldPath } from '../../../shared/model/field-path.ts'
import type { Mapping } from '../../../shared/model/mapping.ts'
import type { Decoded } from '../decode/record.ts'
import { RecordBatchBuilder } from '../sources/record-batch.ts'
import { Database, rows } from '../store/database.ts'
import { writeIncoming } from '../store/incoming.ts'
import { attributeColumn, mappingSql } from '../store/mapping-sql.ts'
import { profileFields } from './flatten.ts'
import { guessMapping } from './guess.ts'
import { readTime } from './time-text.ts'

const brokerTime = Date.UTC(2022, 9, 1)
let folder: string
let database: Database

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'undercurrent-mapping-'))
  database = await Database.open(folder)
})
afterAll(async () => {
  await database.close()
  rmSync(folder, { recursive: true, force: true })
})

/** What the store makes of payloads under a mapping. */
async function mapInStore(payloads: readonly string[], mapping: Mapping): Promise<readonly Record<string, unknown>[]> {
  const builder = new RecordBatchBuilder()
  payloads.forEach((payload, offset) => builder.add(0, offset, brokerTime * 1000, null, Buffer.from(payload), null))
  const decoded = payloads.map((): Decoded => ({ kind: 'event', decoder: 'json', data: null, context: null, schema: null }))
  await writeIncoming(database.writer, builder.take(), decoded)
  await database.writer.run(mappingSql(mapping, 'topic'))
  return rows(database.writer, 'SELECT * REPLACE (epoch_us(time) AS time) FROM mapped ORDER BY "offset"')
}

const times: Mapping = { key: '$key', type: '$topic', time: 'time', timeFormat: 'iso', attributes: [] }

/** Texts made of the pieces that times are made of, so that most of them nearly are one. */
const timeLike = fc
  .tuple(
    fc.constantFrom('2022-10-01', '2022/10/01', '2022-10/01', '2024-02-29', '2023-02-29', '2022-13-01', '1999-12-31', '2022-10-1', '20221001'),
    fc.constantFrom('T', ' ', '  ', 't', ''),
    fc.constantFrom('', '00:00', '23:59:59', '12:34:56', '1:02:03', '24:00:00', '25:00:00', '12:60:00', '123456'),
    fc.constantFrom('', '.1', '.123', '.123456', '.123456789', '.123456789012', ',123', '.'),
    fc.constantFrom('', 'Z', 'z', ' Z', ' UTC', ' GMT', 'UTC', '+00:00', '-00:00', '+0000', '+00', '+02:00', '-0530', ' +02:00', ' +0000', ' CET'),
  )
  .map((parts) => parts.join(''))

it('reads every time that it takes for one as the store does', async () => {
  const texts = fc.sample(timeLike, { numRuns: 20_000, seed: 1 })
  const taken = [...new Set(texts)].filter((text) => readTime(text) !== undefined)
  expect(taken.length).toBeGreaterThan(200)
  const stored = await mapInStore(taken.map((time) => JSON.stringify({ time })), times)
  const differing = taken.filter((text, index) => Math.floor(Number(stored[index]?.time)) !== Math.floor(Math.round((readTime(text)?.time ?? Number.NaN) * 1e6) / 1e3))
  expect(differing).toEqual([])
})

it('takes no text for a time that the store refuses or misreads', async () => {
  // the form, and what a person reads in it
  const known: [text: string, meant: number][] = [
    ['2022-10-01T00:00:00+02:00', brokerTime - 7_200_000],
    ['2022-10-01 00:00:00 +0200', brokerTime - 7_200_000],
    ['2022-10-01T00:00Z', brokerTime],
    ['2022-10-01T00:00:00,5Z', brokerTime + 500],
    ['20221001T000000Z', brokerTime],
    ['Sat, 01 Oct 2022 00:00:00 GMT', brokerTime],
    ['01/Oct/2022:00:00:00 +0000', brokerTime],
    ['10/01/2022 00:00:00', brokerTime],
  ]
  const stored = await mapInStore(known.map(([time]) => JSON.stringify({ time })), times)
  for (const [index, [text, meant]] of known.entries()) {
    if (stored[index]?.time !== BigInt(meant) * 1000n) expect([text, readTime(text)]).toEqual([text, undefined])
  }
})

it('moves a time with an offset to UTC', async () => {
  const stored = await mapInStore(['{"time":"2022-10-01T00:00:00+02:00"}', '{"time":"2022-10-01T00:00:00.5-0530"}', '{"time":"2022-10-01T00:00:00"}'], times)
  expect(stored.map(({ time }) => time)).toEqual([1664575200000000n, 1664602200500000n, 1664582400000000n])
})

it('stores no time with an offset as another moment than it means', async () => {
  const texts = [...new Set(fc.sample(timeLike, { numRuns: 20_000, seed: 2 }))].filter((text) => /[+-](?!0000|00:00|00$)\d{2}:?\d{2}$/.test(text) && /:\d{2}/.test(text))
  const stored = await mapInStore(texts.map((time) => JSON.stringify({ time })), times)
  // Date.parse reads offsets, and milliseconds of fractions
  const misread = texts.filter((text, index) => stored[index]?.time !== null && !Number.isNaN(Date.parse(text)) && Math.floor(Number(stored[index]?.time) / 1000) !== Date.parse(text))
  expect(misread).toEqual([])
})

const epochs: Mapping['timeFormat'][] = ['epoch_s', 'epoch_ms', 'epoch_us', 'epoch_ns']

it.each(epochs)('reads %s as the store does, written as a number or as a text', async (format) => {
  const scale = { epoch_s: '', epoch_ms: '123', epoch_us: '123456', epoch_ns: '123456789', iso: '' }[format]
  const text = `1664582400${scale}`
  expect(readTime(text)?.format).toBe(format)
  const [asNumber, asText] = await mapInStore([`{"time":${text}}`, `{"time":"${text}"}`], { ...times, timeFormat: format })
  expect(asNumber?.time).toBe(asText?.time)
  expect(Math.abs(Number(asNumber?.time) / 1000 - (readTime(text)?.time ?? 0))).toBeLessThan(0.002)
})

it('names only paths that the store can read, and reads there what the store reads', async () => {
  const name = fc.oneof(fc.constantFrom('*', '', 'a', 'A', 'type', 'user_id', 'time', '"', '\\', '[0]', '$', '__proto__', "it's", 'a.b'), fc.string({ unit: 'binary', maxLength: 4 }))
  const scalar = fc.oneof(fc.string({ maxLength: 6 }), fc.integer(), fc.boolean(), fc.constantFrom(null, '2022-10-01T00:00:00Z', '2022-10-01T00:00:00+02:00', 1664582400, 'view'))
  const payload = fc.dictionary(name, fc.oneof(scalar, fc.dictionary(name, scalar, { maxKeys: 3 })), { maxKeys: 5 })
  await fc.assert(
    fc.asyncProperty(fc.array(payload, { minLength: 1, maxLength: 5 }), async (payloads) => {
      const records = payloads.map((data) => ({ key: null, headers: [], brokerTime, context: null, data }))
      const { mapping } = guessMapping(records, { topic: 'topic' })
      const attributes = mapping.attributes.map((attribute) => ({ ...attribute, type: 'text' as const }))
      const stored = await mapInStore(payloads.map((data) => JSON.stringify(data)), { ...mapping, attributes })
      const profiles = profileFields(records)
      for (const { name, path } of attributes) {
        const profile = profiles.find((field) => formatFieldPath(field.path) === path)
        for (const { record, text } of profile?.values ?? []) if (stored[record]?.reason !== 'not_json') expect(stored[record]?.[attributeColumn(name)]).toBe(text)
      }
    }),
    { numRuns: 30 },
  )
})
