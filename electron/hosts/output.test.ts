import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { formatBytes, formatLocal, formatSpan, formatTable, formatTime, safeText, shortText, toJsonLine, toJsonLineWith } from './output.ts'

const zone = process.env.TZ
afterEach(() => {
  if (zone === undefined) delete process.env.TZ
  else process.env.TZ = zone
})

describe('output', () => {
  it('shows no control character of a record to the terminal', () => {
    expect(safeText('\u001b[2Jgone\u0007 \u202etxet')).toBe('\\u001b[2Jgone\\u0007 \\u202etxet')
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(safeText(text))))
  })

  it('leaves letters of every script as they are', () => {
    expect(safeText('Žluťoučký kůň 你好 😀')).toBe('Žluťoučký kůň 你好 😀')
  })

  it('writes offsets as numbers while a double can hold them', () => {
    expect(toJsonLine({ a: 42n, b: 2n ** 60n })).toBe('{"a":42,"b":"1152921504606846976"}')
  })

  it('writes bytes as base64, whatever kind of bytes they are', () => {
    expect(toJsonLine({ a: new Uint8Array([1, 2]), b: Buffer.from([1, 2]) })).toBe('{"a":"AQI=","b":"AQI="}')
  })

  it('keeps the microseconds of a time, before 1970 too', () => {
    expect(formatTime(1_700_000_000_123_456n)).toBe('2023-11-14T22:13:20.123456Z')
    expect(formatTime(-1n)).toBe('1969-12-31T23:59:59.999999Z')
    expect(formatTime(0n)).toBe('1970-01-01T00:00:00.000Z')
  })

  it('says a time that no calendar has as its number', () => {
    expect(formatTime(2n ** 63n - 1n)).toBe('9223372036854775807 µs')
  })

  it('aligns numbers to the right and texts to the left', () => {
    expect(formatTable(['name', 'n'], [['a', 1], ['bcdef', 1234]])).toEqual(['name       n', '─────  ─────', 'a          1', 'bcdef  1,234'])
  })

  it('says spans and sizes in two units at most', () => {
    expect([0, 59_000, 3_723_000, 90_061_000].map(formatSpan)).toEqual(['0 s', '59 s', '1 h 2 min', '1 d 1 h'])
    expect([12, 1500, 2.5e9].map(formatBytes)).toEqual(['12 B', '1.5 KB', '2.5 GB'])
  })

  it('shows a character that JavaScript writes in two halves as two codes', () => {
    expect(safeText('tag\u{e0041}')).toBe('tag\\udb40\\udc41')
  })

  it('never makes a text longer than asked, and says when it has cut one', () => {
    expect([shortText('short', 5), shortText('longer', 5), shortText('x'.repeat(1_000_000), 5)]).toEqual(['short', 'long…', 'xxxx…'])
    fc.assert(fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 20 }), (text, most) => Array.from(shortText(text, most)).length <= most))
  })

  it('does not take a value that looks like a buffer for one', () => {
    expect(toJsonLine({ value: { type: 'Buffer', data: [1] } })).toBe('{"value":{"type":"Buffer","data":[1]}}')
  })

  it('keeps the numbers of a JSON payload, on one line', () => {
    expect(toJsonLineWith({ key: 'ann' }, 'payload', '{"id": 12345678901234567890,\r\n\t"price": 1.10}')).toBe('{"key":"ann","payload":{"id": 12345678901234567890,   "price": 1.10}}')
  })

  it('gives JSON that is harmless on a terminal and reads back as the same value', () => {
    const json = fc.json({ stringUnit: 'binary' }).map((text) => JSON.stringify(JSON.parse(text), null, '\t'))
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), json, (key, payload) => {
        const line = toJsonLineWith({ key }, 'payload', payload)
        expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
        expect(JSON.parse(line)).toEqual({ key, payload: JSON.parse(payload) as unknown })
      }),
    )
  })

  it('cuts a cell that would push the other columns away', () => {
    expect(formatTable(['user', 'n'], [['x'.repeat(5_000), 1]])[2]).toBe(`${'x'.repeat(119)}…  1`)
  })

  it('lays out more rows than a function takes arguments', () => {
    expect(formatTable(['user'], Array.from({ length: 300_000 }, () => ['ann']))).toHaveLength(300_002)
  })

  it('writes local time with its distance from UTC, in summer and in winter', () => {
    process.env.TZ = 'Europe/Berlin'
    expect(formatLocal(1_767_261_600_123_999n)).toBe('2026-01-01 11:00:00.123+01:00')
    expect(formatLocal(1_782_900_000_000_000n)).toBe('2026-07-01 12:00:00.000+02:00')
    process.env.TZ = 'America/St_Johns'
    expect(formatLocal(1_767_261_600_000_000n)).toBe('2026-01-01 06:30:00.000-03:30')
    process.env.TZ = 'UTC'
    expect(formatLocal(-1n)).toBe('1969-12-31 23:59:59.999Z')
  })
})
