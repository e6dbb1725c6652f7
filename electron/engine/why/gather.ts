import type { Collected } from './collect.ts'
import type { Surroundings } from './surroundings.ts'

type Column = Int32Array | Float32Array | Float64Array | Uint8Array | Uint16Array

/** Puts the parts of a cohort together. There is at least one. */
export function gather(parts: readonly Collected[]): Collected {
  const [first] = parts
  if (first === undefined) throw new Error('nothing was collected')
  if (parts.length === 1) return first
  const join = <T extends Column>(pick: (part: Collected) => T): T => concat(parts.map(pick))
  const around = (pick: (part: Collected) => Surroundings): Surroundings => ({
    gap: pick(first).gap.map((_, kind) => join((part) => pick(part).gap[kind] as Float32Array)),
    count: pick(first).count.map((_, kind) => join((part) => pick(part).count[kind] as Uint16Array)),
    after: pick(first).after.map((_, kind) => join((part) => pick(part).after[kind] as Float64Array)),
  })
  return {
    size: parts.reduce((sum, { size }) => sum + size, 0),
    matched: join((part) => part.matched),
    decided: join((part) => part.decided),
    until: join((part) => part.until),
    time: join((part) => part.time),
    key: join((part) => part.key),
    user: join((part) => part.user),
    again: join((part) => part.again),
    sinceFirst: join((part) => part.sinceFirst),
    sincePrevious: join((part) => part.sincePrevious),
    earlier: join((part) => part.earlier),
    ofUser: around((part) => part.ofUser),
    ofSequence: first.ofSequence === undefined ? undefined : around((part) => part.ofSequence as Surroundings),
    attributes: first.attributes.map((fields, step) => new Map([...fields.keys()].map((name) => [name, join((part) => part.attributes[step]?.get(name) as Float64Array)]))),
    betweenSteps: first.betweenSteps.map((_, step) => join((part) => part.betweenSteps[step] as Float64Array)),
  }
}

/** The chances at some places. */
export function select(part: Collected, places: readonly number[]): Collected {
  const pick = <T extends Column>(column: T): T => (column.constructor as unknown as { from(values: ArrayLike<number>): T }).from(places.map((at) => column[at] as number))
  const around = ({ gap, count, after }: Surroundings): Surroundings => ({ gap: gap.map(pick), count: count.map(pick), after: after.map(pick) })
  return {
    size: places.length,
    matched: pick(part.matched),
    decided: pick(part.decided),
    until: pick(part.until),
    time: pick(part.time),
    key: pick(part.key),
    user: pick(part.user),
    again: pick(part.again),
    sinceFirst: pick(part.sinceFirst),
    sincePrevious: pick(part.sincePrevious),
    earlier: pick(part.earlier),
    ofUser: around(part.ofUser),
    ofSequence: part.ofSequence === undefined ? undefined : around(part.ofSequence),
    attributes: part.attributes.map((fields) => new Map([...fields].map(([name, column]) => [name, pick(column)]))),
    betweenSteps: part.betweenSteps.map(pick),
  }
}

function concat<T extends Column>(arrays: readonly T[]): T {
  const [first] = arrays as [T]
  const all = new (first.constructor as new (length: number) => T)(arrays.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const array of arrays) {
    all.set(array, at)
    at += array.length
  }
  return all
}
