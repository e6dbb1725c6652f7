import type { Behavior } from '../../../shared/behavior/syntax.ts'
import { AppError } from '../../../shared/errors.ts'
import { planSequence, type SequencePlan } from '../behaviors/detect.ts'
import { runPopulation, runSequence, type Progress } from '../behaviors/whole-run.ts'
import { appendMatches, type MatchTable } from '../store/matches.ts'
import type { Moment } from './moment.ts'

/** The matches of a moment, in their own table. */
export const momentMatches: MatchTable = { name: 'matches', schema: 'temp' }

/** A behavior whose matches were found in a moment. */
export interface Found {
  readonly run: number
  readonly behavior: Behavior
  /** What was read for it; that of the behavior that it stands on where it counts many at once. */
  readonly plan: SequencePlan
  readonly events: number
  readonly open: number
}

/** Finds behaviors in a moment; what another stands on is found once. */
export class Finder {
  private readonly moment: Moment
  private readonly all: readonly Behavior[]
  private readonly watermark: number
  private readonly signal: AbortSignal
  private readonly found = new Map<string, Found>()
  private nextId = 1

  constructor(moment: Moment, all: readonly Behavior[], watermark: number, signal: AbortSignal) {
    this.moment = moment
    this.all = all
    this.watermark = watermark
    this.signal = signal
  }

  /** @throws AppError BAD_REQUEST for a pattern that is too expensive, CANCELLED */
  async find(behavior: Behavior, progress?: Progress): Promise<Found> {
    const known = this.found.get(behavior.name)
    if (known !== undefined) return known
    const { connection, store } = this.moment
    const { body } = behavior
    const run = this.found.size + 1
    if (body.kind === 'population') {
      const base = await this.find(this.named(body.base), progress)
      const found = { ...base, run: this.found.size + 1, behavior }
      const matches = await runPopulation(connection, momentMatches, behavior, body, base)
      await this.append(found.run, matches)
      this.found.set(behavior.name, found)
      return found
    }
    const plan = await planSequence(store, behavior, body, this.signal)
    const { events, open } = await runSequence(store, connection, plan, this.watermark, (matches) => this.append(run, matches), this.signal, progress)
    const found = { run, behavior, plan, events, open }
    this.found.set(behavior.name, found)
    return found
  }

  private async append(run: number, matches: Parameters<typeof appendMatches>[4]): Promise<void> {
    await appendMatches(this.moment.connection, momentMatches, run, this.nextId, matches)
    this.nextId += matches.length
  }

  private named(name: string): Behavior {
    const behavior = this.all.find((one) => one.name === name)
    if (behavior === undefined) throw new AppError('NOT_FOUND', `There is no behavior named "${name}".`)
    return behavior
  }
}
