import type { PlantedTruth } from '../../../../shared/model/planted-truth.ts'

/** What is known of one planted behavior at a watermark. */
export type Count = Pick<PlantedTruth, 'occurrences' | 'users' | 'confirmed' | 'pending' | 'refuted'>

/** A planted match, all of whose steps are bound; `until` is the last moment (inclusive) at which the absent event would refute it. */
export interface PlantedMatch {
  readonly until: number
}

/** The count of one planted behavior, kept as its events are sent. Nothing is detected: the plan says what is a match. */
export class Tally {
  private readonly open = new Map<PlantedMatch, string>()
  private readonly confirmedUsers = new Set<string>()
  private confirmed = 0
  private refuted = 0

  /** The last step of a match that hangs on no absence has been sent. */
  confirm(user: string): void {
    this.confirmed += 1
    this.confirmedUsers.add(user)
  }

  /** The last step of a match has been sent; whether the absence holds is still open. */
  hold(user: string, match: PlantedMatch): void {
    this.open.set(match, user)
  }

  /** The event that had to be absent has been sent within the bound. */
  refute(match: PlantedMatch): void {
    if (this.open.delete(match)) this.refuted += 1
  }

  /** Forgets the single matches that no watermark from now on can find pending. */
  settle(watermark: number): void {
    for (const [match, user] of this.open) {
      if (match.until >= watermark) continue
      this.confirm(user)
      this.open.delete(match)
    }
  }

  /** The count as a watermark sees it: an absence is known once the watermark has passed its bound. */
  count(watermark: number): Count {
    const confirmedUsers = new Set(this.confirmedUsers)
    const pendingUsers = new Set<string>()
    let pending = 0
    for (const [match, user] of this.open) {
      if (match.until >= watermark) {
        pending += 1
        pendingUsers.add(user)
      } else confirmedUsers.add(user)
    }
    const confirmed = this.confirmed + this.open.size - pending
    return {
      confirmed: { occurrences: confirmed, users: confirmedUsers.size },
      pending: { occurrences: pending, users: pendingUsers.size },
      refuted: this.refuted,
      occurrences: confirmed + pending,
      users: new Set([...confirmedUsers, ...pendingUsers]).size,
    }
  }
}
