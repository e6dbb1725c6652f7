import type { MessagePortMain } from 'electron'
import type { Port } from '../../shared/contract/port.ts'
import type { Service } from '../../shared/contract/service.ts'
import { fromFailure, toFailure, type Failure } from '../../shared/errors.ts'
import { runDemoShop } from '../engine/demo-workspace.ts'
import { openEngine, type Engine } from '../engine/engine.ts'
import { serve } from '../ipc/serve.ts'
import type { ToEngine } from './engine-messages.ts'
import { exactBytes } from './exact-bytes.ts'

/** The process of the engine: one workspace, served to windows over ports of their own. */
let opened: Promise<Engine | Failure> | undefined

process.parentPort.on('message', ({ data, ports }) => {
  const message = data as ToEngine
  if (message.kind === 'open') opened = open(message.workspace, message.demo)
  else if (message.kind === 'close') void close()
  else for (const port of ports) void servePort(port)
})

async function open(workspace: string, demo: boolean): Promise<Engine | Failure> {
  try {
    const engine = await openEngine({ workspace })
    if (demo) await runDemoShop(engine)
    return engine
  } catch (error) {
    return toFailure(error)
  }
}

async function servePort(port: MessagePortMain): Promise<void> {
  const engine = await opened
  if (engine === undefined) { port.close(); return }
  serve('code' in engine ? failing(engine) : engine, toPort(port))
}

async function close(): Promise<void> {
  const engine = await opened
  if (engine !== undefined && !('code' in engine)) await engine.close()
  process.exit(0)
}

/** A workspace that cannot be opened answers every question with the reason. */
function failing(failure: Failure): Service<AbortSignal> {
  const fail = (): never => {
    throw fromFailure(failure)
  }
  return { calls: new Proxy({}, { get: () => fail }) as Service<AbortSignal>['calls'], streams: new Proxy({}, { get: () => fail }) as Service<AbortSignal>['streams'], subscribe: () => () => undefined }
}

function toPort(port: MessagePortMain): Port {
  return {
    post: (message) => port.postMessage(exactBytes(message)),
    onMessage(listener) {
      port.on('message', ({ data }) => listener(data))
      port.start()
    },
    onClose(listener) {
      port.once('close', () => listener())
    },
    close: () => port.close(),
  }
}
