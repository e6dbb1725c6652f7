import type { Origins } from './align.ts'
import { usersOf, type ShownSequences } from './sequences.ts'

/** How rows may be sorted; `given` is the order in which the users came. */
export const rowSorts = ['similar', 'events', 'duration', 'first', 'last', 'given'] as const
export type RowSort = (typeof rowSorts)[number]

/** Which users have a row, in order, and how many have none, by reason. */
export interface Rows {
  readonly rows: Int32Array
  /** Users without the event that is aligned. */
  readonly unaligned: number
  /** Users all of whose events are of hidden types. */
  readonly hidden: number
}

/** The rows of the users that `isWanted`, in an order: those that are equal in it stay as they came. `similar` is the order by similarity. */
export function sortRows(shown: ShownSequences, origins: Origins, { sort, descending, similar, isWanted }: { readonly sort: RowSort; readonly descending: boolean; readonly similar: Int32Array | undefined; readonly isWanted: (user: number) => boolean }): Rows {
  const rows: number[] = []
  let unaligned = 0
  let hidden = 0
  const byLikeness = sort === 'similar' ? similar : undefined
  for (let place = 0; place < usersOf(shown); place++) {
    const user = byLikeness === undefined ? place : (byLikeness[place] as number)
    if (origins.event[user] === -1) unaligned++
    else if (shown.starts[user] === shown.starts[user + 1]) hidden++
    else if (isWanted(user)) rows.push(user)
  }
  const value = valueOf(shown, sort)
  const sign = descending ? -1 : 1
  if (value !== undefined) rows.sort((a, b) => sign * (value(a) - value(b)) || a - b)
  else if (descending) rows.reverse()
  return { rows: Int32Array.from(rows), unaligned, hidden }
}

function valueOf({ starts, time, count }: ShownSequences, sort: RowSort): ((user: number) => number) | undefined {
  const first = (user: number): number => time[starts[user] as number] as number
  const last = (user: number): number => time[(starts[user + 1] as number) - 1] as number
  switch (sort) {
    case 'events':
      return (user) => count.subarray(starts[user], starts[user + 1]).reduce((sum, one) => sum + one, 0)
    case 'duration':
      return (user) => last(user) - first(user)
    case 'first':
      return first
    case 'last':
      return last
    default:
      return undefined
  }
}
