/** Counts starts, so that what ends again and again is not started for ever. */
export class RestartLimit {
  private readonly most: number
  private readonly withinMs: number
  private starts: readonly number[] = []

  /** @param most how often it may be started again within so many milliseconds */
  constructor(most: number, withinMs: number) {
    this.most = most
    this.withinMs = withinMs
  }

  /** Whether one more start is allowed now (epoch milliseconds); if so, it counts. */
  allows(now: number): boolean {
    const recent = this.starts.filter((at) => now - at < this.withinMs)
    // the first start is none that is made again
    if (recent.length > this.most) return false
    this.starts = [...recent, now]
    return true
  }
}
