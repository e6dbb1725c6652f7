import { describe, expect, it } from 'vitest'
import { holidaysOf } from './holidays.ts'
import { nationalHolidays } from './national-holidays.ts'

const days = (country: string, year: number): readonly string[] =>
  holidaysOf(country, year, year).map(({ day, name }) => `${new Date(day * 86_400_000).toISOString().slice(0, 10)} ${name}`).filter((text) => text.startsWith(String(year)))

describe('holidays', () => {
  it('are those of the calendar on the wall', () => {
    expect(days('DE', 2025)).toEqual(['2025-01-01 New Year\'s Day', '2025-04-18 Good Friday', '2025-04-21 Easter Monday', '2025-05-01 Labor Day', '2025-05-29 Ascension Day', '2025-06-09 Whit Monday', '2025-10-03 German Unity Day', '2025-12-25 Christmas Day', '2025-12-26 Second Day of Christmas'])
    expect(days('us', 2026)).toEqual(expect.arrayContaining(['2026-01-19 Martin Luther King Jr. Day', '2026-05-25 Memorial Day', '2026-09-07 Labor Day', '2026-11-26 Thanksgiving']))
    expect(days('GB', 2027)).toEqual(expect.arrayContaining(['2027-05-03 Early May Bank Holiday', '2027-05-31 Spring Bank Holiday', '2027-08-30 Summer Bank Holiday']))
    expect(days('SE', 2026)).toEqual(expect.arrayContaining(['2026-06-20 Midsummer Day', '2026-10-31 All Saints\' Day']))
    expect(days('CA', 2026)).toContain('2026-05-18 Victoria Day')
  })

  it('every rule of every country gives a day in every year', () => {
    for (const [country, rules] of Object.entries(nationalHolidays)) for (const year of [2024, 2025, 2030]) expect(days(country, year).length, `${country} ${year}`).toBe(rules.length)
  })

  it('says which countries are known', () => {
    expect(() => holidaysOf('XX', 2026, 2026)).toThrow(/XX are not known/)
  })
})
