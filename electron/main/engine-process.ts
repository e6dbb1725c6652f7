import { fileURLToPath } from 'node:url'
import { MessageChannelMain, utilityProcess, type UtilityProcess, type WebContents } from 'electron'
import type { ToEngine } from './engine-messages.ts'

const entry = fileURLToPath(new URL('./engine-host.js', import.meta.url))
/** The engine may need this long to write down what it holds. */
const closingMs = 10_000
/** An engine that ends more often than this in a minute will not be mended by starting it once more. */
const mostStarts = 3

/** The engine of one workspace in a process of its own: a crash there is no crash of the window. */
export class EngineProcess {
  readonly workspace: string
  private readonly demo: boolean
  private child: UtilityProcess | undefined
  private starts: number[] = []

  constructor(workspace: string, demo = false) {
    this.workspace = workspace
    this.demo = demo
  }

  /** Gives a window a port of its own to the engine, starting the engine if it does not run. Bulk data never comes through here. */
  connect(contents: WebContents): void {
    const child = this.child ?? this.start()
    const { port1, port2 } = new MessageChannelMain()
    child.postMessage({ kind: 'port' } satisfies ToEngine, [port1])
    contents.postMessage('shell.port', null, [port2])
  }

  /** Lets the engine write down what it holds, and ends it. */
  async close(): Promise<void> {
    const { child } = this
    if (child === undefined) return
    this.child = undefined
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
    child.postMessage({ kind: 'close' } satisfies ToEngine)
    const timer = setTimeout(() => child.kill(), closingMs)
    await ended
    clearTimeout(timer)
  }

  private start(): UtilityProcess {
    const now = Date.now()
    this.starts = [...this.starts.filter((at) => now - at < 60_000), now]
    if (this.starts.length > mostStarts) throw new Error(`The engine has ended ${mostStarts} times within a minute. Start Undercurrent again; nothing that was stored is lost.`)
    const child = utilityProcess.fork(entry, [], { serviceName: 'Undercurrent engine', stdio: 'inherit' })
    child.once('exit', () => {
      // its ports close with it, whereupon the window asks for a new one
      if (this.child === child) this.child = undefined
    })
    child.postMessage({ kind: 'open', workspace: this.workspace, demo: this.demo } satisfies ToEngine)
    this.child = child
    return child
  }
}
