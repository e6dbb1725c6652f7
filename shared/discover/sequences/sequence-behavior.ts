import { formatDuration } from '../../behavior/duration.ts'
import { printBehavior } from '../../behavior/print.ts'
import type { Duration } from '../../behavior/syntax.ts'

/** A sequence as a behavior is to say it; times in microseconds. */
export interface SequenceText {
  readonly types: readonly string[]
  readonly session?: number | undefined
  /** How long after a step the next may come. */
  readonly maxGap?: number | undefined
  /** An attribute whose value all steps share. */
  readonly same?: string | undefined
}

const span = { start: 0, end: 0 }
/** A name is read in lists: of long sequences it has the beginning and the end. */
const mostNamed = 5

/** The behavior that finds a sequence: one step an event type, each behind the one before it. */
export function sequenceBehavior({ types, session, maxGap, same }: SequenceText): string {
  const clauses = types.map((type, place) => ({
    kind: 'step', comments: [], label: undefined, labelSpan: undefined, optional: false, where: undefined, times: { min: 1, max: 1 }, after: undefined, same: [], different: [], span,
    // the earliest next event may be one from which the rest comes too late
    contiguity: place > 0 && place < types.length - 1 && maxGap !== undefined ? 'any' : 'skip till next',
    within: place === 0 || maxGap === undefined ? undefined : duration(maxGap),
    pattern: { kind: 'event', label: undefined, labelSpan: undefined, types: [{ text: type, quoted: true, span }], where: undefined, span },
  } as const))
  const by = ['user', ...(same === undefined ? [] : [same])].map((path) => ({ path, span }))
  const body = { kind: 'sequence', by, within: undefined, session: session === undefined ? undefined : duration(session), clauses, match: 'first', skip: 'past last', every: undefined, returns: [] } as const
  return printBehavior({ name: nameOf(types), comments: [], body, endComments: [], react: [], span, nameSpan: span }) + '\n'
}

function nameOf(types: readonly string[]): string {
  const named = types.length <= mostNamed ? types : [...types.slice(0, mostNamed - 1), '…', types.at(-1) as string]
  return named.join(' → ')
}

function duration(micros: number): Duration {
  return { micros, text: formatDuration(micros) }
}
