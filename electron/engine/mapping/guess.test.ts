import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { formatFieldPath, parseFieldPath } from '../../../shared/model/field-path.ts'
import { MappingGuess, type Attribute } from '../../../shared/model/mapping.ts'
import { profileFields, type GuessRecord } from './flatten.ts'
import { guessMapping } from './guess.ts'

const start = Date.UTC(2026, 2, 1, 8)
const iso = (index: number): string => new Date(start + index * 1000).toISOString()
const pick = <T>(values: readonly T[], index: number): T => values[index % values.length] as T

/** A sample of records, a second apart, each with its own event id. */
function sample(size: number, make: (index: number) => Partial<GuessRecord>): GuessRecord[] {
  return Array.from({ length: size }, (_, index) => ({ key: null, headers: [], brokerTime: start + index * 1000 + 40, context: null, data: null, ...make(index) }))
}

const payloads = (size: number, make: (index: number) => unknown): GuessRecord[] => sample(size, (index) => ({ data: make(index) }))
const guess = (records: readonly GuessRecord[]): MappingGuess => guessMapping(records, { topic: 'shop' })
const paths = ({ mapping: { key, type, time, timeFormat } }: MappingGuess): string[] => [key, type, time, timeFormat]
const types = ({ attributes }: MappingGuess): Record<string, Attribute['type']> => Object.fromEntries(attributes.map(({ name, type }) => [name, type]))
const uuid = (index: number): string => `26dd6e6e-4dac-4778-8d2c-${String(index).padStart(12, '0')}`

/** Rows of a shop's clickstream as a CSV file gives them: every value is a text. */
const clicks = payloads(60, (index) => ({
  event_time: `2026-03-01 08:00:${String(index).padStart(2, '0')} UTC`,
  event_type: pick(['view', 'view', 'cart', 'purchase'], index),
  product_id: String(5_000_000 + (index % 13)),
  price: pick(['2.62', '-7.94', '15'], index),
  quantity: String(1 + (index % 3)),
  zip: pick(['01067', '10115'], index),
  user_id: String(463_240_000 + (index % 9)),
  user_session: uuid(index % 12),
}))

it('maps rows of a CSV file, with types for what the texts say', () => {
  const found = guess(clicks)
  expect(paths(found)).toEqual(['user_id', 'event_type', 'event_time', 'iso'])
  expect(types(found)).toEqual({ product_id: 'text', price: 'number', quantity: 'integer', zip: 'text', user_session: 'text' })
  expect(found.key[0]?.reason).toBe('`user_id`: 9 different values in 60 records, its name says user')
  expect(found.key.map(({ path }) => path)).toContain('user_session')
})

const rees46 = join(process.env['UNDERCURRENT_DATA'] ?? join(import.meta.dirname, '../../../../shared/data'), 'rees46/events.csv')

it.skipIf(!existsSync(rees46))(`maps the real clickstream of REES46${existsSync(rees46) ? '' : ` (skipped: there is no ${rees46}; UNDERCURRENT_DATA names the folder)`}`, () => {
  const [header = '', ...lines] = readFileSync(rees46, 'utf8').trimEnd().split('\n')
  const names = header.split(',')
  const rows = lines.map((line) => Object.fromEntries(line.split(',').map((cell, column) => [names[column] ?? '', cell])))
  for (const size of [20, 1000, rows.length]) {
    const found = guess(payloads(size, (index) => rows[index]))
    expect(paths(found), `${size} rows`).toEqual(['user_id', 'event_type', 'event_time', 'iso'])
    expect(types(found)).toEqual({ product_id: 'text', price: 'number', user_session: 'text' })
  }
  expect(guess(payloads(rows.length, (index) => rows[index])).key[0]?.reason).toBe('`user_id`: 893 different values in 4,995 records, its name says user')
})

it.each<[string, GuessRecord[], [key: string, type: string, time: string, format: string]]>([
  [
    'CloudEvents whose data names the user',
    sample(50, (index) => ({ context: { id: uuid(index), type: pick(['cart.add', 'cart.remove'], index), source: '/shop', time: iso(index), subject: `cart-${index}` }, data: { userId: `u${index % 7}`, type: 'card' } })),
    ['userId', '$ce.type', '$ce.time', 'iso'],
  ],
  [
    'CloudEvents whose subject comes again',
    sample(50, (index) => ({ key: 'all', context: { id: uuid(index), type: 'cart.add', source: '/shop', time: iso(index), subject: `u${index % 7}` }, data: { item: index } })),
    ['$ce.subject', '$ce.type', '$ce.time', 'iso'],
  ],
  [
    'CloudEvents whose subject is new each time, so the record key ties them',
    sample(50, (index) => ({ key: `k${index % 7}`, context: { id: uuid(index), type: 'order.placed', source: '/shop', subject: `orders/${index}` }, data: { total: 5 } })),
    ['$key', '$ce.type', '$broker_time', 'iso'],
  ],
  [
    'Segment, whose anonymous id is in every record and whose user id is not',
    payloads(50, (index) => ({ messageId: uuid(index), anonymousId: uuid(index % 8), userId: index % 3 === 0 ? `u${index % 8}` : null, type: 'track', event: pick(['Product Viewed', 'Order Completed'], index), context: { library: { name: 'js', version: '1.0' }, ip: '10.0.0.1' }, properties: { price: 19 + (index % 2), currency: 'EUR' }, timestamp: iso(index), sentAt: iso(index + 1), receivedAt: iso(index + 2) })),
    ['anonymousId', 'event', 'timestamp', 'iso'],
  ],
  [
    'Segment with calls of all kinds, of which only some have an event name',
    payloads(50, (index) => ({ messageId: uuid(index), anonymousId: uuid(index % 8), type: pick(['page', 'identify', 'track'], index), ...(index % 3 === 2 ? { event: 'Order Completed' } : {}), timestamp: iso(index) })),
    ['anonymousId', 'type', 'timestamp', 'iso'],
  ],
  [
    'Snowplow',
    payloads(50, (index) => ({ event_id: uuid(index), app_id: 'web', platform: 'web', event: pick(['page_view', 'unstruct'], index), event_name: pick(['page_view', 'add_to_cart', 'link_click'], index), domain_userid: uuid(index % 6), domain_sessionid: uuid(index % 9), collector_tstamp: iso(index + 2), dvce_created_tstamp: iso(index), derived_tstamp: iso(index), etl_tstamp: iso(index + 5), br_name: 'Firefox', geo_country: 'DE' })),
    ['domain_userid', 'event_name', 'derived_tstamp', 'iso'],
  ],
  [
    'GA4, with microseconds and a pseudonym of the user',
    payloads(50, (index) => ({ event_date: '20260301', event_timestamp: (start + index * 1000) * 1000, event_name: pick(['page_view', 'scroll'], index), event_params: [{ key: 'page', value: { string_value: '/' } }], user_id: null, user_pseudo_id: `${1_000_000 + (index % 6)}.${start / 1000}`, user_first_touch_timestamp: (start - 5_000) * 1000, device: { category: 'mobile' }, geo: { country: 'DE' } })),
    ['user_pseudo_id', 'event_name', 'event_timestamp', 'epoch_us'],
  ],
  [
    'MSNBC: a time, a user, a type and a counter',
    payloads(60, (index) => ({ time: new Date(Date.UTC(2020, 0, 1) + (index % 10) * 1000).toISOString(), user: `u${Math.floor(index / 10)}`, type: `page.${index % 17}`, seq: index % 10 })),
    ['user', 'type', 'time', 'iso'],
  ],
  [
    'log lines with epoch milliseconds, which name no user',
    sample(60, (index) => ({ key: `host-${index % 3}`, data: { ts: start + index * 1000, level: pick(['INFO', 'WARN', 'ERROR'], index), logger: pick(['http', 'db', 'auth'], index), message: `request ${index} took ${index * 7} ms`, duration_ms: index * 7, request_id: uuid(index) } })),
    ['$key', 'level', 'ts', 'epoch_ms'],
  ],
  [
    'a nested record decoded from Avro',
    sample(50, (index) => ({ key: uuid(index), data: { header: { id: uuid(index), type: pick(['OrderPlaced', 'OrderPaid'], index), occurredAt: start + index * 1000 }, customer: { id: 7_000 + (index % 11), name: 'Ann', address: { country: 'DE', zip: '01067' } }, items: [{ sku: 'a', quantity: 2 }], total: 5 + index / 4 } })),
    ['customer.id', 'header.type', 'header.occurredAt', 'epoch_ms'],
  ],
  [
    'seconds with a fraction, and an unnamed time beside an id that could be one',
    payloads(50, (index) => ({ id: 1_700_000_000 + index * 86_400 * 30, actor: `a${index % 5}`, verb: pick(['like', 'share'], index), published: (start + index * 1000) / 1000 + 0.25 })),
    ['actor', 'verb', 'published', 'epoch_s'],
  ],
  [
    'headers that say what the payload does not',
    sample(50, (index) => ({ headers: [{ name: 'x-user-id', value: `u${index % 5}` }, { name: 'eventType', value: pick(['a', 'b'], index) }, { name: 'event-time', value: iso(index) }], data: { n: index } })),
    ['$headers.x-user-id', '$headers.eventType', '$headers.event-time', 'iso'],
  ],
  ['numbers alone', payloads(50, (index) => ({ a: index, b: index * 2 })), ['$key', '$topic', '$broker_time', 'iso']],
  ['nothing at all', [], ['$key', '$topic', '$broker_time', 'iso']],
])('maps %s', (_, records, expected) => {
  expect(paths(guess(records))).toEqual(expected)
})

it('prefers a named user to the record key that says the same, and says so', () => {
  const found = guess(sample(40, (index) => ({ key: `u${index % 5}`, data: { user_id: `u${index % 5}` } })))
  expect(found.key.map(({ path }) => path)).toEqual(['user_id', '$key'])
  expect(found.key[0]?.reason).toBe('`user_id`: 5 different values in 40 records, the same as the record key, and its name says user')
  expect(found.key[1]?.reason).toBe('`$key`: 5 different values in 40 records, the same as `user_id`')
})

it('decides between equally good names for the one that is the record key', () => {
  const records = sample(40, (index) => ({ key: `m${index % 5}`, data: { account_id: `a${index % 4}`, member_id: `m${index % 5}` } }))
  expect(guess(records).mapping.key).toBe('member_id')
  expect(guess(records.map((record) => ({ ...record, key: null }))).mapping.key).toBe('account_id')
})

it('takes numbers that could be times for one only where their name or the clock of the broker says so', () => {
  const numbers = (field: string, from: number): MappingGuess => guess(payloads(30, (index) => ({ [field]: Math.floor(from / 1000) + index })))
  expect(numbers('x', start).mapping).toMatchObject({ time: 'x', timeFormat: 'epoch_s' })
  expect(numbers('x', Date.UTC(2001, 0)).mapping.time).toBe('$broker_time')
  expect(numbers('ts', Date.UTC(2001, 0)).mapping).toMatchObject({ time: 'ts', timeFormat: 'epoch_s' })
})

it('takes no event id for a key, and trusts a record key that never repeats little', () => {
  const found = guess(sample(40, (index) => ({ key: uuid(index), data: { event_id: uuid(index), session_id: uuid(index % 4) } })))
  expect(found.key.map(({ path }) => path)).toEqual(['session_id', '$key'])
  expect(found.key[1]?.confidence).toBeLessThan(0.2)
})

it('takes no field for the type whose values are as many as the records, or sentences', () => {
  expect(guess(payloads(60, (index) => ({ name: `Ann ${index}`, message: `user ${index} came by` }))).mapping.type).toBe('$topic')
  expect(guess(payloads(60, (index) => ({ type: uuid(index) }))).mapping.type).toBe('$topic')
  // of a handful of records nothing can be told by counting
  expect(guess(payloads(6, (index) => ({ event_type: `step.${index}` }))).mapping.type).toBe('event_type')
})

it('takes no field for the time that the store would misread, and says why', () => {
  const found = guess(payloads(30, (index) => ({ created_at: `Sun, 01 Mar 2026 08:00:${index + 10} GMT` })))
  expect(found.mapping.time).toBe('$broker_time')
  expect(found.time[0]?.reason).toContain('the form of `created_at` (Sun, 01 Mar 2026 08:00:10 GMT, ')
})

it('takes times with offsets, also among others', () => {
  expect(guess(payloads(100, (index) => ({ created_at: index % 2 === 0 ? '2026-03-01T08:00:00+02:00' : iso(index) }))).mapping.time).toBe('created_at')
})

it('lets pass a few values that are no times, such as the year 1', () => {
  expect(guess(payloads(100, (index) => ({ created_at: index % 25 === 0 ? '0001-01-01T00:00:00Z' : iso(index) }))).mapping.time).toBe('created_at')
  expect(guess(payloads(100, (index) => ({ created_at: index % 10 === 0 ? 'n/a' : iso(index) }))).mapping.time).toBe('$broker_time')
})

it('types attributes by their values, and puts first what helps most', () => {
  const records = payloads(50, (index) => ({ id: uuid(index), n: index % 3, big: 2 ** 60, ratio: index % 4, ok: index % 2 === 0, when_done: iso(index % 9), flag: pick(['true', 'false'], index), mixed: pick([1, 'a'], index), nothing: null, tags: ['x'], user: { id: 1 }, text: `${'long '.repeat(30)}${index % 2}` }))
  const found = guess(records)
  expect(types(found)).toEqual({ n: 'integer', big: 'integer', ratio: 'number', ok: 'boolean', flag: 'boolean', mixed: 'text', id: 'text', text: 'text' })
  expect(found.mapping.time).toBe('when_done')
  expect(found.attributes.map(({ name }) => name).slice(-3)).toEqual(['big', 'text', 'id'])
  expect(found.attributes.at(-1)?.reason).toContain('different in every record')
})

it('gives attributes names that differ in more than case, and maps the best 20 of them', () => {
  const found = guess(payloads(10, (index) => ({ Price: 1, price: 2, 'price!': 3, 'price?': 4, user: { country: 'DE' }, ...Object.fromEntries(Array.from({ length: 30 }, (_, field) => [`f${field}`, index])) })))
  const names = found.attributes.map(({ name }) => name)
  expect(names).toEqual(expect.arrayContaining(['Price', 'price_2', 'price_', 'price__2', 'user.country']))
  expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(35)
  expect(found.mapping.attributes).toHaveLength(20)
})

it('writes reasons that cannot steer a terminal', () => {
  const found = guess(payloads(5, () => ({ '\u001b[31mtype': 'a', type: '\u001b]0;title\u0007view\u202e', user_id: 'x'.repeat(500) })))
  const reasons = [...found.key, ...found.type, ...found.time, ...found.attributes].map(({ reason }) => reason)
  expect(reasons.filter((reason) => /\p{C}/u.test(reason) || reason.length > 300)).toEqual([])
})

it('guesses on any JSON: a mapping that the contract allows, ranked, whose fields are in the sample', () => {
  const name = fc.oneof(fc.constantFrom('user_id', 'type', 'event', 'time', 'ts', 'id', 'data', 'Type', '__proto__', '*', '', 'constructor'), fc.string({ unit: 'binary', maxLength: 5 }))
  const leaf = fc.oneof(fc.constantFrom('view', 'u1', iso(1), '2026-03-01T08:00:00+02:00', '', '\u0000', 1e300, start, start / 1000, null), fc.jsonValue({ maxDepth: 1 }))
  const data = fc.oneof(fc.jsonValue(), fc.dictionary(name, fc.oneof(leaf, fc.dictionary(name, leaf, { maxKeys: 4 })), { maxKeys: 8 }))
  const record = fc.record({
    key: fc.option(fc.string({ maxLength: 3 })),
    headers: fc.array(fc.record({ name, value: fc.option(fc.string({ maxLength: 3 })) }), { maxLength: 3 }),
    brokerTime: fc.integer({ min: 0, max: start * 2 }),
    context: fc.option(fc.dictionary(fc.constantFrom('type', 'time', 'subject', 'id', '__proto__'), leaf)),
    data,
  })
  fc.assert(fc.property(fc.array(record, { maxLength: 30 }), (records) => {
    const found = guess(records)
    expect(MappingGuess.safeParse(found).error).toBeUndefined()
    const known = new Set(profileFields(records).map(({ path }) => formatFieldPath(path)))
    for (const list of [found.key, found.type, found.time, found.attributes]) {
      expect(list.map(({ confidence }) => confidence)).toEqual(list.map(({ confidence }) => confidence).toSorted((a, b) => b - a))
      for (const { path } of list) {
        expect(parseFieldPath(path).ok, path).toBe(true)
        if (!['$key', '$topic', '$broker_time'].includes(path)) expect(known.has(path), path).toBe(true)
      }
    }
    expect([found.key[0]?.path, found.type[0]?.path, found.time[0]?.path]).toEqual(paths(found).slice(0, 3))
    const used = [found.mapping.key, found.mapping.type, found.mapping.time]
    expect(found.attributes.filter(({ path }) => used.includes(path))).toEqual([])
  }))
})
