import type { Clause } from '../../behavior/syntax.ts'
import type { PathQuestion } from '../../model/discovery.ts'
import { withoutOthers, writtenBehavior, writtenStep } from '../written.ts'

/**
 * The behavior that finds the units that went a way: its types in the order in which they came, with nothing between two
 * but what the question leaves out. It finds at least the users of the variant; where a unit went the way again later, or
 * went on behind its end, it finds that as well, for the language cannot say that an event is the first of its user.
 *
 * @param types outward from the type that was asked about, which is the first
 */
export function pathBehavior(types: readonly string[], { direction, hidden, collapse, unit, sessionGap }: Pick<PathQuestion, 'direction' | 'hidden' | 'collapse' | 'unit' | 'sessionGap'>, user = 'user'): string {
  const inOrder = direction === 'from' ? types : [...types].reverse()
  const clauses = inOrder.flatMap((type, at): readonly Clause[] => {
    const before = inOrder[at - 1]
    if (before === undefined) return [writtenStep(type)]
    const between = [...(collapse ? [before] : []), ...hidden]
    return between.length === 0 ? [{ ...writtenStep(type), contiguity: 'next' }] : [withoutOthers(between), writtenStep(type)]
  })
  return writtenBehavior(inOrder.join(' > '), [user], clauses, unit === 'session' ? Number(sessionGap) : undefined)
}
