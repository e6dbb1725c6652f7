import fc from 'fast-check'
import type { Sequences } from './sequences.ts'

/** Sequences of these types, an event a second; every user begins a minute after the one before. */
export function sequencesOf(lists: readonly (readonly number[])[]): Sequences {
  const starts = new Int32Array(lists.length + 1)
  for (const [user, list] of lists.entries()) starts[user + 1] = (starts[user] as number) + list.length
  return { starts, type: Int32Array.from(lists.flat()), time: Float64Array.from(lists.flatMap((list, user) => list.map((_, step) => 60_000 * user + 1000 * step))) }
}

/** The types of some users' events, of five types. */
export const typeLists: fc.Arbitrary<number[][]> = fc.array(fc.array(fc.nat(4), { maxLength: 12 }), { maxLength: 30 })
