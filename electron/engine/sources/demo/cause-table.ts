import type { PlantedCause } from '../../../../shared/model/planted-truth.ts'

/** A first step that may lead to a behavior. `until` is the last moment at which its outcome can still change. */
export interface Chance {
  readonly until: number
  exposed: boolean
  matched: boolean
}

type CauseCounts = Omit<PlantedCause, 'chance' | 'exposure'>

/** Counts chances by exposure and outcome, as they are sent. */
export class CauseTable {
  private readonly open = new Set<Chance>()
  private settled: CauseCounts = { exposedMatched: 0, exposedUnmatched: 0, unexposedMatched: 0, unexposedUnmatched: 0 }

  /** The first step has been sent; the flags of the chance are kept up to date by later events. */
  enter(chance: Chance): void {
    this.open.add(chance)
  }

  /** Forgets the single chances whose outcome no watermark from now on finds open. */
  settle(watermark: number): void {
    this.settled = this.count(watermark)
    for (const chance of this.open) if (chance.until < watermark) this.open.delete(chance)
  }

  /** The table of all chances whose outcome is known at a watermark. */
  count(watermark: number): CauseCounts {
    const counts = { ...this.settled }
    for (const chance of this.open) {
      if (chance.until < watermark) counts[`${chance.exposed ? 'exposed' : 'unexposed'}${chance.matched ? 'Matched' : 'Unmatched'}`] += 1
    }
    return counts
  }
}
