import type { MessagePortMain } from 'electron'
import { toFailure, type Failure } from '../../shared/errors.ts'
import { runDemoShop } from '../engine/demo-workspace.ts'
import { openEngine, type Engine } from '../engine/engine.ts'
import type { Printer } from '../engine/reports/printer.ts'
import type { Secrets } from '../engine/secrets.ts'
import { serve } from '../ipc/serve.ts'
import { electronPort } from './electron-port.ts'
import type { ToEngine } from './engine-messages.ts'
import { failingService } from './failing-service.ts'
import { connectPrinter } from './print-port.ts'
import { connectSecrets } from './secret-port.ts'

type Opened = { readonly engine: Engine } | { readonly failure: Failure }

/** The process of the engine: one workspace, served to windows over ports of their own. */
let opened: Promise<Opened> | undefined

process.parentPort.on('message', ({ data, ports: [port, printing] }) => {
  const message = data as ToEngine
  if (message.kind === 'close') void close()
  else if (port === undefined) throw new Error(`${message.kind} came without its port`)
  else if (message.kind === 'port') void servePort(port)
  else if (printing === undefined) throw new Error('open came without the port to the printing')
  else opened = open(message.workspace, message.demo, connectSecrets(electronPort(port)), connectPrinter(electronPort(printing)))
})

async function open(workspace: string, demo: boolean, secrets: Secrets, printer: Printer): Promise<Opened> {
  let engine: Engine | undefined
  try {
    engine = await openEngine({ workspace, secrets, printer })
    if (demo) await runDemoShop(engine)
    return { engine }
  } catch (error) {
    await engine?.close()
    return { failure: toFailure(error) }
  }
}

async function servePort(port: MessagePortMain): Promise<void> {
  if (opened === undefined) throw new Error('a port came before its workspace')
  const answer = await opened
  serve('engine' in answer ? answer.engine : failingService(answer.failure), electronPort(port))
}

async function close(): Promise<void> {
  try {
    const answer = await opened
    if (answer !== undefined && 'engine' in answer) await answer.engine.close()
    process.exit()
  } catch (error) {
    console.error(error)
    process.exit(1)
  }
}
