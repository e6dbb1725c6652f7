import type { SequenceData } from './sequence-data.ts'

/** Limits of distance between two steps, as the miner has them. */
export interface Distance {
  /** How many other items may stand between two steps. */
  readonly maxBetween: number | undefined
  /** Microseconds, inclusive. */
  readonly maxGap: number | undefined
}

/**
 * Where a pattern is found: for each sequence that holds it, the places of its first and of its last item, ends where it
 * is complete first. Without limits of distance that is the first item's first place; with limits the latest start that
 * leads there.
 */
export function* occurrences(data: SequenceData, pattern: ArrayLike<number>, distance: Distance): Generator<{ readonly sequence: number; readonly first: number; readonly last: number }> {
  const isLimited = distance.maxBetween !== undefined || distance.maxGap !== undefined
  for (let sequence = 0; sequence + 1 < data.starts.length; sequence++) {
    const found = isLimited ? findWithin(data, sequence, pattern, distance) : findFirst(data, sequence, pattern)
    if (found !== undefined) yield { sequence, ...found }
  }
}

function findFirst({ items, starts }: SequenceData, sequence: number, pattern: ArrayLike<number>): { readonly first: number; readonly last: number } | undefined {
  let step = 0
  let first = -1
  for (let at = starts[sequence] as number; at < (starts[sequence + 1] as number); at++) {
    if (items[at] !== pattern[step]) continue
    if (step === 0) first = at
    if (++step === pattern.length) return { first, last: at }
  }
  return undefined
}

function findWithin({ items, starts, time }: SequenceData, sequence: number, pattern: ArrayLike<number>, { maxBetween, maxGap }: Distance): { readonly first: number; readonly last: number } | undefined {
  const end = starts[sequence + 1] as number
  // ends of the pattern so far, by place, each with the latest start that leads there
  let ends = new Map<number, number>()
  for (let at = starts[sequence] as number; at < end; at++) if (items[at] === pattern[0]) ends.set(at, at)
  for (let step = 1; step < pattern.length && ends.size > 0; step++) {
    const next = new Map<number, number>()
    for (const [place, first] of ends) {
      for (let at = place + 1; at < end && at - place - 1 <= (maxBetween ?? Number.POSITIVE_INFINITY); at++) {
        if ((time[at] as number) - (time[place] as number) > (maxGap ?? Number.POSITIVE_INFINITY)) break
        if (items[at] === pattern[step]) next.set(at, Math.max(first, next.get(at) ?? -1))
      }
    }
    ends = next
  }
  const last = Math.min(...ends.keys())
  return ends.size === 0 ? undefined : { first: ends.get(last) as number, last }
}
