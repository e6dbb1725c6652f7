import { describe, expect, it } from 'vitest'
import { parseCount, parseDuration, parseEnd, parseSize, parseStart, parseTime } from './values.ts'

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
})
