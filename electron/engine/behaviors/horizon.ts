import type { SequenceBody } from '../../../shared/behavior/syntax.ts'

/**
 * How long after its first event a start can still depend on what comes, in microseconds; Infinity where nothing bounds
 * it. An event at a time t changes no start that is older than t less this.
 */
export function horizonOf(body: SequenceBody): number {
  // a bridge between two sessions, and a chain of matches, reach back as far as they like
  if (body.session !== undefined || body.every !== undefined) return Number.POSITIVE_INFINITY
  const last = body.within?.micros ?? lastStep(body)
  let horizon = last
  for (const clause of body.clauses) if (clause.kind === 'without' && clause.scope.kind === 'for') horizon = Math.max(horizon, last + clause.scope.duration.micros)
  return horizon
}

/** The time from the first event to the last, where each step is bound by the one before it. */
function lastStep({ clauses }: SequenceBody): number {
  let total = 0
  for (const [index, step] of clauses.filter((clause) => clause.kind === 'step').entries()) {
    const isOne = index === 0 && step.times.max === 1 && step.pattern.kind !== 'any order'
    if (!isOne) total += step.within?.micros ?? Number.POSITIVE_INFINITY
  }
  return total
}
