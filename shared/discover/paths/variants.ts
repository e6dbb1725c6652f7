import type { Walks } from './walks.ts'

/** A way that units went, step by step, without the type they all begin with. */
export interface Variant {
  readonly types: readonly number[]
  /** Whether it stopped before the last column. */
  readonly ended: boolean
  readonly units: number
  readonly users: number
}

/**
 * The different ways, the most frequent first. Walks are told apart step by step, each by a number for what it was so far
 * and its next type, so that no text is made for ways that hardly anybody went.
 */
export function variantsOf(walks: Walks, steps: number, limit: number): { readonly variants: readonly Variant[]; readonly distinct: number } {
  const groups = new Uint32Array(walks.count)
  let distinct = Math.min(1, walks.count)
  for (let step = 0; step < steps; step++) {
    const numbers = new Map<number, number>()
    for (let walk = 0; walk < walks.count; walk++) {
      const at = walks.starts.at(walk) + step
      // codes of types are below 2^21, and so is 0 for the end: with a group's 2^32 a double still tells all apart
      const name = (groups[walk] as number) * 2 ** 21 + (at < walks.starts.at(walk + 1) ? walks.types.at(at) + 1 : 0)
      let number = numbers.get(name)
      if (number === undefined) numbers.set(name, (number = numbers.size))
      groups[walk] = number
    }
    distinct = numbers.size
  }
  const [units, users, lastUser, example] = [new Uint32Array(distinct), new Uint32Array(distinct), new Int32Array(distinct).fill(-1), new Uint32Array(distinct)]
  for (let walk = 0; walk < walks.count; walk++) {
    const group = groups[walk] as number
    if (units[group] === 0) example[group] = walk
    units[group] = (units[group] as number) + 1
    if (lastUser[group] === walks.users.at(walk)) continue
    lastUser[group] = walks.users.at(walk)
    users[group] = (users[group] as number) + 1
  }
  const ranked = Uint32Array.from(units.keys()).sort((a, b) => (units[b] as number) - (units[a] as number) || a - b)
  const variants = [...ranked.subarray(0, limit)].map((group): Variant => {
    const from = walks.starts.at(example[group] as number)
    const types = Array.from({ length: walks.starts.at((example[group] as number) + 1) - from }, (_, at) => walks.types.at(from + at))
    return { types, ended: types.length < steps, units: units[group] as number, users: users[group] as number }
  })
  return { variants, distinct }
}
