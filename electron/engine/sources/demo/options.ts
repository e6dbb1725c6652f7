import { AppError } from '../../../../shared/errors.ts'

/** What makes a demo shop. The same options give the same log, record by record. */
export interface ShopOptions {
  /** Any safe integer. */
  readonly seed: number
  /** When the shop opens: epoch milliseconds, the start of the log. */
  readonly from: number
  /** How many known users there are; a few of them do most of the visits. */
  readonly users?: number
  /** Events of an average day, about. */
  readonly eventsPerDay?: number
  /** Share of visits without a user. */
  readonly anonymousShare?: number
  /** Share of bystander events (those no planted behavior hangs on) that reach the log late, by seconds up to two hours. */
  readonly lateShare?: number
  /** Share of bystander events that reach the log twice. */
  readonly duplicateShare?: number
}

/** Fills in the defaults: 200,000 events a week. Throws BAD_REQUEST when an option is out of its range. */
export function checkedOptions(options: ShopOptions): Required<ShopOptions> {
  const checked = { users: 5_000, eventsPerDay: 28_600, anonymousShare: 0.12, lateShare: 0.01, duplicateShare: 0.002, ...options }
  const { seed, from, users, eventsPerDay } = checked
  ensure(Number.isSafeInteger(seed), 'seed', 'an integer')
  ensure(Number.isSafeInteger(from) && from >= 0, 'from', 'whole milliseconds since 1970')
  ensure(Number.isSafeInteger(users) && users >= 1 && users <= 10_000_000, 'users', 'an integer from 1 to 10,000,000')
  ensure(eventsPerDay > 0 && eventsPerDay <= 1e9, 'eventsPerDay', 'above 0 and at most 1,000,000,000')
  for (const share of ['anonymousShare', 'lateShare', 'duplicateShare'] as const) ensure(checked[share] >= 0 && checked[share] <= 1, share, 'from 0 to 1')
  return checked
}

function ensure(holds: boolean, option: string, range: string): void {
  if (!holds) throw new AppError('BAD_REQUEST', `the demo shop's ${option} must be ${range}`)
}
