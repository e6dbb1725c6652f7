import type { EventValue } from '../../../shared/contract/events.ts'
import { behaviorOf } from '../behaviors/whole-run.ts'
import type { Emit } from '../runs/runs.ts'
import type { DuckDBConnection } from '../store/database.ts'
import { countMatches, readMatches, savedMatches } from '../store/matches.ts'
import type { SavedBehavior } from '../store/saved-behaviors.ts'

/** So many are told of one by one. */
const mostTold = 100

/**
 * Tells when something that has recurred does not come: of each saved behavior with `every P ± T`, the chains that would have
 * gone on by the time that the watermark has passed now, and had not passed before. How far a behavior's matches go is kept
 * with them, so that each is told once, whatever is stopped and started in between.
 *
 * @param before the behaviors as they were before a turn
 * @param after and as they are now
 */
export async function tellMissed(connection: DuckDBConnection, emit: Emit, before: readonly SavedBehavior[], after: readonly SavedBehavior[]): Promise<void> {
  const missed: EventValue<'recurring.missed'>['missed'] = []
  let total = 0
  for (const { name, run, text, foundVersion, watermark } of after) {
    const former = before.find((one) => one.name === name)
    const { body } = behaviorOf(text)
    if (body.kind !== 'sequence' || body.every === undefined || run === undefined || watermark === undefined) continue
    // what a run over everything finds for the first time is history, and no alarm
    if (former?.watermark === undefined || former.foundVersion !== foundVersion || former.watermark >= watermark) continue
    const period = BigInt(body.every.period.micros)
    const reach = period + BigInt(body.every.tolerance.micros)
    const query = { behavior: name, run, from: former.watermark - reach, to: watermark - reach, limit: mostTold - missed.length }
    total += await countMatches(connection, query)
    if (query.limit === 0) continue
    for (const { match } of await readMatches(connection, savedMatches, query)) missed.push({ behavior: name, key: match.key, last: match.end, expected: match.end + period, until: match.end + reach })
  }
  if (total > 0) emit('recurring.missed', { missed, total })
}
