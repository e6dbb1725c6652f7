import { describe, expect, it } from 'vitest'
import { calendarFacts, isOfCalendar, localTimes, nearDays } from './calendar.ts'

const at = (...texts: readonly string[]): Float64Array => Float64Array.from(texts, (text) => Date.parse(text) * 1000)
const day = (text: string): number => Date.parse(`${text}T00:00:00Z`) / 86_400_000

describe('the calendar', () => {
  it('is that of the zone, summer time included', () => {
    const times = localTimes(at('2026-03-28T23:30:00Z', '2026-03-29T00:59:00Z', '2026-03-29T01:00:00Z', '2026-07-01T22:15:00Z'), 'Europe/Berlin')
    expect([...times.hour]).toEqual([0, 1, 3, 0])
    expect([...times.day]).toEqual([day('2026-03-29'), day('2026-03-29'), day('2026-03-29'), day('2026-07-02')])
    expect([...localTimes(at('2026-01-01T00:00:00Z'), 'Asia/Kathmandu').hour]).toEqual([5])
    expect([...localTimes(at('1969-12-31T23:00:00Z'), 'UTC').day]).toEqual([-1])
    expect(() => localTimes(at('2026-01-01T00:00:00Z'), 'Mars/Olympus')).toThrow(RangeError)
  })

  it('knows weekdays and weekends', () => {
    const times = localTimes(at('2026-11-20T12:00:00Z', '2026-11-21T12:00:00Z', '2026-11-22T12:00:00Z'), 'UTC')
    const held = (phrase: string): readonly number[] => [...(calendarFacts(times).find((fact) => fact.phrase === phrase)?.values ?? [])]
    expect(held('it is Friday')).toEqual([1, 0, 0])
    expect(held('it is Saturday or Sunday')).toEqual([0, 1, 1])
    expect(held('it is between 12 and 13 h')).toEqual([1, 1, 1])
  })

  it('a single day is no matter of the calendar', () => {
    const times = localTimes(at('2026-11-19T12:00:00Z', '2026-11-19T13:00:00Z', '2026-11-20T12:00:00Z', '2026-11-26T12:00:00Z', '2026-11-20T12:00:00Z'), 'UTC')
    const facts = calendarFacts(times).filter((fact) => isOfCalendar(fact, times)).map(({ phrase }) => phrase)
    expect(facts).toContain('it is Thursday')
    expect(facts).not.toContain('it is Friday')
  })

  it('tells how near a day is, and where none is known', () => {
    const times = localTimes(at('2026-12-24T10:00:00Z', '2026-12-25T10:00:00Z', '2026-12-27T10:00:00Z', '2026-06-01T10:00:00Z'), 'UTC')
    const facts = nearDays('Christmas', times, (chance) => (chance === 3 ? undefined : [day('2026-12-25')]))
    const held = (phrase: string): readonly number[] => [...(facts.find((fact) => fact.phrase === phrase)?.values ?? [])]
    expect(held('it is Christmas')).toEqual([0, 1, 0, 2])
    expect(held('Christmas is at most 1 day ahead')).toEqual([1, 1, 0, 2])
    expect(held('Christmas was at most 3 days ago')).toEqual([0, 0, 1, 2])
  })
})
