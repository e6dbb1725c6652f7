import { AppError } from '../../../shared/errors.ts'
import { readTexts } from '../store/read-context.ts'
import type { DuckDBConnection } from '../store/database.ts'

/** Days that the user has named: for everyone, or for each user. Days count from 1 January 1970, ascending. */
export interface Dates {
  /** Undefined for users of whom none are known. */
  readonly of: (user: string) => readonly number[] | undefined
  readonly isPersonal: boolean
}

/**
 * Reads days from a file with a column `date` (YYYY-MM-DD). With a column `user` (or `key`, `name`, `id`) each user has
 * days of their own, which come back every year, as birthdays do.
 *
 * @throws AppError FILE_UNREADABLE, BAD_REQUEST
 */
export async function readDates(connection: DuckDBConnection, path: string, firstYear: number, lastYear: number): Promise<Dates> {
  const { names, rows } = await readTexts(connection, path)
  const lower = names.map((name) => name.trim().toLowerCase())
  const dateColumn = lower.findIndex((name) => ['date', 'day', 'birthday', 'birth_date', 'birthdate', 'dob'].includes(name))
  if (dateColumn === -1) throw new AppError('BAD_REQUEST', `${path} has no column date.`, { hint: `Its columns are ${names.join(', ')}. A file of days has a column date, and a column user where each user has their own.` })
  const userColumn = lower.findIndex((name) => ['user', 'user_id', 'key', 'customer', 'customer_id'].includes(name))
  const days = rows.map((row, index) => {
    const day = Date.parse(`${(row[dateColumn] ?? '').trim().slice(0, 10)}T00:00:00Z`) / 86_400_000
    if (!Number.isInteger(day)) throw new AppError('BAD_REQUEST', `${path}: "${row[dateColumn] ?? ''}" in row ${index + 1} is no date.`, { hint: 'Dates are written 2026-01-31.' })
    return { user: userColumn === -1 ? '' : (row[userColumn] ?? ''), day }
  })
  if (userColumn === -1) {
    const all = [...new Set(days.map(({ day }) => day))].sort((left, right) => left - right)
    return { of: () => all, isPersonal: false }
  }
  const byUser = new Map<string, number[]>()
  for (const { user, day } of days) byUser.set(user, [...(byUser.get(user) ?? []), ...anniversaries(day, firstYear - 1, lastYear + 1)])
  for (const own of byUser.values()) own.sort((left, right) => left - right)
  return { of: (user) => byUser.get(user), isPersonal: true }
}

/** The same day of every year; 29 February is 1 March where there is none. */
function anniversaries(day: number, firstYear: number, lastYear: number): readonly number[] {
  const date = new Date(day * 86_400_000)
  return Array.from({ length: lastYear - firstYear + 1 }, (_, index) => Date.UTC(firstYear + index, date.getUTCMonth(), date.getUTCDate()) / 86_400_000)
}
