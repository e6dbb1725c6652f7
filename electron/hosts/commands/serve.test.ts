import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { request, type IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface, type Interface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'

const program = fileURLToPath(new URL('../../../build/electron/hosts/undercurrent.js', import.meta.url))
let folder = ''
let children: ChildProcessByStdio<Writable, Readable, Readable>[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'undercurrent-serve-command-'))
  mkdirSync(join(folder, 'tmp'))
  mkdirSync(join(folder, 'bin'))
})
afterEach(async () => {
  for (const child of children) if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
  await Promise.all(children.filter((child) => child.exitCode === null && child.signalCode === null).map((child) => once(child, 'exit')))
  children = []
  rmSync(folder, { recursive: true, force: true })
})

interface Running {
  readonly child: ChildProcessByStdio<Writable, Readable, Readable>
  readonly lines: Interface
  /** How it has ended: exit code, signal, and what it has noted. */
  readonly end: Promise<{ readonly code: number | null; readonly signal: string | null; readonly notes: string }>
}

/** Runs the built command with a folder for its temporary files and one for the system's browser. */
function undercurrent(...args: readonly string[]): Running {
  return run(process.execPath, [program, 'serve', ...args])
}

function run(command: string, args: readonly string[]): Running {
  const child = spawn(command, args, { cwd: folder, stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, TMPDIR: join(folder, 'tmp'), PATH: join(folder, 'bin') } })
  children.push(child)
  let notes = ''
  child.stderr.on('data', (part: Buffer) => (notes += part.toString()))
  const end = (once(child, 'close') as Promise<[number | null, string | null]>).then(([code, signal]) => ({ code, signal, notes }))
  return { child, lines: createInterface({ input: child.stdout }), end }
}

async function lineOf({ lines }: Running): Promise<string> {
  return ((await once(lines, 'line')) as [string])[0]
}

async function urlOf(running: Running): Promise<string> {
  return (JSON.parse(await lineOf(running)) as { readonly url: string }).url
}

/** Opens a link as a browser does; gives the cookie that it gets. */
async function enter(url: string): Promise<string> {
  return (await fetch(url, { redirect: 'manual' })).headers.get('set-cookie')?.split(';')[0] ?? ''
}

async function upload(url: string, cookie: string): Promise<string> {
  const { origin } = new URL(url)
  const response = await fetch(`${origin}/upload?name=a.csv`, { method: 'POST', headers: { Cookie: cookie, Origin: origin, 'x-undercurrent': '1' }, body: 'a' })
  return ((await response.json()) as { readonly path: string }).path
}

describe('undercurrent serve', () => {
  it('prints a link that opens the app, and another for every Enter', async () => {
    const running = undercurrent('--json')
    const first = await urlOf(running)
    expect(first).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{43}$/)
    running.child.stdin.write('\n')
    const second = await urlOf(running)
    expect(second).not.toBe(first)
    for (const url of [first, second]) {
      const page = await fetch(new URL(url).origin, { headers: { Cookie: await enter(url) } })
      expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('<div id="root">')])
    }
  })

  it('says to people what to do', async () => {
    expect(await lineOf(undercurrent())).toMatch(/^Undercurrent is open at http:\/\/127\.0\.0\.1:/)
  })

  it('goes on where nothing is there to be typed', async () => {
    const running = undercurrent('--json')
    const url = await urlOf(running)
    running.child.stdin.end()
    expect((await fetch(url, { redirect: 'manual' })).status).toBe(302)
  })

  it.each([
    ['SIGTERM', { code: 0, signal: null }],
    ['SIGINT', { code: 0, signal: null }],
    ['SIGHUP', { code: null, signal: 'SIGHUP' }],
  ] as const)('ends in order on %s: nothing stays behind, and the workspace is free', async (signal, expected) => {
    const running = undercurrent('--json', '-w', 'W')
    const url = await urlOf(running)
    const path = await upload(url, await enter(url))
    expect(readFileSync(path, 'utf8')).toBe('a')
    running.child.kill(signal)
    expect(await running.end).toEqual({ ...expected, notes: '' })
    expect(readdirSync(join(folder, 'tmp'))).toEqual([])
    await urlOf(undercurrent('--json', '-w', 'W'))
  })

  it('ends at once when asked twice, and leaves no file behind even then', async () => {
    const running = undercurrent('--json')
    const url = await urlOf(running)
    const cookie = await enter(url)
    await upload(url, cookie)
    // a page that does not answer holds up the end
    const { origin, host } = new URL(url)
    const page = new WebSocket(`ws://${host}/engine`, { headers: { Cookie: cookie, Origin: origin } })
    await once(page, 'open')
    page.pause()
    running.child.kill('SIGINT')
    // it has heard the first when it takes no more connections
    await expect.poll(() => fetch(origin).then(() => 'open', () => 'closed'), { interval: 5 }).toBe('closed')
    running.child.kill('SIGINT')
    expect(await running.end).toMatchObject({ code: 1 })
    expect(readdirSync(join(folder, 'tmp'))).toEqual([])
    page.terminate()
  })

  it('says that its port is taken', async () => {
    const first = undercurrent('--json', '-w', 'A')
    const { port } = new URL(await urlOf(first))
    expect(await undercurrent('-w', 'B', '--port', port).end).toEqual({ code: 1, signal: null, notes: expect.stringMatching(`^error: Port ${port} is taken by another program\\.\\n.*--port`) as string })
  })

  it('refuses what is no port, and makes no workspace', async () => {
    const ends = await Promise.all(['-1', '65536', 'http', ''].map((port) => undercurrent('-w', 'W', '--port', port).end))
    expect(ends.map(({ code }) => code)).toEqual([2, 2, 2, 2])
    expect(existsSync(join(folder, 'W'))).toBe(false)
  })
})

// elsewhere there is no such limit
describe.skipIf(process.platform === 'win32')('undercurrent serve where the disk refuses the rest of a file', () => {
  it('says so to a browser, which sends all before it listens, keeps nothing of it, and takes the next one', async () => {
    const running = run('/bin/sh', ['-c', 'ulimit -f 16384; exec "$0" "$@"', process.execPath, program, 'serve', '--json'])
    const url = await urlOf(running)
    const cookie = await enter(url)
    const { origin } = new URL(url)
    const sent = request(`${origin}/upload?name=large.csv`, { method: 'POST', headers: { Cookie: cookie, Origin: origin, 'x-undercurrent': '1' } })
    const response = once(sent, 'response') as Promise<[IncomingMessage]>
    sent.end(Buffer.alloc(60_000_000))
    await once(sent, 'finish')
    const [refused] = await response
    expect([refused.statusCode, await text(refused)]).toEqual([500, expect.stringContaining('EFBIG')])
    const path = await upload(url, cookie)
    expect(readdirSync(join(folder, 'tmp'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))).toEqual([path])
  })
})

// elsewhere the browser is not found by the search path
describe.runIf(process.platform === 'linux')('undercurrent serve --open', () => {
  it('gives the link to the browser', async () => {
    const opened = join(folder, 'opened')
    writeFileSync(join(folder, 'bin', 'xdg-open'), `#!/bin/sh\necho "$@" > ${opened}.part\n/bin/mv ${opened}.part ${opened}\n`)
    chmodSync(join(folder, 'bin', 'xdg-open'), 0o755)
    const url = await urlOf(undercurrent('--json', '--open'))
    await expect.poll(() => existsSync(opened)).toBe(true)
    expect(readFileSync(opened, 'utf8').trim()).toBe(url)
  })

  it('goes on without one, and says so', async () => {
    const running = undercurrent('--json', '--open')
    const url = await urlOf(running)
    const [note] = (await once(running.child.stderr, 'data')) as [Buffer]
    expect(note.toString()).toContain('The browser could not be opened (spawn xdg-open ENOENT)')
    expect((await fetch(url, { redirect: 'manual' })).status).toBe(302)
  })
})
