import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ShellInfo } from '../../../shared/contract/shell.ts'
import { toFailure } from '../../../shared/errors.ts'
import { readRendererFile } from '../../web/renderer-files.ts'
import { securityHeaders } from '../../web/security-headers.ts'
import type { Gate } from './gate.ts'
import type { Uploads } from './uploads.ts'

/** What a server answers with. */
export interface Answering {
  readonly gate: Gate
  readonly uploads: Uploads
  /** The folder of the built pages. */
  readonly renderer: string
  readonly info: ShellInfo
}

/** Answers one HTTP request: the exchange of a token, a file of the renderer, `/shell`, `/upload`. It never rejects. */
export async function answerRequest(request: IncomingMessage, response: ServerResponse, answering: Answering): Promise<void> {
  try {
    await answer(request, response, answering)
  } catch (error) {
    // half an answer cannot be taken back, only be broken off
    if (response.headersSent) { response.destroy(); return }
    const { code, message, hint } = toFailure(error)
    say(response, code === 'STORE_FULL' ? 507 : 500, [message, hint].filter((sentence) => sentence !== undefined).join(' '))
  }
}

/** The path of a request, still percent-encoded. It is not parsed as a URL, since what a peer sends need not be one. */
export function pathOf({ url = '/' }: IncomingMessage): string {
  return url.replace(/\?.*$/s, '')
}

function queryOf({ url = '/' }: IncomingMessage): URLSearchParams {
  return new URLSearchParams(/\?(.*)$/s.exec(url)?.[1])
}

async function answer(request: IncomingMessage, response: ServerResponse, { gate, uploads, renderer, info }: Answering): Promise<void> {
  if (!gate.isForThisHost(request)) { say(response, 403, 'This server is reached as 127.0.0.1 or localhost only.'); return }
  const path = pathOf(request)
  const token = queryOf(request).get('token')
  if (request.method === 'GET' && path === '/' && token !== null) { enter(request, response, gate, token); return }
  if (!gate.knows(request)) { say(response, 403, 'Open the link that `undercurrent serve` has printed; press Enter there for a new one.'); return }
  if (request.method === 'POST' && path === '/upload') { await takeUpload(request, response, gate, uploads); return }
  if (request.method !== 'GET' && request.method !== 'HEAD') { say(response, 405, 'Only GET is answered here.', { Allow: 'GET, HEAD' }); return }
  if (path === '/shell') { sendJson(response, info); return }
  const { status, headers, body } = await readRendererFile(renderer, path)
  response.writeHead(status, headers).end(body)
}

/** Exchanges the token of a link. One that is opened again where it has been opened before leads to the app all the same. */
function enter(request: IncomingMessage, response: ServerResponse, gate: Gate, token: string): void {
  const cookie = gate.exchange(token)
  if (cookie === undefined && !gate.knows(request)) { say(response, 403, 'This link was used already, or is of another run. Press Enter where `undercurrent serve` runs for a new one.'); return }
  response.writeHead(302, { ...securityHeaders(), Location: '/', 'Cache-Control': 'no-store', ...(cookie === undefined ? {} : { 'Set-Cookie': cookie }) }).end()
}

async function takeUpload(request: IncomingMessage, response: ServerResponse, gate: Gate, uploads: Uploads): Promise<void> {
  // another origin cannot send this header without being asked first, which nobody answers here
  if (!gate.isFromThisOrigin(request) || request.headers['x-undercurrent'] !== '1') { say(response, 403, 'Files are taken from the app only.'); return }
  try {
    sendJson(response, { path: await uploads.take(request.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>, queryOf(request).get('name') ?? 'file') })
  } finally {
    // browsers send all before they listen, so where the disk refuses the rest it is read all the same
    request.resume()
  }
}

function sendJson(response: ServerResponse, value: object): void {
  response.writeHead(200, { ...securityHeaders(), 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store' }).end(JSON.stringify(value))
}

function say(response: ServerResponse, status: number, sentence: string, headers: Readonly<Record<string, string>> = {}): void {
  response.writeHead(status, { ...securityHeaders(), 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store', ...headers }).end(sentence)
}
