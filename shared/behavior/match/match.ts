import { bindSequence, type BoundSequence } from './bind.ts'
import { Chain, isChain } from './chain.ts'
import type { EventColumns } from './columns.ts'
import type { Matches, RowMatch } from './matches.ts'
import { Search } from './search.ts'
import type { SequenceBody } from '../syntax.ts'

export type { RowMatch } from './matches.ts'

/** What was found in columns. */
export class Matched {
  /** Starts that events to come may still complete. */
  readonly open: number
  /** The matches in columns. */
  readonly found: Matches
  private objects: readonly RowMatch[] | undefined

  constructor(found: Matches, open: number) {
    this.found = found
    this.open = open
  }

  /** How many matches there are, without making them. */
  get count(): number {
    return this.found.length
  }

  /** The matches, by sequence and in the order in which they were found; made when they are asked for first. */
  get matches(): readonly RowMatch[] {
    return (this.objects ??= this.found.toArray())
  }
}

/**
 * Finds the matches of a pattern in columns (SEMANTICS.md). `watermark` in microseconds: no event older than this is
 * awaited any more; Infinity when no event will come at all.
 *
 * @throws TooExpensive
 */
export function matchColumns(body: SequenceBody, columns: EventColumns, watermark: number): Matched {
  const plan = bindSequence(body, columns)
  const search = isChain(plan) ? new Chain(plan, columns, watermark) : new Search(plan, columns, watermark)
  const { starts } = columns
  let open = 0
  for (let sequence = 0; sequence < starts.length - 1; sequence++) {
    const end = starts[sequence + 1] as number
    for (let from = starts[sequence] as number; from < end; ) {
      const to = sessionEnd(plan, columns, from, end)
      open += search.searchSession(from, to, sequence)
      from = to
    }
  }
  return new Matched(search.matches, open)
}

/** The end of the session that begins at a row. */
function sessionEnd({ session }: BoundSequence, { time }: EventColumns, from: number, end: number): number {
  if (session === Number.POSITIVE_INFINITY) return end
  let row = from + 1
  while (row < end && (time[row] as number) - (time[row - 1] as number) <= session) row++
  return row
}
