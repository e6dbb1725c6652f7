import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatLocal, formatTime } from './output.ts'
import { parseCount, parseDelimiter, parseDuration, parseEnd, parseMicros, parseSize, parseStart, parseTime, wholeNumber } from './values.ts'

describe('values on the command line', () => {
  it('reads durations in their units', () => {
    expect(['500ms', '10s', '1.5m', '24h', '7d'].map(parseDuration)).toEqual([500, 10_000, 90_000, 86_400_000, 604_800_000])
  })

  it('refuses a duration without a unit', () => {
    expect(() => parseDuration('10')).toThrow('A duration is a number with')
  })

  it('reads sizes in powers of ten', () => {
    expect(['12', '500MB', '1.5GB', '2 tb'].map(parseSize)).toEqual([12, 5e8, 1.5e9, 2e12])
  })

  it('takes a time without a zone for UTC', () => {
    expect(['2026-01-31T12:00:00', '2026-01-31 12:00:00Z', '2026-01-31T14:00:00+02:00'].map(parseTime)).toEqual(Array(3).fill(Date.UTC(2026, 0, 31, 12)))
  })

  it('refuses what is no time', () => {
    for (const text of ['yesterday', '12', '2026-13-45']) expect(() => parseTime(text)).toThrow('A time is written as')
  })

  it('tells an offset from a time and from a word', () => {
    expect(parseStart('beginning')).toEqual({ at: 'beginning' })
    expect(parseStart('42')).toEqual({ at: 'offset', offset: 42n })
    expect(parseStart('2026-01-31')).toEqual({ at: 'time', time: Date.UTC(2026, 0, 31) })
    expect(parseEnd('now')).toEqual({ at: 'now' })
    expect(() => parseEnd('latest')).toThrow('A time is written as')
  })

  it('refuses a negative count', () => {
    expect(() => parseCount('-1')).toThrow('A whole number is wanted')
  })

  it('reads back every time that the command line writes', () => {
    const micros = fc.bigInt({ min: 0n, max: 253_402_300_799_999_999n })
    fc.assert(fc.property(micros, (time) => parseMicros(formatTime(time)) === time && parseMicros(formatLocal(time)) === time - (time % 1000n)))
  })

  it('refuses a day that no calendar has', () => {
    expect(() => parseMicros('2026-02-30')).toThrow('A time is written as')
    expect(parseMicros('2028-02-29')).toBe(BigInt(Date.UTC(2028, 1, 29)) * 1000n)
  })

  it('says which whole numbers it takes', () => {
    expect(wholeNumber(1, 10)('10')).toBe(10)
    for (const text of ['0', '11', '1.5', '1e1']) expect(() => wholeNumber(1, 10)(text)).toThrow('from 1 to 10')
  })

  it('takes a word for the tabulator', () => {
    expect([';', 'tab', '\\t'].map(parseDelimiter)).toEqual([';', '\t', '\t'])
    expect(() => parseDelimiter('ab')).toThrow('One character')
  })
})
