import type { Port } from '../../shared/contract/port.ts'
import { AppError } from '../../shared/errors.ts'
import type { Engine } from '../engine/engine.ts'
import { serve } from '../ipc/serve.ts'
import { failingService } from './failing-service.ts'

/**
 * Serves the engine of one workspace to ports as they come. Where it cannot be opened, since another process has the
 * workspace say, every question tries again and is answered with why it still cannot.
 */
export class EngineServer {
  private readonly open: () => Promise<Engine>
  private opening: Promise<Engine> | undefined
  /** Ports that have no engine behind them. */
  private readonly failed = new Set<Port>()

  constructor(open: () => Promise<Engine>) {
    this.open = open
  }

  /** Serves a port until it closes. */
  async connect(port: Port): Promise<void> {
    try {
      serve(await this.engine(), port)
    } catch {
      this.failed.add(port)
      serve(failingService(() => this.askAgain()), port)
    }
  }

  /** The engine; opened where it is not, also after an opening that has failed. */
  engine(): Promise<Engine> {
    this.opening ??= this.open().then(
      (engine) => {
        // whose port closes asks for another, and then for everything anew; who has just asked is answered before
        setImmediate(() => {
          for (const port of this.failed) port.close()
          this.failed.clear()
        })
        return engine
      },
      (error: unknown) => {
        this.opening = undefined
        throw error
      },
    )
    return this.opening
  }

  /** Closes the engine, if it could be opened. */
  async close(): Promise<void> {
    const engine = await this.opening?.catch(() => undefined)
    await engine?.close()
  }

  private async askAgain(): Promise<never> {
    await this.engine()
    throw new AppError('CANCELLED', 'The workspace is open now: ask again.')
  }
}
