import type { SequenceBody, Step } from './syntax.ts'

/**
 * A pattern cut off behind its first `steps` steps: how far a sequence comes before it is lost. Absences stay where both
 * their ends do; what a bound of the whole forbids goes on to hold. Returns and recurrence go.
 */
export function prefixOf(body: SequenceBody, steps: number): SequenceBody {
  const all = body.clauses.filter((clause): clause is Step => clause.kind === 'step')
  const kept = new Set<Step>(all.slice(0, steps))
  const last = all[steps - 1]
  const labels = new Set([...kept].map(({ label }) => label))
  const end = body.clauses.findIndex((clause) => clause === last)
  const clauses = body.clauses.filter((clause, index) => {
    if (clause.kind === 'step') return kept.has(clause)
    if (clause.kind === 'until') return true
    if (clause.scope.kind === 'between') return labels.has(clause.scope.from.label) && labels.has(clause.scope.to.label)
    return clause.scope.kind === 'here' && index < end
  })
  return { ...body, clauses, every: undefined, returns: [] }
}
