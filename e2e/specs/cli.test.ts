import { execFile, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const program = new URL('../../build/electron/hosts/undercurrent.js', import.meta.url).pathname
let folder = ''

interface Run {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs the built command as a user would. */
function undercurrent(...args: readonly string[]): Promise<Run> {
  return new Promise((resolve) => {
    execFile(process.execPath, [program, ...args], { cwd: folder, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr })
    })
  })
}

function lines(text: string): unknown[] {
  return text.trim().split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as unknown)
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'undercurrent-cli-'))
  writeFileSync(
    join(folder, 'shop.csv'),
    ['event_time,event_type,user_id,item,price', '2026-01-01 10:00:00 UTC,view,ann,a1,2.50', '2026-01-01 10:00:05 UTC,cart,ann,a1,2.50', '2026-01-01 10:00:05 UTC,view,bob,b7,10', '2026-01-01 12:30:00 UTC,purchase,ann,a1,2.50', ''].join('\n'),
  )
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('the command line', () => {
  it('imports a file, lists its users and shows a timeline', async () => {
    const imported = await undercurrent('import', 'shop.csv', '--workspace', 'W', '--json')
    expect(imported.code).toBe(0)
    expect(lines(imported.stdout)).toMatchObject([{ source: 'shop', state: 'finished', events: 4, deadLetters: 0 }])

    const users = await undercurrent('users', '--workspace', 'W', '--json')
    expect(lines(users.stdout)).toEqual([
      { key: 'ann', events: 3, first: '2026-01-01T10:00:00.000Z', last: '2026-01-01T12:30:00.000Z' },
      { key: 'bob', events: 1, first: '2026-01-01T10:00:05.000Z', last: '2026-01-01T10:00:05.000Z' },
    ])

    const timeline = await undercurrent('timeline', 'ann', '--workspace', 'W', '--json')
    expect(lines(timeline.stdout)).toMatchObject([
      { time: '2026-01-01T10:00:00.000Z', type: 'view', topic: 'shop', partition: 0, offset: 0, key: 'ann', attributes: { item: 'a1', price: 2.5 }, payload: { price: '2.50' } },
      { type: 'cart', offset: 1 },
      { type: 'purchase', offset: 3 },
    ])
    expect((await undercurrent('timeline', 'ann', '--workspace', 'W')).stdout).toContain('… 2 h 29 min later')
  })

  it('says what events are read by, and what a file does not tell', async () => {
    writeFileSync(join(folder, 'plain.csv'), 'item;wann\na1;13.03.2024\na2;14.03.2024\n')
    writeFileSync(join(folder, 'array.json'), '[{"user":"ann"},{"user":"bob"}]')
    const plain = await undercurrent('import', 'plain.csv', '--workspace', 'N')
    expect(plain.stderr).toContain('plain: key $key, type $topic, time $broker_time, attributes item, wann\n')
    expect(plain.stderr).toContain('no user will have any')
    expect(plain.stderr).toContain('all have the time of the file')
    const shop = await undercurrent('import', 'shop.csv', '--workspace', 'N')
    expect(shop.stderr).toContain('shop: key user_id, type event_type, time event_time (iso), attributes item, price\n')
    expect(shop.stderr).not.toContain('No field')
    const misspelled = await undercurrent('import', 'shop.csv', '--workspace', 'M', '--map', 'key=userid')
    expect(misspelled).toMatchObject({ code: 2, stderr: 'error: shop.csv has no column userid.\n       Did you mean user_id?\n' })
    const array = await undercurrent('import', 'array.json', '--workspace', 'N')
    expect(array).toMatchObject({ code: 1, stderr: expect.stringContaining("jq -c '.[]'") as string })
  })

  it('refuses content that is there already, and doubles it when forced', async () => {
    const again = await undercurrent('import', 'shop.csv', '--workspace', 'W')
    expect(again.code).toBe(1)
    expect(again.stderr).toContain('was imported on')
    expect((await undercurrent('import', 'shop.csv', '--workspace', 'W', '--force')).code).toBe(0)
    expect(lines((await undercurrent('users', 'bob', '--workspace', 'W', '--json')).stdout)).toMatchObject([{ events: 2 }])
  })

  it('changes the mapping of what is stored', async () => {
    const mapped = await undercurrent('map', 'shop', '--workspace', 'W', '--map', 'key=item', '--json')
    expect(mapped.code).toBe(0)
    expect(lines(mapped.stdout)).toEqual([{ source: 'shop', events: 8, dead: 0 }])
    expect(lines((await undercurrent('users', '--workspace', 'W', '--json')).stdout)).toMatchObject([{ key: 'a1', events: 6 }, { key: 'b7', events: 2 }])
  })

  it('names users near to one that does not exist', async () => {
    const missing = await undercurrent('timeline', 'b', '--workspace', 'W')
    expect(missing.code).toBe(1)
    expect(missing.stderr).toContain('Users that contain it: b7')
  })

  it('ends quietly when its reader has seen enough', async () => {
    const code = await new Promise((resolve) => {
      const child = spawn('sh', ['-c', `"$0" "$1" timeline a1 --workspace W --json | head -n 1 > /dev/null; exit 0`, process.execPath, program], { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] })
      let errors = ''
      child.stderr.on('data', (part: Buffer) => (errors += part.toString()))
      child.on('close', (exit) => resolve(`${exit ?? ''}${errors}`))
    })
    expect(code).toBe('0')
  })

  it('tells bad usage from failure by the exit code', async () => {
    expect((await undercurrent('bogus')).code).toBe(2)
    expect((await undercurrent('users', '--limit', 'many')).code).toBe(2)
    expect((await undercurrent('import', 'shop.csv', '--workspace', 'X', '--map', 'user=a')).code).toBe(2)
    expect((await undercurrent('tail', '--topic', 'shop', '--workspace', 'X')).code).toBe(2)
    expect((await undercurrent('import', 'nothing.csv', '--workspace', 'X')).code).toBe(1)
    expect((await undercurrent('--help')).code).toBe(0)
    expect((await undercurrent('--version')).code).toBe(0)
  })

  it('fails with a reason when nobody listens at the broker', async () => {
    const tail = await undercurrent('tail', '--brokers', '127.0.0.1:9', '--topic', 'shop', '--workspace', 'X')
    expect(tail.code).toBe(1)
    expect(tail.stderr).toContain('127.0.0.1:9')
  })

  it('shows the demo with its planted truths, and goes on where it was', async () => {
    const first = await undercurrent('demo', '--days', '1', '--workspace', 'D', '--json')
    expect(first.code).toBe(0)
    const [run, ...truths] = lines(first.stdout)
    expect(run).toMatchObject({ source: 'demo-shop', state: 'finished', deadLetters: 0 })
    expect(truths.map((truth) => (truth as { name: string }).name)).toContain('changed their mind')
    const second = lines((await undercurrent('demo', '--days', '1', '--workspace', 'D', '--json')).stdout)
    expect((second[0] as { events: number }).events).toBeLessThan(100)
  })

  it('says that another process has the workspace open', async () => {
    const holder = spawn(process.execPath, [program, 'demo', '--live', '--days', '0', '--workspace', 'D'], { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] })
    try {
      await new Promise((resolve) => holder.stderr.once('data', resolve))
      const second = await undercurrent('users', '--workspace', 'D')
      expect(second.code).toBe(1)
      expect(second.stderr).toContain(`open in another process (pid ${holder.pid ?? ''})`)
    } finally {
      holder.kill('SIGINT')
      await new Promise((resolve) => holder.once('close', resolve))
    }
    expect(holder.exitCode).toBe(0)
  })
})
