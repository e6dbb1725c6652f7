import { CauseTable } from './cause-table.ts'
import { HOUR } from './durations.ts'
import { NightTally } from './nightly-failure.ts'
import { Tally } from './tally.ts'

/** How far the watermark may lag behind the newest event for the ledger still to know the truth, in milliseconds. */
export const MAX_ALLOWED_LATENESS = HOUR

/** The books of everything planted. Each event that a planted behavior hangs on makes its entry when it is sent. */
export class Ledger {
  readonly changedMind = new Tally()
  readonly changedMindCause = new CauseTable()
  readonly nightlyFailure = new NightTally()
  readonly guidedPath = new Tally()
  readonly abandonedCheckout = new Tally()
  readonly rageClick = new Tally()

  /** Forgets what no watermark from now on can change. Without it the books would grow with the log. */
  settle(watermark: number): void {
    this.changedMind.settle(watermark)
    this.changedMindCause.settle(watermark)
    this.abandonedCheckout.settle(watermark)
  }
}
