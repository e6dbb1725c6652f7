import type { LoadedColumns, LoadedField } from '../store/read-columns.ts'
import type { Chance } from './find-chances.ts'
import type { Kinds } from './kinds.ts'
import type { Sequences } from './sequences.ts'
import { emptySurroundings, survey, type Anchor, type Surroundings } from './surroundings.ts'

/** What is known of the chances of a part, each a place in every array. */
export interface Collected {
  readonly size: number
  readonly matched: Uint8Array
  readonly decided: Uint8Array
  /** Microseconds from the start to `until`. */
  readonly until: Float64Array
  /** Of the start, which is the last of the shared steps; microseconds. */
  readonly time: Float64Array
  /** Codes of keys of the workspace, −1 without one. */
  readonly key: Int32Array
  /** A number for each user. */
  readonly user: Int32Array
  /** Whether the same user has shown the behavior before. */
  readonly again: Uint8Array
  readonly sinceFirst: Float64Array
  readonly sincePrevious: Float64Array
  readonly earlier: Float64Array
  /** Around the start among all events of the user, and among those of the same sequence where that is less. */
  readonly ofUser: Surroundings
  readonly ofSequence: Surroundings | undefined
  /** Of each shared step the fields of its event; texts are codes. */
  readonly attributes: readonly ReadonlyMap<string, Int32Array | Float64Array>[]
  /** Microseconds from each shared step to the next. */
  readonly betweenSteps: readonly Float64Array[]
}

/** What is asked of each chance. */
export interface Asked {
  readonly kinds: Kinds
  /** Fields whose values at the shared steps are kept. */
  readonly attributes: readonly string[]
  readonly steps: number
}

/** Collects what is known of chances, in the order of their users. `firstUser` numbers users on from the part before. */
export function collect(loaded: LoadedColumns, { columns, rowOf }: Sequences, chances: readonly Chance[], { kinds, attributes, steps }: Asked, firstUser: number): Collected {
  const size = chances.length
  const isCut = columns !== loaded
  const rows = chances.map(({ steps: bound }) => bound.map((row) => (row === -1 ? -1 : (rowOf[row] as number))))
  const anchor = Int32Array.from(rows, (bound) => Math.max(...bound))
  const userOf = usersOf(loaded)
  const order = [...chances.keys()].sort((left, right) => (anchor[left] as number) - (anchor[right] as number))
  const field = (name: string): LoadedField | undefined => loaded.fields.get(name)
  const keys = field('key')
  const collected: Collected = {
    size,
    matched: Uint8Array.from(order, (at) => (chances[at]?.matched === true ? 1 : 0)),
    decided: Uint8Array.from(order, (at) => (chances[at]?.decided === true ? 1 : 0)),
    time: Float64Array.from(order, (at) => loaded.time[anchor[at] as number] as number),
    until: Float64Array.from(order, (at) => (chances[at] as Chance).until - (loaded.time[anchor[at] as number] as number)),
    key: Int32Array.from(order, (at) => (keys?.kind === 'text' ? (keys.codes[anchor[at] as number] as number) : -1)),
    user: Int32Array.from(order, (at) => firstUser + (userOf[anchor[at] as number] as number)),
    again: new Uint8Array(size),
    sinceFirst: new Float64Array(size),
    sincePrevious: new Float64Array(size).fill(Number.NaN),
    earlier: new Float64Array(size),
    ofUser: emptySurroundings(kinds.kinds.length, size),
    ofSequence: isCut ? emptySurroundings(kinds.kinds.length, size) : undefined,
    attributes: Array.from({ length: steps }, (_, step) => new Map(attributes.map((name) => [name, valuesOf(field(name), order.map((at) => rows[at]?.[step] ?? -1))]))),
    betweenSteps: Array.from({ length: steps - 1 }, (_, step) => Float64Array.from(order, (at) => between(loaded, rows[at]?.[step] ?? -1, rows[at]?.[step + 1] ?? -1))),
  }
  surveyUsers(loaded, chances, order, anchor, kinds, collected)
  if (collected.ofSequence !== undefined) surveySequences(loaded, { columns, rowOf }, chances, order, kinds, collected.ofSequence)
  return collected
}

function surveyUsers(loaded: LoadedColumns, chances: readonly Chance[], order: readonly number[], anchor: Int32Array, kinds: Kinds, into: Collected): void {
  for (let from = 0; from < order.length; ) {
    const user = into.user[from]
    let to = from
    while (to < order.length && into.user[to] === user) to++
    const first = loaded.starts[userIndex(loaded.starts, anchor[order[from] as number] as number)] as number
    const end = loaded.starts[userIndex(loaded.starts, first) + 1] as number
    const anchors: Anchor[] = []
    // the outcomes of the user's earlier chances, which may be later than this start
    let outcome = Number.POSITIVE_INFINITY
    for (let at = from; at < to; at++) {
      const row = anchor[order[at] as number] as number
      const time = loaded.time[row] as number
      const { until, matched } = chances[order[at] as number] as Chance
      anchors.push({ place: row - first, until, chance: at })
      into.sinceFirst[at] = time - (loaded.time[first] as number)
      if (row > first) into.sincePrevious[at] = time - (loaded.time[row - 1] as number)
      into.earlier[at] = row - first
      into.again[at] = outcome < time ? 1 : 0
      if (matched) outcome = Math.min(outcome, until)
    }
    survey(loaded, Int32Array.from({ length: end - first }, (_, at) => first + at), anchors, kinds, into.ofUser)
    from = to
  }
}

function surveySequences(loaded: LoadedColumns, { columns, rowOf }: Sequences, chances: readonly Chance[], order: readonly number[], kinds: Kinds, into: Surroundings): void {
  const bySequence = new Map<number, Anchor[]>()
  order.forEach((at, chance) => {
    const { sequence, steps, until } = chances[at] as Chance
    const place = Math.max(...steps) - (columns.starts[sequence] as number)
    const anchors = bySequence.get(sequence)
    if (anchors === undefined) bySequence.set(sequence, [{ place, until, chance }])
    else anchors.push({ place, until, chance })
  })
  for (const [sequence, anchors] of bySequence) survey(loaded, rowOf.subarray(columns.starts[sequence], columns.starts[sequence + 1]), anchors.sort((left, right) => left.place - right.place), kinds, into)
}

function valuesOf(field: LoadedField | undefined, rows: readonly number[]): Int32Array | Float64Array {
  if (field === undefined) return new Float64Array(rows.length).fill(Number.NaN)
  if (field.kind === 'text') return Int32Array.from(rows, (row) => (row === -1 ? -1 : (field.codes[row] as number)))
  return Float64Array.from(rows, (row) => (row === -1 ? Number.NaN : (field.values[row] as number)))
}

function between({ time }: LoadedColumns, from: number, to: number): number {
  return from === -1 || to === -1 ? Number.NaN : (time[to] as number) - (time[from] as number)
}

/** The user of each row. */
function usersOf({ starts, length }: LoadedColumns): Int32Array {
  const users = new Int32Array(length)
  for (let user = 0; user + 1 < starts.length; user++) users.fill(user, starts[user], starts[user + 1])
  return users
}

/** Which of ascending starts a row lies behind. */
function userIndex(starts: Int32Array, row: number): number {
  let [low, high] = [0, starts.length - 1]
  while (high - low > 1) {
    const middle = (low + high) >>> 1
    if ((starts[middle] as number) <= row) low = middle
    else high = middle
  }
  return low
}
