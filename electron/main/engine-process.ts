import { fileURLToPath } from 'node:url'
import { MessageChannelMain, utilityProcess, type UtilityProcess, type WebContents } from 'electron'
import { AppError } from '../../shared/errors.ts'
import type { Secrets } from '../engine/secrets.ts'
import { serve } from '../ipc/serve.ts'
import { electronPort } from './electron-port.ts'
import type { ToEngine } from './engine-messages.ts'
import { failingService } from './failing-service.ts'
import { servePrinting } from './print-port.ts'
import { printHtml } from './print-window.ts'
import { RestartLimit } from './restart-limit.ts'
import { serveSecrets } from './secret-port.ts'

const entry = fileURLToPath(new URL('./engine-host.js', import.meta.url))
/** The engine may need this long to write down what it holds. */
const closingMs = 10_000

const gaveUp = new AppError('INTERNAL', 'The engine has crashed several times within a minute, so it is not started again.', { hint: 'Close Undercurrent and open it again, or open another workspace. Nothing that was stored is lost.' })

/** How an engine is run. */
export interface EngineOptions {
  readonly workspace: string
  /** Whether the demo shop runs in it. */
  readonly demo: boolean
  readonly secrets: Secrets
  /** What must have ended before: a workspace is open in one process at a time. */
  readonly after?: Promise<void>
}

/** The engine of one workspace in a process of its own: a crash there is no crash of the window, and it is started again. */
export class EngineProcess {
  readonly workspace: string
  private readonly options: EngineOptions
  private readonly limit = new RestartLimit(3, 60_000)
  private child: UtilityProcess | undefined
  private isClosed = false

  constructor(options: EngineOptions) {
    this.workspace = options.workspace
    this.options = options
  }

  /**
   * Gives a window a port of its own to the engine, starting the engine if it does not run. Bulk data never comes through
   * here. An engine that was closed gives none.
   */
  async connect(contents: WebContents): Promise<void> {
    await this.options.after
    if (this.isClosed || contents.isDestroyed()) return
    const { port1, port2 } = new MessageChannelMain()
    const child = this.child ?? this.start()
    if (child === undefined) serve(failingService(() => Promise.reject(gaveUp)), electronPort(port1))
    else child.postMessage({ kind: 'port' } satisfies ToEngine, [port1])
    contents.postMessage('shell.port', null, [port2])
  }

  /** Tries again to open the workspace, where that has failed. */
  openAgain(): void {
    this.child?.postMessage({ kind: 'again' } satisfies ToEngine)
  }

  /** Lets the engine write down what it holds, and ends it; for good. Never rejects. */
  async close(): Promise<void> {
    this.isClosed = true
    await this.options.after
    const { child } = this
    if (child === undefined) return
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
    child.postMessage({ kind: 'close' } satisfies ToEngine)
    const timer = setTimeout(() => child.kill(), closingMs)
    await ended
    clearTimeout(timer)
  }

  /** Undefined when it was started too often already. */
  private start(): UtilityProcess | undefined {
    if (!this.limit.allows(Date.now())) return undefined
    const child = utilityProcess.fork(entry, [], { serviceName: 'Undercurrent engine', stdio: 'inherit' })
    child.once('exit', (code) => {
      // its ports close with it, whereupon the window asks for a new one
      if (!this.isClosed) console.error(`The engine has ended with ${code}.`)
      this.child = undefined
    })
    const [secrets, printing] = [new MessageChannelMain(), new MessageChannelMain()]
    serveSecrets(this.options.secrets, electronPort(secrets.port1))
    servePrinting(printHtml, electronPort(printing.port1))
    child.postMessage({ kind: 'open', workspace: this.workspace, demo: this.options.demo } satisfies ToEngine, [secrets.port2, printing.port2])
    this.child = child
    return child
  }
}
