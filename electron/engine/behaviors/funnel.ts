import { stepName } from '../../../shared/behavior/match/bind.ts'
import { prefixOf } from '../../../shared/behavior/prefix.ts'
import type { Behavior } from '../../../shared/behavior/syntax.ts'
import { AppError } from '../../../shared/errors.ts'
import type { FunnelStep } from '../../../shared/model/behavior.ts'
import { matchColumns } from '../../../shared/behavior/match/match.ts'
import { readColumns } from '../store/read-columns.ts'
import type { Store } from '../store/store.ts'
import { planSequence, usersOf } from './detect.ts'

/**
 * How many matches the behavior has when it is cut off behind each of its steps, and at last whole: where sequences are
 * lost. Read once, matched once a step.
 *
 * @param watermark microseconds; pending matches count, for nothing is lost yet
 */
export async function readFunnel(store: Store, behavior: Behavior, watermark: number, signal: AbortSignal): Promise<readonly FunnelStep[]> {
  const { body } = behavior
  if (body.kind !== 'sequence') return []
  const steps = body.clauses.filter((clause) => clause.kind === 'step')
  const bodies = steps.map((_, index) => prefixOf(body, index + 1))
  // what the steps alone do not say: absences behind them, and recurrence
  const hasMore = body.every !== undefined || body.clauses.some((clause) => clause.kind === 'without' && clause.scope.kind !== 'between')
  if (hasMore) bodies.push({ ...body, every: undefined })
  const plan = await planSequence(store, behavior, body, signal)
  const occurrences = bodies.map(() => 0)
  const users = bodies.map(() => 0)
  for await (const columns of readColumns(store.database, plan.request, signal)) {
    if (signal.aborted) throw new AppError('CANCELLED', 'Cancelled.')
    for (const [index, one] of bodies.entries()) {
      const { found } = matchColumns(one, columns, watermark)
      occurrences[index] = (occurrences[index] ?? 0) + found.length
      users[index] = (users[index] ?? 0) + usersOf(plan, columns, found)
    }
  }
  return bodies.map((_, index) => {
    const step = steps[index]
    return { step: step === undefined ? 'all of it' : stepName(step, index), occurrences: occurrences[index] ?? 0, users: users[index] ?? 0 }
  })
}
