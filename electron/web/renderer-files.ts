import { randomBytes } from 'node:crypto'
import { readFile, realpath } from 'node:fs/promises'
import { extname, join, sep } from 'node:path'
import { contentSecurityPolicy } from './content-security-policy.ts'

/** An answer to a request for a file, for whatever serves it. */
export interface FileAnswer {
  readonly status: 200 | 404
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
}

/** Stands in index.html where the nonce belongs that the policy of this one answer names. */
const nonceMark = '__CSP_NONCE__'

/**
 * Reads a file of the built renderer by the path of a URL. The desktop's own scheme and the browser mode's server answer
 * with it, so that both send the same headers. What is not a file inside of the folder, links resolved, is not there.
 */
export async function readRendererFile(folder: string, urlPath: string): Promise<FileAnswer> {
  const path = await findFile(folder, urlPath)
  const type = path === undefined ? undefined : types[extname(path)]
  if (path === undefined || type === undefined) return { status: 404, headers: { ...safety(undefined), 'Content-Type': 'text/plain; charset=utf-8' }, body: Buffer.from('There is no such file.') }
  const body = await readFile(path)
  if (extname(path) !== '.html') {
    // Vite names these by their content
    return { status: 200, headers: { ...safety(undefined), 'Content-Type': type, 'Cache-Control': 'public, max-age=31536000, immutable' }, body }
  }
  const nonce = randomBytes(18).toString('base64')
  return { status: 200, headers: { ...safety(nonce), 'Content-Type': type, 'Cache-Control': 'no-store' }, body: Buffer.from(body.toString('utf8').replaceAll(nonceMark, nonce)) }
}

async function findFile(folder: string, urlPath: string): Promise<string | undefined> {
  try {
    const name = decodeURIComponent(urlPath)
    if (name.includes('\0') || name.includes('\\')) return undefined
    const root = await realpath(folder)
    const file = await realpath(join(root, name === '/' ? 'index.html' : name))
    return file.startsWith(root + sep) ? file : undefined
  } catch {
    // no such file, no file at all, or a path that is no UTF-8: to whoever asks, it is not there
    return undefined
  }
}

/** A worker has the policy of its own answer, so every file carries it. */
function safety(nonce: string | undefined): Record<string, string> {
  return {
    'Content-Security-Policy': contentSecurityPolicy(nonce),
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
  }
}
