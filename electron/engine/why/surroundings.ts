import type { LoadedColumns } from '../store/read-columns.ts'
import type { Kinds } from './kinds.ts'

/** Where a chance stands among rows: its place in the order of `rows`, and until when events count (microseconds). */
export interface Anchor {
  readonly place: number
  readonly until: number
  /** Its place in the columns of what is collected. */
  readonly chance: number
}

/** For each kind, for each chance: seconds since the last such event, how many there were, microseconds to the next. */
export interface Surroundings {
  readonly gap: readonly Float32Array[]
  readonly count: readonly Uint16Array[]
  readonly after: readonly Float64Array[]
}

export function emptySurroundings(kinds: number, size: number): Surroundings {
  return {
    gap: Array.from({ length: kinds }, () => new Float32Array(size).fill(Number.POSITIVE_INFINITY)),
    count: Array.from({ length: kinds }, () => new Uint16Array(size)),
    after: Array.from({ length: kinds }, () => new Float64Array(size).fill(Number.POSITIVE_INFINITY)),
  }
}

/** What an event count stays at, however many more there are. */
const mostCounted = 65_535

/**
 * Notes for each anchor which kinds of events came before it and after it, in one pass in each direction. Only events
 * that stand before the anchor in order count as earlier, and only those behind it with a time before `until` as later.
 *
 * @param rows rows of one user, or of one sequence, in order
 * @param anchors in the order of their places
 */
export function survey(columns: LoadedColumns, rows: ArrayLike<number>, anchors: readonly Anchor[], { kinds, each }: Kinds, into: Surroundings): void {
  const last = new Float64Array(kinds.length).fill(Number.NaN)
  const seen = new Int32Array(kinds.length)
  let next = 0
  for (const { place, chance } of anchors) {
    for (; next < place; next++) {
      const row = rows[next] as number
      each(columns, row, (kind) => {
        last[kind] = columns.time[row] as number
        seen[kind] = (seen[kind] as number) + 1
      })
    }
    const time = columns.time[rows[place] as number] as number
    for (let kind = 0; kind < kinds.length; kind++) {
      if (seen[kind] === 0) continue
      ;(into.gap[kind] as Float32Array)[chance] = (time - (last[kind] as number)) / 1e6
      ;(into.count[kind] as Uint16Array)[chance] = Math.min(mostCounted, seen[kind] as number)
    }
  }
  last.fill(Number.NaN)
  next = rows.length - 1
  for (let index = anchors.length - 1; index >= 0; index--) {
    const { place, until, chance } = anchors[index] as Anchor
    for (; next > place; next--) {
      const row = rows[next] as number
      each(columns, row, (kind) => {
        last[kind] = columns.time[row] as number
      })
    }
    const time = columns.time[rows[place] as number] as number
    for (let kind = 0; kind < kinds.length; kind++) {
      const came = last[kind] as number
      if (came < until) (into.after[kind] as Float64Array)[chance] = came - time
    }
  }
}
