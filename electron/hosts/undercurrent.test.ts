import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const program = fileURLToPath(new URL('../../build/electron/hosts/undercurrent.js', import.meta.url))
let folder = ''
/** A broker that accepts connections and never answers. */
let silent: Server

interface Run {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs the built command, as a user in a zone of its own would. */
function undercurrent(...args: readonly string[]): Promise<Run> {
  return new Promise((resolve) => {
    execFile(process.execPath, [program, ...args], { cwd: folder, maxBuffer: 1 << 26, env: { ...process.env, TZ: 'Asia/Kathmandu' } }, (error, stdout, stderr) => resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }))
  })
}

/** The exit code of a shell's line in which `$U` is the built command. */
async function shell(line: string): Promise<string> {
  const child = spawn('bash', ['-c', line], { cwd: folder, env: { ...process.env, U: `${process.execPath} ${program}` }, stdio: ['ignore', 'pipe', 'ignore'] })
  let output = ''
  child.stdout.on('data', (part: Buffer) => (output += part.toString()))
  await once(child, 'close')
  return output.trim()
}

async function exitCode(child: ChildProcess): Promise<unknown> {
  const [code] = (await once(child, 'close')) as readonly unknown[]
  return code
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'undercurrent-hosts-'))
  const events = [
    { user: 'ann', type: 'visit', time: '2026-01-01T10:00:00.123456Z', source: 'newsletter', order: 1 },
    { user: 'ann', type: 'pay\u001b[2J', time: '2026-01-01T10:00:01Z', source: 'web', order: 2 },
  ]
  const lines = events.map((event) => JSON.stringify(event).replace('"order":2', '"order":12345678901234567890'))
  writeFileSync(join(folder, 'shop.ndjson'), `${lines.join('\n')}\nnot json\n`)
  expect(await undercurrent('import', 'shop.ndjson', '--map', 'key=user,type=type,time=time', '--attributes', 'source:text', '-w', 'W')).toMatchObject({ code: 0 })
  silent = createServer(() => undefined).listen(0, '127.0.0.1')
  await once(silent, 'listening')
})
afterAll(() => {
  silent.close()
  rmSync(folder, { recursive: true, force: true })
})

describe('the command line', () => {
  it('tells an attribute from the field of the event that has the same name', async () => {
    const { stdout } = await undercurrent('timeline', 'ann', '-w', 'W', '--json', '--limit', '1')
    expect(JSON.parse(stdout)).toMatchObject({ time: '2026-01-01T10:00:00.123456Z', source: 'shop', attributes: { source: 'newsletter' } })
  })

  it('keeps the large numbers of a payload', async () => {
    expect((await undercurrent('timeline', 'ann', '-w', 'W', '--json')).stdout).toContain('"order":12345678901234567890')
  })

  it('gives no command of a record to the terminal', async () => {
    for (const args of [['timeline', 'ann'], ['timeline', 'ann', '--json'], ['stats'], ['stats', '--json']]) {
      const { stdout } = await undercurrent(...args, '-w', 'W')
      expect(stdout).toContain('pay\\u001b[2J')
      expect(stdout).not.toContain('\u001b')
    }
  })

  it('shows local times with their distance from UTC, and takes them back', async () => {
    const { stdout } = await undercurrent('timeline', 'ann', '-w', 'W')
    expect(stdout).toMatch(/^2026-01-01 15:45:00\.123\+05:45 {2}visit/)
    const after = await undercurrent('timeline', 'ann', '-w', 'W', '--json', '--from', '2026-01-01 15:45:00.124+05:45')
    expect(after.stdout.trim().split('\n')).toHaveLength(1)
  })

  it('bounds a timeline to the microsecond', async () => {
    const counts = await Promise.all(['123456Z', '123457Z'].map(async (time) => {
      const copy = time === '123456Z' ? 'A' : 'B'
      await undercurrent('import', 'shop.ndjson', '--map', 'key=user,type=type,time=time', '-w', copy)
      return (await undercurrent('timeline', 'ann', '-w', copy, '--json', '--to', `2026-01-01T10:00:00.${time}`)).stdout.split('\n').length - 1
    }))
    expect(counts).toEqual([0, 1])
  })

  it('names the nearest users of a misspelled one', async () => {
    const { code, stderr } = await undercurrent('timeline', 'anne', '-w', 'W')
    expect([code, stderr]).toEqual([1, expect.stringContaining('The nearest are: ann.')])
  })

  it('shows the bytes of dead letters as digits where asked', async () => {
    expect((await undercurrent('dead-letters', '-w', 'W')).stdout).toContain('not json')
    expect((await undercurrent('dead-letters', '-w', 'W', '--raw')).stdout).toContain(Buffer.from('not json').toString('hex'))
    expect(JSON.parse((await undercurrent('dead-letters', '-w', 'W', '--json')).stdout)).toMatchObject({ reason: 'not_json', payload: Buffer.from('not json').toString('base64') })
  })

  it('makes no workspace where it only reads, and none before it knows what is wanted', async () => {
    expect(await undercurrent('users', '-w', 'misspelled')).toMatchObject({ code: 1, stderr: expect.stringContaining('There is no workspace misspelled.') as string })
    expect(await undercurrent('import', 'shop.ndjson', '--map', 'user=a', '-w', 'misspelled')).toMatchObject({ code: 2 })
    expect(await undercurrent('tail', '--topic', 'shop', '-w', 'misspelled')).toMatchObject({ code: 2 })
    expect(existsSync(join(folder, 'misspelled'))).toBe(false)
  })

  it('takes as many users as are asked for', async () => {
    expect((await undercurrent('users', '-w', 'W', '--json', '--limit', '25000')).code).toBe(0)
    expect(await undercurrent('users', '-w', 'W', '--limit', '0')).toMatchObject({ code: 2, stderr: expect.stringContaining('1 or more') as string })
  })

  it('ends quietly when nobody reads its output or its notes', async () => {
    expect(await shell('set -o pipefail; $U timeline ann -w W --json | head -n 0; echo $?')).toBe('0')
    expect(await shell('set -o pipefail; $U import shop.ndjson --force -w W 2> >(head -n 0); echo $?')).toBe('0')
  })

  it('tries a connection while a tail has the workspace open', async () => {
    const holder = spawn(process.execPath, [program, 'demo', '--live', '--days', '0', '-w', 'D'], { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] })
    try {
      await once(holder.stderr, 'data')
      expect(await undercurrent('topics', '--brokers', '127.0.0.1:1', '-w', 'D')).toMatchObject({ code: 1, stderr: expect.stringContaining('127.0.0.1:1') as string })
    } finally {
      holder.kill('SIGINT')
      expect(await exitCode(holder)).toBe(0)
    }
  })

  it('can be stopped while a broker does not answer', async () => {
    const broker = `127.0.0.1:${(silent.address() as AddressInfo).port}`
    const connected = once(silent, 'connection')
    const tail = spawn(process.execPath, [program, 'tail', '--brokers', broker, '--topic', 'shop', '-w', 'S'], { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] })
    let notes = ''
    tail.stderr.on('data', (part: Buffer) => (notes += part.toString()))
    await connected
    const stoppedAt = Date.now()
    tail.kill('SIGINT')
    expect(await exitCode(tail)).toBe(0)
    expect(Date.now() - stoppedAt).toBeLessThan(3_000)
    expect(notes).toContain('Stopped before anything was read.')
  })
})
