import { formatDuration } from '../../behavior/duration.ts'
import { writtenBehavior, writtenStep } from '../written.ts'

/** A sequence as a behavior is to say it; times in microseconds. */
export interface SequenceText {
  readonly types: readonly string[]
  /** The fields that tell sequences apart: the user, and an attribute whose value all steps share. */
  readonly by: readonly string[]
  readonly session?: number | undefined
  /** How long after a step the next may come. */
  readonly maxGap?: number | undefined
}

/** A name is read in lists: of long sequences it has the beginning and the end. */
const mostNamed = 5

/** The behavior that finds a sequence: one step an event type, each behind the one before it. */
export function sequenceBehavior({ types, by, session, maxGap }: SequenceText): string {
  const within = maxGap === undefined ? undefined : { micros: maxGap, text: formatDuration(maxGap) }
  const clauses = types.map((type, place) => ({
    ...writtenStep(type),
    within: place === 0 ? undefined : within,
    // the earliest next event may be one from which the rest comes too late
    contiguity: place > 0 && place < types.length - 1 && within !== undefined ? ('any' as const) : ('skip till next' as const),
  }))
  return writtenBehavior(nameOf(types), by, clauses, session)
}

function nameOf(types: readonly string[]): string {
  const named = types.length <= mostNamed ? types : [...types.slice(0, mostNamed - 1), '…', types.at(-1) as string]
  return named.join(' → ')
}
