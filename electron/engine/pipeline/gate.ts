/** Lets one or more loops sleep until there is something to look at. Opening it before anyone waits is remembered. */
export class Gate {
  private waiting: (() => void)[] = []
  private isOpen = false

  /** Wakes everyone who waits, or the next one who comes. */
  open(): void {
    const woken = this.waiting
    this.waiting = []
    if (woken.length === 0) this.isOpen = true
    for (const wake of woken) wake()
  }

  async wait(): Promise<void> {
    if (this.isOpen) {
      this.isOpen = false
      return
    }
    await new Promise<void>((resolve) => this.waiting.push(resolve))
  }
}
