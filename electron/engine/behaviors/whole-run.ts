import { parseBehaviors } from '../../../shared/behavior/parse.ts'
import type { Behavior, PopulationBody } from '../../../shared/behavior/syntax.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Detection, Match } from '../../../shared/model/match.ts'
import type { DuckDBConnection } from '../store/database.ts'
import { streamMatches, type MatchTable } from '../store/matches.ts'
import { countWanted } from '../store/read-columns.ts'
import type { Store } from '../store/store.ts'
import { findCrowd } from './crowd.ts'
import { findMatches, type SequencePlan } from './detect.ts'

/** How far a run is, in events. */
export type Progress = (done: number, total: number) => void

/** What a run over all events has looked at. */
export interface Looked {
  readonly events: number
  readonly open: number
  readonly matches: number
}

/**
 * Searches all events that a connection sees for a sequence, handing its matches over in parts.
 *
 * @throws AppError BAD_REQUEST for a pattern that is too expensive, CANCELLED
 */
export async function runSequence(store: Store, connection: DuckDBConnection, plan: SequencePlan, watermark: number, append: (matches: readonly Match[]) => Promise<void>, signal: AbortSignal, progress?: Progress): Promise<Looked> {
  const total = progress === undefined ? 0 : await countWanted(connection, plan.request)
  let events = 0
  let open = 0
  let matches = 0
  progress?.(0, total)
  for await (const part of findMatches(store, connection, plan, watermark)) {
    if (signal.aborted) throw new AppError('CANCELLED', 'Cancelled.')
    events += part.events
    open += part.open
    matches += part.matches.length
    await append(part.matches)
    progress?.(events, total)
  }
  return { events, open, matches }
}

/** The matches of a behavior that counts many at once, from those of the behavior that it stands on. */
export async function runPopulation(connection: DuckDBConnection, table: MatchTable, behavior: Behavior, body: PopulationBody, base: { readonly behavior: Behavior; readonly run: number }): Promise<readonly Match[]> {
  const confirmed: Match[] = []
  for await (const some of streamMatches(connection, table, { behavior: base.behavior.name, run: base.run, state: 'confirmed' })) for (const { match } of some) confirmed.push(match)
  const detection: Detection = { behavior: behavior.name, occurrences: 0, users: 0, pending: 0, tied: 0, open: 0, events: 0 }
  return findCrowd(behavior, body, base.behavior, { matches: confirmed, detection }).matches
}

/** The only behavior of a text that was checked when it was saved. */
export function behaviorOf(text: string): Behavior {
  const [behavior] = parseBehaviors(text).file.behaviors
  if (behavior === undefined) throw new Error(`no behavior in ${text}`)
  return behavior
}
