import { usersOf, type Sequences } from './sequences.ts'

/** One exact sequence of types, and how many users have it. */
export interface Variant {
  /** The same for the same types in the same order, in every workspace and at every time. */
  readonly id: string
  /** The first user that has it. */
  readonly user: number
  readonly users: number
}

/** The exact sequences of many users. */
export interface Variants {
  /** The most common first; among equals the shorter, then the one that comes first. */
  readonly ranked: readonly Variant[]
  /** The place in `ranked` of each user's sequence; -1 for a user that has no event or is not wanted. */
  readonly of: Int32Array
}

/** Groups the users that `isWanted` by their exact sequence of types. `names` are the types by their places. */
export function variantsOf(sequences: Sequences, names: readonly string[], isWanted: (user: number) => boolean = () => true): Variants {
  const hashes = Int32Array.from(names, hashText)
  const groups: { readonly id: string; readonly user: number; users: number }[] = []
  const byId = new Map<string, number[]>()
  const of = new Int32Array(usersOf(sequences)).fill(-1)
  const lengthOf = (user: number): number => (sequences.starts[user + 1] as number) - (sequences.starts[user] as number)
  for (let user = 0; user < of.length; user++) {
    if (lengthOf(user) === 0 || !isWanted(user)) continue
    const id = sequenceId(sequences, user, hashes)
    const alike = byId.get(id) ?? []
    byId.set(id, alike)
    // a hash only says where to look
    let group = alike.find((candidate) => compareSequences(sequences, (groups[candidate] as { readonly user: number }).user, user) === 0)
    if (group === undefined) {
      group = groups.length
      groups.push({ id, user, users: 0 })
      alike.push(group)
    }
    ;(groups[group] as { users: number }).users++
    of[user] = group
  }
  const order = groups.map((_, group) => group).sort((a, b) => {
    const [one, other] = [groups[a] as Variant, groups[b] as Variant]
    return other.users - one.users || lengthOf(one.user) - lengthOf(other.user) || a - b
  })
  const places = new Int32Array(groups.length)
  for (const [place, group] of order.entries()) places[group] = place
  return { ranked: order.map((group) => groups[group] as Variant), of: of.map((group) => (group === -1 ? -1 : (places[group] as number))) }
}

/** Orders two users by their types: 0 only where the sequences are the same. */
export function compareSequences({ starts, type }: Pick<Sequences, 'starts' | 'type'>, one: number, other: number): number {
  const [a, b] = [starts[one] as number, starts[other] as number]
  const lengths = [(starts[one + 1] as number) - a, (starts[other + 1] as number) - b] as const
  for (let step = 0; step < Math.min(...lengths); step++) {
    const difference = (type[a + step] as number) - (type[b + step] as number)
    if (difference !== 0) return difference
  }
  return lengths[0] - lengths[1]
}

/** FNV-1a over UTF-16 units (Fowler, Noll, Vo). */
function hashText(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return hash
}

function sequenceId({ starts, type }: Sequences, user: number, hashes: Int32Array): string {
  let low = 0x811c9dc5
  let high = 0x9e3779b9
  for (let event = starts[user] as number; event < (starts[user + 1] as number); event++) {
    const hash = hashes[type[event] as number] as number
    low = Math.imul(low ^ hash, 0x01000193)
    low ^= low >>> 15
    high = Math.imul(high + hash, 0x85ebca6b)
    high ^= high >>> 13
  }
  return (low >>> 0).toString(36) + (high >>> 0).toString(36).padStart(7, '0')
}
