import { runDemoShop } from '../engine/demo-workspace.ts'
import { openEngine, type Engine } from '../engine/engine.ts'
import type { Printer } from '../engine/reports/printer.ts'
import type { Secrets } from '../engine/secrets.ts'
import { electronPort } from './electron-port.ts'
import type { ToEngine } from './engine-messages.ts'
import { EngineServer } from './engine-server.ts'
import { connectPrinter } from './print-port.ts'
import { connectSecrets } from './secret-port.ts'

/** The process of the engine: one workspace, served to windows over ports of their own. */
let server: EngineServer | undefined

process.parentPort.on('message', ({ data, ports: [port, printing] }) => {
  const message = data as ToEngine
  // whoever asks is told why it fails
  if (message.kind === 'again') void server?.engine().catch(() => undefined)
  else if (message.kind === 'close') void close()
  else if (port === undefined) throw new Error(`${message.kind} came without its port`)
  else if (message.kind === 'port') {
    if (server === undefined) throw new Error('a port came before its workspace')
    void server.connect(electronPort(port))
  } else if (printing === undefined) throw new Error('open came without the port to the printing')
  else {
    const { workspace, demo } = message
    const [secrets, printer] = [connectSecrets(electronPort(port)), connectPrinter(electronPort(printing))]
    server = new EngineServer(() => open(workspace, demo, secrets, printer))
  }
})

async function open(workspace: string, demo: boolean, secrets: Secrets, printer: Printer): Promise<Engine> {
  const engine = await openEngine({ workspace, secrets, printer })
  try {
    if (demo) await runDemoShop(engine)
    return engine
  } catch (error) {
    await engine.close()
    throw error
  }
}

async function close(): Promise<void> {
  try {
    await server?.close()
    process.exit()
  } catch (error) {
    console.error(error)
    process.exit(1)
  }
}
