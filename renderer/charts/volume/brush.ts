/** A range of time, epoch milliseconds. */
export interface TimeSpan {
  readonly from: number
  readonly to: number
}

/** What a pointer that goes down on a histogram takes hold of. */
export type Grip = 'new' | 'from' | 'to' | 'body'

/** So near to an edge a pointer takes the edge, in pixels. */
const edge = 6

/** What lies under a pointer. Positions are pixels. */
export function gripAt(x: number, selection: { readonly from: number; readonly to: number } | undefined): Grip {
  if (selection === undefined) return 'new'
  if (Math.abs(x - selection.from) <= edge) return 'from'
  if (Math.abs(x - selection.to) <= edge) return 'to'
  return x > selection.from && x < selection.to ? 'body' : 'new'
}

/** The selection while a pointer that went down at `start` is at `now` (times), kept inside of the domain. */
export function dragged(grip: Grip, before: TimeSpan | undefined, start: number, now: number, domain: TimeSpan): TimeSpan {
  const inside = (time: number): number => Math.min(domain.to, Math.max(domain.from, time))
  if (grip === 'new' || before === undefined) return ordered(inside(start), inside(now))
  if (grip === 'from') return ordered(inside(now), before.to)
  if (grip === 'to') return ordered(before.from, inside(now))
  const shift = Math.min(domain.to - before.to, Math.max(domain.from - before.from, now - start))
  return { from: before.from + shift, to: before.to + shift }
}

/** The selection moved by a share of its own length, for the arrow keys. */
export function nudged(selection: TimeSpan, share: number, domain: TimeSpan): TimeSpan {
  return dragged('body', selection, 0, (selection.to - selection.from) * share, domain)
}

function ordered(a: number, b: number): TimeSpan {
  return a <= b ? { from: a, to: b } : { from: b, to: a }
}
