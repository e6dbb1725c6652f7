import { twoSided } from '../../why/normal.ts'
import type { UndoTally } from './tally.ts'

/** Two types, as places in the list of types, of which the second takes the first back. */
export interface Undo {
  readonly first: number
  readonly undo: number
  readonly pairs: number
  readonly undone: number
  readonly needs: number
  readonly users: number
}

/** Two types in an order, and how likely it is to see it so often by chance. */
export interface Ordered {
  readonly first: number
  readonly undo: number
  readonly p: number
}

/** Fewer cannot say anything. */
const leastUndone = 20
/** So many of the first are taken back at least, and so many of the second take something back: logs begin in the middle. */
const leastShare = 0.02
const leastNeeds = 0.2
/** Where both are, the first comes first in so many. */
const leastEarlier = 0.75
/** Another type precedes about as many where it precedes so large a part. */
const leastAlike = 0.9
/** An undo comes back: in so many at least. */
const leastReturned = 0.02

/** Every two types that are on the same value often enough, with the p value of their order, were it chance. */
export function orderedPairs(tally: UndoTally): readonly Ordered[] {
  const found: Ordered[] = []
  for (let first = 0; first < tally.size; first++) {
    for (let undo = 0; undo < tally.size; undo++) {
      const pair = first * tally.size + undo
      if (first === undo || of(tally.both, pair) < leastUndone) continue
      const spread = Math.sqrt(of(tally.variance, pair))
      const z = (of(tally.earlier, pair) - of(tally.chance, pair) - 0.5) / spread
      found.push({ first, undo, p: z <= 0 ? 1 : twoSided(z) / 2 })
    }
  }
  return found
}

/**
 * Whether the second of two types takes the first back. An undo and the next step of a funnel both need the first before
 * them; what tells them apart is how it goes on, where the first does not come again:
 *
 * 1. The second have the first before them, and no other type precedes more of them, or as many and lies between.
 * 2. Nothing leads on from it: no type comes behind the second more often than behind a first without it. (What a purchase
 *    follows is a step forward.)
 * 3. What else follows a first is missing behind the second: the purchase of what was removed. Where nothing else ever
 *    follows, and nothing leads to the first, or where most return, the two alternate: behind the second the first comes again more often than behind the first.
 * 4. Of two that keep each other away (removed and bought), the one that the first comes again behind is the undo, or the
 *    other leads on and this one does not.
 *
 * Where both are the end of it, the counts are the same for a removal and a purchase: there a name that says so is enough
 * beside the first.
 *
 * @param isSaid whether the name of the second says that it takes the first back
 */
export function isUndo(tally: UndoTally, { first, undo }: Pick<Ordered, 'first' | 'undo'>, isSaid: boolean): boolean {
  const { undone, needs, pairs } = counted(tally, first, undo)
  if (undone < leastUndone || undone < leastShare * pairs || needs < leastNeeds) return false
  if (!comesLater(tally, first, undo)) return false
  if (others(tally, first, undo).some((other) => isNearer(tally, first, other, undo))) return false
  if (isSaid) return true
  if (leadsOn(tally, first, undo)) return false
  const followers = others(tally, first, undo).filter((other) => alone(tally, first, undo, other) >= leastUndone && comesLater(tally, first, other))
  const returned = of(tally.returned, first * tally.size + undo)
  if (followers.length === 0) return opens(tally, first, undo) && alternate(tally, first, undo)
  if (returned > undone / 2 && !alternate(tally, first, undo)) return false
  const missing = followers.filter((other) => compare(after(tally, first, undo, other), held(tally, first, undo, other)) < -limit)
  // what comes behind one of them is missing with it
  const direct = missing.filter((other) => !missing.some((before) => before !== other && leadsOn(tally, first, before) && comesLater(tally, before, other) && of(tally.undone, before * tally.size + other) >= leastAlike * of(tally.undone, first * tally.size + other)))
  return direct.length > 0 && direct.every((other) => leadsOn(tally, first, other) || comesBackMore(tally, first, undo, other))
}

/** What a finding tells of two types. */
export function counted(tally: UndoTally, first: number, undo: number): Undo {
  const pair = first * tally.size + undo
  const undone = of(tally.undone, pair)
  return { first, undo, pairs: of(tally.having, first), undone, needs: undone / of(tally.having, undo), users: of(tally.users, pair) }
}

type Share = readonly [count: number, all: number]

/** Whether, where both are, the first mostly comes first. */
function comesLater(tally: UndoTally, first: number, other: number): boolean {
  const pair = first * tally.size + other
  return of(tally.earlier, pair) >= leastEarlier * of(tally.both, pair)
}

/** Whether another type is what the second needs: it precedes more of them, or about as many and lies between. */
function isNearer(tally: UndoTally, first: number, other: number, undo: number): boolean {
  const [mine, others] = [of(tally.undone, first * tally.size + undo), of(tally.undone, other * tally.size + undo)]
  if (others < leastAlike * mine) return false
  const pair = first * tally.size + other
  const isBetween = of(tally.earlier, pair) > of(tally.both, pair) / 2
  return isBetween || others * leastAlike > mine
}

/** Whether no other type leads to the first: a step in the middle of a funnel comes again when the whole of it does. */
function opens(tally: UndoTally, first: number, undo: number): boolean {
  return others(tally, first, undo).every((other) => of(tally.undone, other * tally.size + first) < of(tally.having, first) / 2)
}

/**
 * Whether the first comes again behind the second more often than behind a first. Where it comes again, the second mostly
 * lies between: otherwise who has more of the first has also more of the second, as with advertisements and clicks on them.
 */
function alternate(tally: UndoTally, first: number, undo: number): boolean {
  const pair = first * tally.size + undo
  const repeated = of(tally.several, first) - of(tally.severalWith, pair) + of(tally.repeated, pair)
  return of(tally.returned, pair) >= leastUndone / 4 && of(tally.returned, pair) > repeated && compare([of(tally.returned, pair), of(tally.undone, pair)], [repeated, of(tally.having, first)]) > limit
}

/** Whether a type comes behind the second that hardly comes behind a first without it. */
function leadsOn(tally: UndoTally, first: number, second: number): boolean {
  return others(tally, first, second).some((other) => compare(after(tally, first, second, other), held(tally, first, second, other)) > limit)
}

function comesBackMore(tally: UndoTally, first: number, undo: number, other: number): boolean {
  const [one, two] = [first * tally.size + undo, first * tally.size + other]
  const share: Share = [of(tally.returned, one), of(tally.undone, one)]
  return share[0] >= leastReturned * share[1] && compare(share, [of(tally.returned, two), of(tally.undone, two)]) > limit
}

/** Of those undone for good, in how many another type came behind. */
function after(tally: UndoTally, first: number, undo: number, other: number): Share {
  const pair = first * tally.size + undo
  return [of(tally.behind, pair * tally.size + other), of(tally.undone, pair) - of(tally.returned, pair)]
}

/** Of the first without the second behind it, in how many another type came behind. */
function held(tally: UndoTally, first: number, undo: number, other: number): Share {
  return [alone(tally, first, undo, other), of(tally.having, first) - of(tally.undone, first * tally.size + undo)]
}

function alone(tally: UndoTally, first: number, undo: number, other: number): number {
  return of(tally.undone, first * tally.size + other) - of(tally.together, (first * tally.size + undo) * tally.size + other)
}

function others({ size }: UndoTally, first: number, second: number): readonly number[] {
  return Array.from({ length: size }, (_, type) => type).filter((type) => type !== first && type !== second)
}

/** By how many standard errors one share is above another (pooled two-proportion z). */
function compare([a, m]: Share, [b, n]: Share): number {
  const pooled = (a + b) / (m + n)
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / m + 1 / n))
  return m === 0 || n === 0 || error === 0 ? 0 : (a / m - b / n) / error
}

/** So many standard errors apart, two shares are different: p = 0.01. */
const limit = 2.576

function of(counts: Float64Array, at: number): number {
  return counts[at] as number
}
