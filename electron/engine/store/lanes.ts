import type { DuckDBConnection } from './database.ts'

/** Batches that are prepared or stored at the same time: one is mapped while the other is written. */
const laneCount = 2

/** A connection with temporary tables of its own, for one batch at a time. */
export interface Lane {
  readonly connection: DuckDBConnection
}

/** Hands out lanes; whoever finds none free waits for the next one given back. */
export class LanePool {
  private readonly connect: () => Promise<DuckDBConnection>
  private readonly free: Lane[] = []
  private readonly all: Lane[] = []
  private readonly waiting: ((lane: Lane) => void)[] = []
  private opened = 0

  constructor(connect: () => Promise<DuckDBConnection>) {
    this.connect = connect
  }

  /** True while a batch is being prepared or stored. */
  get isBusy(): boolean {
    return this.free.length < this.opened
  }

  async take(): Promise<Lane> {
    const lane = this.free.pop()
    if (lane !== undefined) return lane
    if (this.opened < laneCount) {
      this.opened++
      try {
        const opened = { connection: await this.connect() }
        this.all.push(opened)
        return opened
      } catch (error) {
        this.opened--
        throw error
      }
    }
    return new Promise((resolve) => this.waiting.push(resolve))
  }

  give(lane: Lane): void {
    const next = this.waiting.shift()
    if (next === undefined) this.free.push(lane)
    else next(lane)
  }

  close(): void {
    for (const { connection } of this.all) connection.closeSync()
  }
}
