import { randomBytes } from 'node:crypto'
import { readFile, realpath, stat } from 'node:fs/promises'
import { extname, join, sep } from 'node:path'
import { securityHeaders } from './security-headers.ts'

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
 * Reads a file of the built renderer by the path of a URL, still percent-encoded, without its query. The desktop's own
 * scheme and the browser mode's server answer with it, so that both send the same headers. What is not a file of a known
 * type inside of the folder, links resolved, is not there.
 */
export async function readRendererFile(folder: string, urlPath: string): Promise<FileAnswer> {
  const path = await findFile(folder, urlPath)
  const type = path === undefined ? undefined : types[extname(path)]
  if (path === undefined || type === undefined) {
    return { status: 404, headers: { ...securityHeaders(), 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' }, body: Buffer.from('There is no such file.') }
  }
  const body = await readFile(path)
  if (extname(path) === '.html') {
    const nonce = randomBytes(18).toString('base64')
    return { status: 200, headers: { ...securityHeaders(nonce), 'Content-Type': type, 'Cache-Control': 'no-store' }, body: Buffer.from(body.toString('utf8').replaceAll(nonceMark, nonce)) }
  }
  return { status: 200, headers: { ...securityHeaders(), 'Content-Type': type, 'Cache-Control': cacheControl(urlPath) }, body }
}

/** Vite names what it puts into `assets` by the content, so under one name it never changes. */
function cacheControl(urlPath: string): string {
  return urlPath.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache'
}

async function findFile(folder: string, urlPath: string): Promise<string | undefined> {
  try {
    const name = decodeURIComponent(urlPath)
    const root = await realpath(folder)
    const path = await realpath(join(root, name === '/' ? 'index.html' : name))
    return path.startsWith(root + sep) && (await stat(path)).isFile() ? path : undefined
  } catch {
    // no such file, or no path at all, such as one with a NUL: to whoever asks, it is not there
    return undefined
  }
}
