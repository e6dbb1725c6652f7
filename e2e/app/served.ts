import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { resolve } from 'node:path'

/** Tests and benches run in the app's folder. */
const commandLine = resolve('build/electron/hosts/undercurrent.js')

/** A running `undercurrent serve`, as its user starts it. */
export interface Served {
  /** The link with its one-time token. */
  readonly url: string
  readonly child: ChildProcess
  stop(): Promise<void>
}

/** Starts browser mode on a workspace and waits for its link. @throws Error with what it wrote when it ends before */
export async function serve(workspace: string): Promise<Served> {
  const child = spawn(process.execPath, [commandLine, 'serve', '--workspace', workspace, '--json'], { stdio: ['ignore', 'pipe', 'pipe'] })
  let notes = ''
  child.stderr.on('data', (text: Buffer) => {
    notes += text.toString()
  })
  const lines = createInterface({ input: child.stdout })
  const [first] = (await Promise.race([once(lines, 'line'), once(child, 'exit').then(() => { throw new Error(`serve has ended: ${notes}`) })])) as [string]
  return {
    url: (JSON.parse(first) as { readonly url: string }).url,
    child,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      await ended
    },
  }
}
