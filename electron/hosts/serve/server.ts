import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { WebSocketServer } from 'ws'
import type { ShellInfo } from '../../../shared/contract/shell.ts'
import { AppError } from '../../../shared/errors.ts'
import { openEngine, type Engine } from '../../engine/engine.ts'
import { serve } from '../../ipc/serve.ts'
import { readRendererFile } from '../../web/renderer-files.ts'
import { Gate } from './gate.ts'
import { Uploads } from './uploads.ts'
import { webSocketPort } from './web-socket-port.ts'

/** Where the built renderer lies, seen from the built server. */
const builtRenderer = fileURLToPath(new URL('../../../renderer/', import.meta.url))
/** No message of a page is larger; files come by upload. */
const largestMessage = 16 * 1024 * 1024

/** A server that shows a workspace in browsers of this machine. */
export interface Server {
  readonly engine: Engine
  /** A link that opens the app once, in one browser. */
  newLink(): string
  close(): Promise<void>
}

/**
 * Opens a workspace and serves the app on the loopback interface.
 *
 * @param options.port 0 for any that is free
 * @throws AppError WORKSPACE_LOCKED and the like, CONFLICT when the port is taken
 */
export async function startServer({ workspace, port, version, renderer = builtRenderer }: { readonly workspace: string; readonly port: number; readonly version: string; readonly renderer?: string }): Promise<Server> {
  const engine = await openEngine({ workspace })
  const uploads = new Uploads()
  const server = createServer()
  try {
    await listen(server, port)
  } catch (error) {
    await engine.close()
    throw error
  }
  const address = server.address() as AddressInfo
  const gate = new Gate(address.port)
  const sockets = new WebSocketServer({ noServer: true, maxPayload: largestMessage, perMessageDeflate: false })
  const info: ShellInfo = { version, platform: process.platform, workspace, theme: 'system' }

  server.on('request', (request, response) => {
    answer(request, response, { gate, uploads, renderer, info }).catch((error: unknown) => fail(response, 500, `This could not be answered: ${error instanceof Error ? error.message : String(error)}`))
  })
  server.on('upgrade', (request, socket, head) => {
    const isWelcome = new URL(request.url ?? '/', 'http://localhost').pathname === '/engine' && gate.isForThisHost(request) && gate.isFromThisOrigin(request) && gate.knows(request)
    if (!isWelcome) { socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n'); return }
    sockets.handleUpgrade(request, socket, head, (opened) => serve(engine, webSocketPort(opened)))
  })
  return {
    engine,
    newLink: () => `http://127.0.0.1:${address.port}/?token=${gate.newToken()}`,
    async close() {
      for (const socket of sockets.clients) socket.close(1001)
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      await engine.close()
      for (const socket of sockets.clients) socket.terminate()
      server.closeAllConnections()
      await closed
      await uploads.remove()
    },
  }
}

interface Context {
  readonly gate: Gate
  readonly uploads: Uploads
  readonly renderer: string
  readonly info: ShellInfo
}

async function answer(request: IncomingMessage, response: ServerResponse, { gate, uploads, renderer, info }: Context): Promise<void> {
  if (!gate.isForThisHost(request)) { fail(response, 403, 'This server is reached as 127.0.0.1 or localhost only.'); return }
  const url = new URL(request.url ?? '/', 'http://localhost')
  const token = url.searchParams.get('token')
  if (token !== null && !gate.knows(request)) {
    const cookie = gate.exchange(token)
    if (cookie === undefined) { fail(response, 403, 'This link was used already, or is of another run. Press Enter where `undercurrent serve` runs for a new one.'); return }
    response.writeHead(302, { Location: '/', 'Set-Cookie': cookie, 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer' }).end()
    return
  }
  if (!gate.knows(request)) { fail(response, 403, 'Open the link that `undercurrent serve` has printed; press Enter there for a new one.'); return }
  if (request.method === 'POST' && url.pathname === '/upload') { await takeUpload(request, response, gate, uploads, url.searchParams.get('name') ?? 'file'); return }
  if (request.method !== 'GET' && request.method !== 'HEAD') { fail(response, 405, 'Only GET is answered here.'); return }
  if (token !== null) { response.writeHead(302, { Location: '/', 'Cache-Control': 'no-store' }).end(); return }
  if (url.pathname === '/shell') {
    response.writeHead(200, { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' }).end(JSON.stringify(info))
    return
  }
  const { status, headers, body } = await readRendererFile(renderer, url.pathname)
  response.writeHead(status, headers).end(request.method === 'HEAD' ? undefined : body)
}

async function takeUpload(request: IncomingMessage, response: ServerResponse, gate: Gate, uploads: Uploads, name: string): Promise<void> {
  // another origin cannot send this header without being asked first, which nobody answers here
  if (!gate.isFromThisOrigin(request) || request.headers['x-undercurrent'] !== '1') { fail(response, 403, 'Files are taken from the app only.'); return }
  const path = await uploads.take(request, name)
  response.writeHead(200, { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store' }).end(JSON.stringify({ path }))
}

function fail(response: ServerResponse, status: number, sentence: string): void {
  if (response.headersSent) { response.destroy(); return }
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' }).end(sentence)
}

function listen(server: ReturnType<typeof createServer>, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRINUSE' ? new AppError('CONFLICT', `Port ${port} is taken by another program.`, { hint: 'Choose another with --port, or leave it out to get one that is free.', cause: error }) : error)
    })
    server.listen({ host: '127.0.0.1', port }, () => resolve())
  })
}
