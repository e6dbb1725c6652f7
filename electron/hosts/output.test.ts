import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatBytes, formatSpan, formatTable, formatTime, safeText, toJsonLine } from './output.ts'

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
})
