import Holidays from 'date-holidays-parser'
import { AppError } from '../../../shared/errors.ts'
import { nationalHolidays } from './national-holidays.ts'

/** A public holiday; `day` counts from 1 January 1970. */
export interface Holiday {
  readonly day: number
  readonly name: string
}

/**
 * The public holidays of a country, in order, in the years from the first to the last and one more at either end, for
 * what lies near them.
 *
 * @param country ISO 3166 code of two letters
 * @throws AppError BAD_REQUEST for a country whose holidays are not known
 */
export function holidaysOf(country: string, firstYear: number, lastYear: number): readonly Holiday[] {
  const days = nationalHolidays[country.toUpperCase()]
  if (days === undefined) throw new AppError('BAD_REQUEST', `The holidays of ${country} are not known.`, { hint: `Known are ${Object.keys(nationalHolidays).join(', ')}; others can be given with a file of dates.` })
  const calendar = new Holidays({ holidays: { XX: { names: { en: 'here' }, days: {} } } }, 'XX')
  for (const [rule, name] of days) calendar.setHoliday(rule, { name, type: 'public' })
  const years = Array.from({ length: lastYear - firstYear + 3 }, (_, index) => firstYear - 1 + index)
  return years
    .flatMap((year) => calendar.getHolidays(year))
    .map(({ date, name }) => ({ day: Math.floor(Date.parse(`${date.slice(0, 10)}T00:00:00Z`) / 86_400_000), name }))
    .sort((left, right) => left.day - right.day)
}
