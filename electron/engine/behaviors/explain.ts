import { stepName } from '../../../shared/behavior/match/bind.ts'
import { explainMisses } from '../../../shared/behavior/match/explain.ts'
import { matchColumns } from '../../../shared/behavior/match/match.ts'
import type { Behavior } from '../../../shared/behavior/syntax.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Explanation, Miss } from '../../../shared/model/explanation.ts'
import type { MatchStep } from '../../../shared/model/match.ts'
import { literal } from '../store/database.ts'
import { readColumns } from '../store/read-columns.ts'
import type { Store } from '../store/store.ts'
import { takeRows } from '../store/take-rows.ts'
import { keysOf, matchPart, planSequence, sourcesByCode, toStep } from './detect.ts'

/** So many sequences of a key are explained: a user may have met many items. */
const mostSequences = 50
/** So many misses of a sequence are told, the nearest first. */
const mostMisses = 5

/**
 * Why a behavior has matched for a key, or what was missing. `key` has the values of the first fields of `by`, as texts;
 * with fewer of them than the behavior has, all sequences that begin so are explained, the nearest misses first.
 *
 * @throws AppError BAD_REQUEST when the behavior counts many at once, or has fewer keys
 */
export async function explain(store: Store, behavior: Behavior, key: readonly string[], watermark: number, signal: AbortSignal): Promise<readonly Explanation[]> {
  const { body } = behavior
  if (body.kind === 'population') throw new AppError('BAD_REQUEST', `"${behavior.name}" counts many at once.`, { hint: `Explain "${body.base}", which it stands on.` })
  const plan = await planSequence(store, behavior, body, signal)
  const { by } = plan.request
  if (key.length === 0 || key.length > by.length) throw new AppError('BAD_REQUEST', `"${behavior.name}" is by ${by.map(({ path }) => path).join(', ')}, so it takes 1 to ${by.length} key values, not ${key.length}.`)
  const only = key.map((value, index) => {
    const { column, type } = by[index] as (typeof by)[number]
    return type === 'key' ? `${column} = (SELECT code FROM keys WHERE key = ${literal(value)})` : `${column}::VARCHAR = ${literal(value)}`
  })
  const steps = body.clauses.filter((clause) => clause.kind === 'step')
  const sources = sourcesByCode(store)
  const explanations: Explanation[] = []
  for await (const columns of readColumns(store.database, { ...plan.request, only: only.join(' AND '), positions: true }, signal)) {
    const starts = [...columns.starts.subarray(0, -1)]
    const keys = await keysOf(store, plan, columns, starts)
    for (const [sequence, from] of starts.entries()) {
      const length = (columns.starts[sequence + 1] as number) - from
      const part = takeRows(columns, Int32Array.from({ length }, (_, at) => from + at), Int32Array.of(0, length))
      const rows = matchColumns({ ...body, every: undefined }, part, watermark).matches
      const matches = []
      for await (const found of matchPart(store, plan, part, watermark)) matches.push(...found.matches)
      const stepAt = (row: number, label: string): MatchStep => toStep(sources, part, row, label)
      const misses = explainMisses(body, part, watermark, new Set(rows.map((match) => match.rows[0] as number)))
        .slice(0, mostMisses)
        .map((miss): Miss => ({
          steps: miss.rows.map((row, at) => stepAt(row, stepName(steps[miss.steps[at] as number] as (typeof steps)[number], miss.steps[at] as number))),
          reached: miss.reached,
          of: steps.length,
          reason: miss.reason,
          isOpen: miss.isOpen,
          ...(miss.row === undefined ? {} : { event: stepAt(miss.row, '') }),
        }))
      const first = steps[0]
      const nothing: Miss[] = matches.length > 0 || misses.length > 0 || first === undefined ? [] : [{ steps: [], reached: 0, of: steps.length, reason: `nothing came that fits ${stepName(first, 0)}`, isOpen: false }]
      explanations.push({ key: keys[sequence] as Explanation['key'], events: part.length, matches, misses: [...misses, ...nothing] })
    }
  }
  const nearest = ({ matches, misses }: Explanation): number => (matches.length > 0 ? Number.POSITIVE_INFINITY : (misses[0]?.reached ?? -1))
  return explanations.sort((a, b) => nearest(b) - nearest(a)).slice(0, mostSequences)
}
