import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readRendererFile } from './renderer-files.ts'

const secret = 'SECRET'
let outside = ''
let folder = ''
beforeAll(() => {
  outside = mkdtempSync(join(tmpdir(), 'undercurrent-web-'))
  // a sibling whose path begins as the folder's own does, which a careless comparison lets through
  for (const name of ['renderer', 'renderer/assets', 'renderer/assets/folder.js', 'renderer-backup']) mkdirSync(join(outside, name))
  folder = join(outside, 'renderer')
  writeFileSync(join(folder, 'index.html'), '<meta name="csp-nonce" content="__CSP_NONCE__"><style nonce="__CSP_NONCE__"></style>')
  writeFileSync(join(folder, 'assets', 'index-a1.js'), 'start()')
  writeFileSync(join(folder, 'assets', 'duckdb-b2.wasm'), Buffer.from([0, 97, 115, 109]))
  writeFileSync(join(folder, 'assets', 'größe #1.svg'), '<svg/>')
  writeFileSync(join(folder, 'assets', 'key.pem'), secret)
  writeFileSync(join(folder, 'favicon.ico'), 'icon')
  for (const name of ['secret.js', 'renderer-backup/secret.js']) writeFileSync(join(outside, name), secret)
  symlinkSync(join(outside, 'secret.js'), join(folder, 'link.js'))
  symlinkSync(outside, join(folder, 'up'))
})
afterAll(() => rmSync(outside, { recursive: true, force: true }))

/** The sources that a policy allows, by directive. */
function directives(policy: string | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries((policy ?? '').split('; ').map((part) => [part.slice(0, part.indexOf(' ')), part.slice(part.indexOf(' ') + 1)]))
}

describe('a file of the renderer', () => {
  it.each([
    ['/', 'text/html; charset=utf-8', 'no-store'],
    ['/index.html', 'text/html; charset=utf-8', 'no-store'],
    ['/assets/index-a1.js', 'text/javascript; charset=utf-8', 'public, max-age=31536000, immutable'],
    ['/assets/duckdb-b2.wasm', 'application/wasm', 'public, max-age=31536000, immutable'],
    ['/assets/gr%C3%B6%C3%9Fe%20%231.svg', 'image/svg+xml', 'public, max-age=31536000, immutable'],
    // its name says nothing of its content, so it may change
    ['/favicon.ico', 'image/x-icon', 'no-cache'],
  ])('%s comes as %s, kept as %s', async (path, type, cache) => {
    const { status, headers } = await readRendererFile(folder, path)
    expect({ status, type: headers['Content-Type'], cache: headers['Cache-Control'] }).toEqual({ status: 200, type, cache })
  })

  it('comes byte by byte', async () => {
    expect([...(await readRendererFile(folder, '/assets/duckdb-b2.wasm')).body]).toEqual([0, 97, 115, 109])
  })

  it.each(['/', '/assets/index-a1.js', '/nowhere'])('%s comes with the headers that keep it to itself', async (path) => {
    const { headers } = await readRendererFile(folder, path)
    expect(headers).toMatchObject({ 'X-Content-Type-Options': 'nosniff', 'Referrer-Policy': 'no-referrer', 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Resource-Policy': 'same-origin' })
    expect(directives(headers['Content-Security-Policy'])).toMatchObject({
      'default-src': "'none'",
      'script-src': "'self' 'wasm-unsafe-eval'",
      'worker-src': "'self'",
      'connect-src': "'self'",
      'img-src': "'self' data: blob:",
      'font-src': "'self'",
      'object-src': "'none'",
      'base-uri': "'none'",
      'form-action': "'none'",
      'frame-ancestors': "'none'",
    })
  })
})

describe('the nonce', () => {
  it('stands in the page and in its policy, and is another each time', async () => {
    const pages = await Promise.all([readRendererFile(folder, '/'), readRendererFile(folder, '/'), readRendererFile(folder, '/index.html')])
    const nonces = pages.map(({ headers, body }) => {
      const nonce = /'nonce-([^']+)'/.exec(directives(headers['Content-Security-Policy'])['style-src'] ?? '')?.[1] ?? ''
      expect(Buffer.from(nonce, 'base64').length).toBeGreaterThanOrEqual(16)
      expect(body.toString()).toBe(`<meta name="csp-nonce" content="${nonce}"><style nonce="${nonce}"></style>`)
      return nonce
    })
    expect(new Set(nonces).size).toBe(pages.length)
  })

  it('lets nothing through where there is no page', async () => {
    expect(directives((await readRendererFile(folder, '/assets/index-a1.js')).headers['Content-Security-Policy'])['style-src']).toBe("'self'")
  })
})

describe('what is not there', () => {
  it.each([
    ['a file that does not exist', '/assets/index-a2.js'],
    ['a folder', '/assets'],
    ['a folder with the name of a script', '/assets/folder.js'],
    ['the folder itself', '//'],
    ['no path', ''],
    ['a type that the renderer does not have', '/assets/key.pem'],
    ['a link out of the folder', '/link.js'],
    ['a file behind a linked folder', '/up/secret.js'],
    ['the folder above', '/../secret.js'],
    ['the folder above, from inside', '/assets/../../secret.js'],
    ['encoded dots', '/%2e%2e/secret.js'],
    ['an encoded slash', '/..%2fsecret.js'],
    ['an encoded backslash', '/..%5csecret.js'],
    ['a neighbor with a longer name', '/../renderer-backup/secret.js'],
    ['a NUL', '/index.html%00.js'],
    ['bytes that are no UTF-8', '/%ff'],
    ['half an escape', '/%'],
    ['more than a name may be long', `/${'a'.repeat(5000)}.js`],
  ])('%s', async (_what, path) => {
    const { status, body, headers } = await readRendererFile(folder, path)
    expect({ status, body: body.toString(), cache: headers['Cache-Control'] }).toEqual({ status: 404, body: 'There is no such file.', cache: 'no-store' })
  })

  it('is anything outside of the folder, whatever the path is made of', async () => {
    const piece = fc.constantFrom('/', '//', '..', '.', '%2e', '%2E%2e', '%2f', '%5c', '\\', '%00', '%252e', '%', ' ', 'up', 'link.js', 'assets', 'renderer', 'renderer-backup', 'secret.js', 'index.html', '?', '#', '~')
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 12 }), async (pieces) => {
        const { status, body } = await readRendererFile(folder, `/${pieces.join('')}`)
        expect(body.toString()).not.toContain(secret)
        expect([200, 404]).toContain(status)
      }),
      { numRuns: 2000 },
    )
  })
})
