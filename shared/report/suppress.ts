import type { BehaviorReport, FunnelRow, Trend, Who, Why } from './model.ts'

type Count = number | null
type PerUser = NonNullable<BehaviorReport['perUser']>

/**
 * Leaves out counts that are under a minimum, and says how many. With them goes whatever they could be worked out from by
 * adding up or subtracting: what is hidden of a sum that is said is nothing or at least the minimum, and never one alone.
 */
export class Suppression {
  count = 0
  private readonly least: number

  constructor(least: number) {
    this.least = least
  }

  behavior(behavior: BehaviorReport): BehaviorReport {
    if (this.least === 1) return behavior
    const { name, version, text, lead, rules, durations, counts } = behavior
    if (this.isFew(counts.users) || this.isFew(counts.occurrences)) {
      // of a few, everything else is about single users as well
      const dropped = { occurrences: null, users: null, confirmed: null, pending: null, tied: null, late: null, open: null }
      this.count += Object.keys(dropped).length
      return { name, ...(version === undefined ? {} : { version }), text, lead, rules, durations, counts: { ...counts, ...dropped } }
    }
    const { trend, perUser, funnel, times, returns, who, why } = behavior
    const all = counts.occurrences
    const hasFewPending = this.isFew(counts.pending) || this.isFew(counts.confirmed)
    const isNearlyEveryone = this.isFew(difference(counts.population, counts.users))
    const isSaid = ({ count }: { readonly count: Count }): boolean => !this.isFew(count) && !this.isFew(difference(all, count))
    const merged = perUser === undefined || isNearlyEveryone ? undefined : this.perUser(perUser)
    return {
      ...behavior,
      counts: {
        ...counts,
        users: this.drop(counts.users, isNearlyEveryone),
        confirmed: this.drop(counts.confirmed, hasFewPending),
        pending: this.drop(counts.pending, hasFewPending),
        tied: this.drop(counts.tied, this.isFew(counts.tied) || this.isFew(difference(all, counts.tied))),
        late: this.drop(counts.late, this.isFew(counts.late) || this.isFew(difference(all, counts.late))),
        open: this.drop(counts.open, this.isFew(counts.open)),
      },
      ...(trend === undefined ? {} : { trend: this.trend(trend, hasFewPending) }),
      ...(perUser === undefined ? {} : { perUser: merged ?? [] }),
      ...(funnel === undefined ? {} : { funnel: this.funnel(funnel, counts.population, { occurrences: all, users: isNearlyEveryone ? null : counts.users }) }),
      ...(times === undefined ? {} : { times: this.only(times, isSaid).map((one) => ({ ...one, histogram: this.rows(one.histogram, (n) => [n], () => null) })) }),
      // the least and the most are of one match each
      ...(returns === undefined ? {} : { returns: this.only(returns, isSaid).map(({ least: _least, most: _most, ...one }) => one) }),
      ...(who === undefined ? {} : { who: who.map((one) => this.who(one, counts.users)) }),
      ...(why === undefined ? {} : { why: this.why(why) }),
    }
  }

  /** Where it is not said how many are pending, only the sum with the confirmed ones can be compared. */
  private trend({ resolution, buckets }: Trend, isSumOnly: boolean): Trend {
    const parts = ({ confirmed, pending }: Trend['buckets'][number]): readonly Count[] => (isSumOnly ? [sum([confirmed, pending])] : [confirmed, pending])
    return { resolution, buckets: this.rows(buckets, parts, (bucket) => ({ ...bucket, confirmed: null, pending: null, users: null }), ({ confirmed, pending, users }) => [confirmed, pending, users]) }
  }

  /** Those who did it often are said together, from where there are enough of them. */
  private perUser(perUser: PerUser): PerUser {
    const first = perUser.findIndex(({ users }) => this.isFew(users))
    if (first < 0) return perUser
    const many = (from: number): number => sum(perUser.slice(from).map(({ users }) => users))
    let from = first
    while (from > 0 && many(from) < this.least) from--
    this.count += perUser.length - from
    const begin = perUser[from]
    return from === 0 || begin === undefined ? [] : [...perUser.slice(0, from), { times: begin.times, orMore: true, users: many(from) }]
  }

  /** From the end, the counts of the behavior: a step is said where nobody is lost behind it, or enough. */
  private funnel(funnel: readonly FunnelRow[], population: number, end: Omit<FunnelRow, 'step'>): FunnelRow[] {
    let behind = end
    return funnel.reduceRight<FunnelRow[]>((said, row) => {
      const lost = [difference(row.occurrences, behind.occurrences), difference(row.users, behind.users)]
      const isHidden = [row.occurrences, row.users, difference(population, row.users), ...lost].some((n) => this.isFew(n === null ? null : Math.abs(n)))
      if (!isHidden) behind = row
      return [isHidden ? { ...row, occurrences: this.drop(row.occurrences, true), users: this.drop(row.users, true) } : row, ...said]
    }, [])
  }

  /** Values of a few go to those that are not listed; listed ones follow while these would be too few. */
  private who(who: Who, users: Count): Who {
    const few = who.values.filter((value) => this.isFew(value.users) || this.isFew(value.occurrences))
    const listed = who.values.filter((value) => !few.includes(value))
    const unlisted = (): number => (who.rest.occurrences ?? 0) + sum(few.map(({ occurrences }) => occurrences))
    const tellsFew = (): boolean => this.isFew(unlisted()) || this.isFew(difference(users, sum(listed.map((value) => value.users)))) || (few.length > 0 && who.rest.values + few.length < 2)
    while (listed.length > 0 && tellsFew()) few.push(...listed.splice(-1))
    this.count += few.length
    return { ...who, values: listed, rest: { values: who.rest.values + few.length, occurrences: unlisted() } }
  }

  /** Findings say four counts each, in words as well. */
  private why(why: Why): Why {
    if ('refused' in why) return why
    const { users, chances, matched, undecided, findings } = why
    if ([users, matched, chances - matched].some((n) => this.isFew(n))) {
      this.count += 3
      return { refused: 'There are too few to compare without saying how many.' }
    }
    const kept = this.only(findings, ({ exposedMatched, exposedUnmatched, unexposedMatched, unexposedUnmatched }) => ![exposedMatched, exposedUnmatched, unexposedMatched, unexposedUnmatched].some((n) => this.isFew(n)))
    return { ...why, undecided: this.drop(undecided, this.isFew(undecided)), findings: kept }
  }

  /** Rows without those that say few, and without the smallest others while the sum of what is hidden would be few. */
  private rows<R>(rows: readonly R[], parts: (row: R) => readonly Count[], without: (row: R) => R, beside: (row: R) => readonly Count[] = () => []): R[] {
    const all = rows.map((row, index) => ({ index, parts: parts(row), beside: beside(row) }))
    const isFewOf = (one: (typeof all)[number]): boolean => [...one.parts, ...one.beside].some((n) => this.isFew(n))
    const hidden = all.filter(isFewOf)
    const others = all.filter((one) => !isFewOf(one) && sum(one.parts) > 0).sort((a, b) => sum(a.parts) - sum(b.parts))
    const tellsFew = (): boolean => hidden.length === 1 || (hidden[0]?.parts ?? []).some((_, part) => this.isFew(sum(hidden.map((one) => one.parts[part] ?? 0))))
    while (others.length > 0 && tellsFew()) hidden.push(...others.splice(0, 1))
    this.count += hidden.length
    const indexes = new Set(hidden.map(({ index }) => index))
    return rows.map((row, index) => (indexes.has(index) ? without(row) : row))
  }

  private only<T>(items: readonly T[], isSaid: (item: T) => boolean): T[] {
    const said = items.filter(isSaid)
    this.count += items.length - said.length
    return said
  }

  private isFew(count: Count): boolean {
    return count !== null && count > 0 && count < this.least
  }

  private drop(count: Count, isDropped: boolean): Count {
    if (!isDropped || count === null) return count
    this.count++
    return null
  }
}

function sum(counts: readonly Count[]): number {
  return counts.reduce<number>((total, count) => total + (count ?? 0), 0)
}

function difference(whole: Count, part: Count): Count {
  return whole === null || part === null ? null : whole - part
}
