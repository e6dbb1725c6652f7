/** How long the past is that rates and shares speak of. */
const windowMs = 5000

/** Counts what a stage does: in all, and over the last seconds. */
export class Meter {
  private total = 0
  private samples: { readonly at: number; readonly count: number; readonly busyMs: number }[] = []
  private readonly startedAt = performance.now()

  /** Adds `count` records that took `busyMs` of the stage's time. */
  add(count: number, busyMs: number): void {
    this.total += count
    this.samples.push({ at: performance.now(), count, busyMs })
    this.forget()
  }

  /** Records in all. */
  get records(): number {
    return this.total
  }

  /** Records a second over the last seconds. */
  get rate(): number {
    this.forget()
    return (this.samples.reduce((sum, sample) => sum + sample.count, 0) * 1000) / this.span()
  }

  /** Share of the last seconds in which the stage was at work, 0 to 1. */
  get busy(): number {
    this.forget()
    return Math.min(1, this.samples.reduce((sum, sample) => sum + sample.busyMs, 0) / this.span())
  }

  /** A stage that has run for half a second has half a second of past. */
  private span(): number {
    return Math.max(1, Math.min(windowMs, performance.now() - this.startedAt))
  }

  private forget(): void {
    const oldest = performance.now() - windowMs
    const keep = this.samples.findIndex((sample) => sample.at >= oldest)
    if (keep === -1) this.samples = []
    else if (keep > 0) this.samples.splice(0, keep)
  }
}
