import type { Match } from '../../../shared/model/match.ts'

/** The order of results (SEMANTICS.md rule 29): by end, then start, then key. */
export function byEnd(a: Match, b: Match): number {
  return compare(a.end, b.end) || compare(a.start, b.start) || compare(JSON.stringify(a.key), JSON.stringify(b.key))
}

/** Matches of one key by start, then end. */
export function byStart(a: Match, b: Match): number {
  return compare(a.start, b.start) || compare(a.end, b.end)
}

function compare<T extends bigint | string>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0
}
