import { AppError } from '../../../shared/errors.ts'

/** Offsets that have been read, [first, next); an empty range remembers where a partition begins that has given nothing yet. */
export interface Range {
  readonly first: bigint
  readonly next: bigint
}

/** Ranges of one partition: ordered, without overlap, never touching. */
export type Ranges = readonly Range[]

/**
 * Adds a range that was just read.
 *
 * @throws AppError CONFLICT when part of it had been read before: storing it would double events.
 */
export function addRange(ranges: Ranges, added: Range): Ranges {
  if (added.next < added.first) throw new Error(`range ends at ${added.next}, before its beginning ${added.first}`)
  // a place where a partition once began says nothing more when it lies inside of what was read
  const known = ranges.filter((range) => range.first !== range.next || range.first <= added.first || range.first >= added.next)
  const before = known.filter((range) => range.next <= added.first)
  const after = known.filter((range) => range.first >= added.next)
  if (before.length + after.length !== known.length) {
    throw new AppError('CONFLICT', `Offsets ${added.first} to ${added.next} have been read in part already.`)
  }
  const left = before.at(-1)
  const right = after[0]
  const first = left?.next === added.first ? left.first : added.first
  const next = right?.first === added.next ? right.next : added.next
  return [...(left?.next === added.first ? before.slice(0, -1) : before), { first, next }, ...(right?.first === added.next ? after.slice(1) : after)]
}
