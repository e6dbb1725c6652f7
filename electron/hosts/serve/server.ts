import { createServer, type Server as HttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { WebSocketServer } from 'ws'
import { AppError } from '../../../shared/errors.ts'
import { openEngine, type Engine } from '../../engine/engine.ts'
import { serve } from '../../ipc/serve.ts'
import { answerRequest, pathOf } from './answer-request.ts'
import { Gate } from './gate.ts'
import { Uploads } from './uploads.ts'
import { webSocketPort } from './web-socket-port.ts'

/** Where the built renderer lies, seen from the built server. */
const builtRenderer = fileURLToPath(new URL('../../../renderer/', import.meta.url))
/** No message of a page is larger; files come by upload. */
const largestMessage = 16 * 1024 * 1024
/** How long pages have to answer that they have understood the end, in milliseconds. */
const farewellMs = 500
/** The status of a WebSocket that ends because its server does (RFC 6455, section 7.4.1). */
const goingAway = 1001

/** A server that shows a workspace in browsers of this machine. */
export interface Server {
  readonly engine: Engine
  /** The first link. It opens the app once, in one browser. */
  readonly url: string
  /** A further link of the same kind. */
  newLink(): string
  close(): Promise<void>
}

/**
 * Opens a workspace and serves the app on the loopback interface: pages and uploads over HTTP, the contract over a
 * WebSocket at `/engine`, a port of its own for every tab.
 *
 * @param options.port 0 for any that is free
 * @param options.renderer the folder of the built pages
 * @throws AppError WORKSPACE_LOCKED and the like, CONFLICT when the port is taken, BAD_REQUEST when it may not be used
 */
export async function startServer({ workspace, port, version, renderer = builtRenderer }: { readonly workspace: string; readonly port: number; readonly version: string; readonly renderer?: string }): Promise<Server> {
  const engine = await openEngine({ workspace })
  // a large file may take longer to arrive than the five minutes that Node gives a request
  const server = createServer({ requestTimeout: 0 })
  try {
    await listen(server, port)
  } catch (error) {
    await engine.close()
    throw error
  }
  const { port: ownPort } = server.address() as AddressInfo
  const gate = new Gate(ownPort)
  const uploads = new Uploads()
  const sockets = new WebSocketServer({ noServer: true, maxPayload: largestMessage, perMessageDeflate: false })
  const info = { version, platform: process.platform, workspace: resolve(workspace), theme: 'system' } as const
  const newLink = (): string => `http://127.0.0.1:${ownPort}/?token=${gate.newToken()}`

  server.on('request', (request, response) => void answerRequest(request, response, { gate, uploads, renderer, info }))
  server.on('upgrade', (request, socket, head) => {
    // a peer that is gone before it is answered misses nothing
    socket.on('error', () => socket.destroy())
    const isWelcome = server.listening && pathOf(request) === '/engine' && gate.isFromThisOrigin(request) && gate.knows(request)
    if (!isWelcome) { socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n'); return }
    sockets.handleUpgrade(request, socket, head, (opened) => serve(engine, webSocketPort(opened)))
  })
  return {
    engine,
    url: newLink(),
    newLink,
    async close() {
      const closed = new Promise<void>((done) => server.close(() => done()))
      await dismiss(sockets)
      server.closeAllConnections()
      await closed
      try {
        await engine.close()
      } finally {
        await uploads.remove()
      }
    },
  }
}

/** Tells every page that the server ends, and leaves those that do not answer. */
async function dismiss({ clients }: WebSocketServer): Promise<void> {
  const gone = [...clients].map((socket) => new Promise((done) => socket.once('close', done)))
  for (const socket of clients) socket.close(goingAway)
  await Promise.race([Promise.all(gone), wait(farewellMs, undefined, { ref: false })])
  for (const socket of clients) socket.terminate()
}

function listen(server: HttpServer, port: number): Promise<void> {
  return new Promise((done, fail) => {
    const refuse = (error: NodeJS.ErrnoException): void => fail(listenFailure(error, port))
    server.once('error', refuse)
    server.listen({ host: '127.0.0.1', port }, () => {
      server.off('error', refuse)
      done()
    })
  })
}

function listenFailure(error: NodeJS.ErrnoException, port: number): Error {
  const hint = 'Choose another with --port, or leave it out to get one that is free.'
  if (error.code === 'EADDRINUSE') return new AppError('CONFLICT', `Port ${port} is taken by another program.`, { hint, cause: error })
  if (error.code === 'EACCES') return new AppError('BAD_REQUEST', `This user may not listen on port ${port}.`, { hint, cause: error })
  return error
}
