import { bindSequence, type BoundSequence } from './bind.ts'
import type { EventColumns, Value } from './columns.ts'
import { Search, type Found } from './search.ts'
import type { SequenceBody } from '../syntax.ts'

/** One match, by rows of the columns that were searched. */
export interface RowMatch {
  /** Which sequence of the columns. */
  readonly sequence: number
  readonly rows: Int32Array
  /** The step of each row, by its place among the steps. */
  readonly steps: Int32Array
  /** Microseconds: the match is pending until the watermark is greater; undefined when it is confirmed. */
  readonly pendingUntil: number | undefined
  /** True when two of its events have the same time, so that it hangs on how ties are ordered. */
  readonly tied: boolean
  readonly returns: readonly Value[]
}

/** What was found in columns. */
export interface Matched {
  readonly matches: readonly RowMatch[]
  /** Starts that events to come may still complete. */
  readonly open: number
}

/**
 * Finds the matches of a pattern in columns (SEMANTICS.md). `watermark` in microseconds: no event older than this is
 * awaited any more; Infinity when no event will come at all.
 *
 * @throws TooExpensive
 */
export function matchColumns(body: SequenceBody, columns: EventColumns, watermark: number): Matched {
  const plan = bindSequence(body, columns)
  const search = new Search(plan, columns, watermark)
  const matches: RowMatch[] = []
  let open = 0
  const sequences = columns.starts.length - 1
  for (let sequence = 0; sequence < sequences; sequence++) {
    const end = columns.starts[sequence + 1] as number
    for (let from = columns.starts[sequence] as number; from < end; ) {
      const to = sessionEnd(plan, columns, from, end)
      if (to - from > 0 && search.open(from, to)) open += searchSession(plan, search, columns, watermark, sequence, from, matches)
      from = to
    }
  }
  return { matches, open }
}

/** The end of the session that begins at a row. */
function sessionEnd({ session }: BoundSequence, { time }: EventColumns, from: number, end: number): number {
  if (session === Number.POSITIVE_INFINITY) return end
  let row = from + 1
  while (row < end && (time[row] as number) - (time[row - 1] as number) <= session) row++
  return row
}

function searchSession(plan: BoundSequence, search: Search, columns: EventColumns, watermark: number, sequence: number, from: number, matches: RowMatch[]): number {
  let open = 0
  for (let start = search.startAt(from); start !== -1; ) {
    const found = search.run(start)
    if (found.length === 0) {
      if (search.ranOut) open++
      start = search.startAt(start + 1)
      continue
    }
    let last = start
    for (const one of found) {
      matches.push(toMatch(plan, one, columns, watermark, sequence))
      last = Math.max(last, one.rows[one.rows.length - 1] as number)
    }
    start = search.startAt((plan.overlap ? start : last) + 1)
  }
  return open
}

function toMatch(plan: BoundSequence, { rows, steps, bound, known }: Found, columns: EventColumns, watermark: number, sequence: number): RowMatch {
  const last = rows[rows.length - 1] as number
  return {
    sequence,
    rows,
    steps,
    pendingUntil: watermark > known ? undefined : known,
    tied: rows.some((row, index) => index > 0 && columns.time[row] === columns.time[rows[index - 1] as number]),
    returns: plan.returns.map(({ value }) => value(last, bound)),
  }
}
