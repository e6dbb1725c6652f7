/** So many values are kept: a share of them is then known to less than a percent. */
const most = 4096

/** An even sample of values of which only some are kept: all of the first 4096, and later as many of more (Vitter's algorithm R). */
export class TimeSample {
  private readonly values: number[] = []
  private seen = 0
  // a generator of our own: the same events give the same answer
  private state = 1

  add(value: number): void {
    this.seen++
    if (this.values.length < most) {
      this.values.push(value)
      return
    }
    this.state = (Math.imul(this.state, 1_664_525) + 1_013_904_223) >>> 0
    const place = Math.floor((this.state / 2 ** 32) * this.seen)
    if (place < most) this.values[place] = value
  }

  /** The values that so large shares of all do not exceed. */
  percentiles(shares: readonly number[]): readonly number[] {
    const sorted = [...this.values].sort((a, b) => a - b)
    return shares.map((share) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] as number)
  }
}
