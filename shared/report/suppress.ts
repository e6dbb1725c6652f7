import type { BehaviorReport, Trend, Who } from './model.ts'

type Count = number | null

/**
 * Leaves out counts that are under a minimum, and counts how many. Where one alone could be worked out from its sum, the
 * next smallest goes with it.
 */
export class Suppression {
  count = 0
  private readonly least: number

  constructor(least: number) {
    this.least = least
  }

  behavior(behavior: BehaviorReport): BehaviorReport {
    if (this.least === 1) return behavior
    const { counts, span, duration, trend, perUser, funnel, times, returns, who, why, ...rest } = behavior
    const isFew = this.isFew(counts.users) || this.isFew(counts.occurrences)
    const hasFewPending = this.isFew(counts.pending) || this.isFew(counts.confirmed)
    const occurrences = this.drop(counts.occurrences, isFew)
    return {
      ...rest,
      counts: {
        ...counts,
        occurrences,
        users: this.drop(counts.users, isFew),
        confirmed: this.drop(counts.confirmed, isFew || hasFewPending),
        pending: this.drop(counts.pending, isFew || hasFewPending),
        tied: this.drop(counts.tied, this.isFew(counts.tied)),
        late: this.drop(counts.late, this.isFew(counts.late)),
        open: this.drop(counts.open, this.isFew(counts.open)),
      },
      ...(isFew ? {} : { ...(span === undefined ? {} : { span }), ...(duration === undefined ? {} : { duration }) }),
      ...(trend === undefined ? {} : { trend: this.trend(trend) }),
      ...(perUser === undefined ? {} : { perUser: this.rows(perUser, ({ users }) => users, (row) => ({ ...row, users: null })) }),
      ...(funnel === undefined ? {} : { funnel: funnel.map((row) => (this.isFew(row.users) || this.isFew(row.occurrences) ? { ...row, occurrences: this.drop(row.occurrences, true), users: this.drop(row.users, true) } : row)) }),
      // percentiles of a few are the times of single users
      ...(times === undefined ? {} : { times: times.filter(({ count }) => !this.isFew(count) || !this.note()).map((one) => ({ ...one, histogram: one.histogram.map((n) => this.drop(n, this.isFew(n))) })) }),
      ...(returns === undefined ? {} : { returns: returns.filter(({ count }) => !this.isFew(count) || !this.note()).map(({ least: _least, most: _most, ...one }) => one) }),
      ...(who === undefined ? {} : { who: who.map((one) => this.who(one)) }),
      ...(why === undefined ? {} : {
        why: 'refused' in why ? why : {
          ...why,
          // its sentence says all four counts
          findings: why.findings.filter(({ exposedMatched, exposedUnmatched, unexposedMatched, unexposedUnmatched }) => ![exposedMatched, exposedUnmatched, unexposedMatched, unexposedUnmatched].some((n) => this.isFew(n)) || !this.note()),
        },
      }),
    }
  }

  private trend({ resolution, buckets }: Trend): Trend {
    return { resolution, buckets: this.rows(buckets, ({ users, confirmed, pending }) => smallest(users, confirmed, pending), (bucket) => ({ ...bucket, confirmed: null, pending: null, users: null })) }
  }

  private who(who: Who): Who {
    const few = new Set(who.values.filter(({ users, occurrences }) => this.isFew(users) || this.isFew(occurrences)))
    if (few.size === 0) return who
    const next = who.values.filter((value) => !few.has(value)).at(-1)
    if (few.size === 1 && who.rest.values === 0 && next !== undefined) few.add(next)
    this.count += few.size
    const occurrences = [...few].reduce((sum, value) => sum + (value.occurrences ?? 0), who.rest.occurrences ?? 0)
    return { ...who, values: who.values.filter((value) => !few.has(value)), rest: { values: who.rest.values + few.size, occurrences: this.drop(occurrences, this.isFew(occurrences)) } }
  }

  /** Rows of which none may be worked out from the sum of all. */
  private rows<R>(rows: readonly R[], value: (row: R) => Count, without: (row: R) => R): R[] {
    const few = new Set(rows.filter((row) => this.isFew(value(row))))
    if (few.size === 1) {
      const [next] = rows.filter((row) => !few.has(row) && (value(row) ?? 0) > 0).sort((a, b) => (value(a) ?? 0) - (value(b) ?? 0))
      if (next !== undefined) few.add(next)
    }
    this.count += few.size
    return rows.map((row) => (few.has(row) ? without(row) : row))
  }

  private isFew(count: Count): boolean {
    return count !== null && count > 0 && count < this.least
  }

  private drop(count: Count, isDropped: boolean): Count {
    if (!isDropped || count === 0) return count
    this.count++
    return null
  }

  private note(): true {
    this.count++
    return true
  }
}

/** The least that is more than nothing; 0 where there is none. */
function smallest(...counts: readonly Count[]): number {
  const some = counts.filter((count): count is number => count !== null && count > 0)
  return some.length === 0 ? 0 : Math.min(...some)
}
