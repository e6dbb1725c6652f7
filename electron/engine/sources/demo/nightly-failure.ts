import { nightlyError } from './catalog.ts'
import { DAY, HOUR, MINUTE } from './durations.ts'
import type { Ledger } from './ledger.ts'
import type { Random } from './random.ts'
import type { PlannedEvent } from './shop-event.ts'

/** When the nightly failure comes: 03:10 UTC, give or take 7 minutes, so that two nights in a row are 24 h ± 15 min apart. */
export const nightly = { period: DAY, phase: 3 * HOUR + 10 * MINUTE, jitter: 7 * MINUTE } as const

/** How many nights in a row the behavior asks for. */
const NIGHTS_IN_A_ROW = 5

/** Which nights failed, as they are sent. */
export class NightTally {
  private readonly hitNights: number[] = []
  private readonly missedSlots: number[] = []

  hit(night: number): void {
    this.hitNights.push(night)
  }

  /** A night that will not fail; `until` is the end of its slot. */
  miss(until: number): void {
    this.missedSlots.push(until)
  }

  /** `runs`: stretches of failing nights without a gap that are long enough for the behavior. A miss is known once the watermark has passed its slot. */
  count(watermark: number): { hits: number; misses: number; runs: number } {
    let runs = 0
    let length = 0
    let previous = -1
    for (const night of this.hitNights) {
      length = night === previous + 1 ? length + 1 : 1
      previous = night
      if (length === NIGHTS_IN_A_ROW) runs += 1
    }
    return { hits: this.hitNights.length, misses: this.missedSlots.filter((until) => until < watermark).length, runs }
  }
}

/** Plans the nightly failure, night by night. */
export class NightlyFailure {
  private night = 0
  private readonly first: number
  private readonly random: Random
  private readonly ledger: Ledger

  /** `from`: the start of the log; the first night is the first whole slot after it. */
  constructor(from: number, random: Random, ledger: Ledger) {
    this.first = Math.ceil((from + nightly.jitter - nightly.phase) / nightly.period) * nightly.period + nightly.phase
    this.random = random
    this.ledger = ledger
  }

  /** The failures of the slots that begin before `end` and have not been planned yet. */
  *planUntil(end: number): Generator<PlannedEvent> {
    for (;;) {
      const night = this.night
      const slot = this.first + night * nightly.period
      if (slot - nightly.jitter >= end) return
      this.night += 1
      const time = slot + this.random.between(-nightly.jitter, nightly.jitter)
      // one night a week is spared, the sixth first: a week of log has a miss and still five nights in a row
      if (night % 7 === NIGHTS_IN_A_ROW || (night > 7 && this.random.chance(0.05))) {
        this.ledger.nightlyFailure.miss(slot + nightly.jitter)
        continue
      }
      yield {
        event: { id: `night-${night}`, type: 'error.raised', time, arrival: time, key: null, data: nightlyError },
        mayStray: false,
        whenSent: () => this.ledger.nightlyFailure.hit(night),
      }
    }
  }
}
