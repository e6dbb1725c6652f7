import { toFailure } from '../../shared/errors.ts'
import type { Retention } from '../../shared/model/workspace.ts'
import type { Emit } from './runs/runs.ts'
import { applyRetention } from './store/retain.ts'
import type { Store } from './store/store.ts'
import { changeWorkspaceFile, readWorkspaceFile } from './workspace-file.ts'

const everyMs = 10 * 60_000

/** Keeps a workspace inside its limits of age and size: when it opens, when they change, and every ten minutes. */
export class Keeper {
  private readonly workspace: string
  private readonly store: Store
  private readonly emit: Emit
  private timer: NodeJS.Timeout | undefined

  constructor(workspace: string, store: Store, emit: Emit) {
    this.workspace = workspace
    this.store = store
    this.emit = emit
  }

  async start(): Promise<void> {
    await this.look()
    // what fails now is tried again the next time
    this.timer = setInterval(() => void this.look().catch((error: unknown) => this.emit('retention.failed', { failure: toFailure(error) })), everyMs)
    this.timer.unref()
  }

  stop(): void {
    clearInterval(this.timer)
  }

  async retention(): Promise<Retention> {
    return (await readWorkspaceFile(this.workspace)).retention
  }

  /** Sets the limits and applies them. @returns how many events were removed */
  async change(retention: Retention): Promise<number> {
    await changeWorkspaceFile(this.workspace, (settings) => ({ ...settings, retention }))
    return this.apply(retention)
  }

  private async look(): Promise<void> {
    await this.apply(await this.retention())
  }

  private async apply(retention: Retention): Promise<number> {
    if (retention.maxAgeDays === undefined && retention.maxBytes === undefined) return 0
    return this.store.write((connection) => applyRetention(connection, this.store.database.path, retention, Date.now()))
  }
}
