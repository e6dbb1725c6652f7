/** The support below which a pattern is of no interest: as asked for, and rising to that of the best `top` so far. */
export class SupportFloor {
  value: number
  private readonly top: number | undefined
  /** A heap whose first is the least. */
  private readonly best: number[] = []

  constructor(least: number, top: number | undefined) {
    this.value = least
    this.top = top
  }

  add(support: number): void {
    if (this.top === undefined) return
    if (this.best.length < this.top) this.rise(support)
    else if (support > (this.best[0] as number)) this.sink(support)
    if (this.best.length === this.top) this.value = Math.max(this.value, this.best[0] as number)
  }

  private rise(support: number): void {
    let at = this.best.push(support) - 1
    while (at > 0) {
      const above = (at - 1) >> 1
      if ((this.best[above] as number) <= support) break
      this.best[at] = this.best[above] as number
      at = above
    }
    this.best[at] = support
  }

  /** Takes the place of the least. */
  private sink(support: number): void {
    let at = 0
    for (;;) {
      let below = 2 * at + 1
      if (below >= this.best.length) break
      if (below + 1 < this.best.length && (this.best[below + 1] as number) < (this.best[below] as number)) below++
      if ((this.best[below] as number) >= support) break
      this.best[at] = this.best[below] as number
      at = below
    }
    this.best[at] = support
  }
}
