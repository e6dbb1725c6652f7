import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const program = new URL('../../build/electron/hosts/undercurrent.js', import.meta.url).pathname
/** What is called so that it would break out of SQL, of the language or of the terminal if it could. */
const hostile = 'cart"\'; DROP TABLE events; -- \u001B[31m*'
let folder = ''

/** Runs the built command as a user would. */
function undercurrent(...args: readonly string[]): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [program, ...args], { cwd: folder, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr })
    })
  })
}

/** Lines of JSON. */
function lines(text: string): readonly Record<string, unknown>[] {
  return text.trim().split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as Record<string, unknown>)
}

/** How many users a text names. */
function usersIn(text: string): number {
  return new Set(text.match(/"u\d+"/gu)).size
}

/** Three of ten carts are emptied again, and some of these filled once more; the others are bought. */
function makeEvents(): string {
  const rows: string[] = []
  for (let user = 0; user < 600; user++) {
    const item = `i${user % 7}`
    const types = ['look', hostile, ...(user % 10 < 3 ? ['take out', ...(user % 10 === 0 ? [hostile, 'buy'] : [])] : ['buy'])]
    for (const [step, type] of types.entries()) rows.push(JSON.stringify({ time: new Date(Date.UTC(2026, 0, 1) + user * 3_600_000 + step * 60_000).toISOString(), type, user: `u${user}`, item }))
  }
  return rows.join('\n')
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'undercurrent-discover-'))
  writeFileSync(join(folder, 'shop.ndjson'), makeEvents())
  await undercurrent('import', 'shop.ndjson', '--workspace', 'W', '--map', 'key=user,type=type,time=time', '--attributes', 'item', '--json')
}, 60_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('undercurrent discover', () => {
  it('finds what takes a first event back, and its behavior finds those users', async () => {
    const { code, stdout } = await undercurrent('discover', '--kind', 'undo', '--workspace', 'W', '--json')
    expect(code).toBe(0)
    const [found, ...more] = lines(stdout)
    expect(more).toEqual([])
    expect(found).toMatchObject({ kind: 'undo', attribute: 'item', first: hostile, undo: 'take out', pairs: 600, undone: 180, users: 180, needs: 1, times: [60e6, 60e6, 60e6] })
    writeFileSync(join(folder, 'undo.behavior'), String(found?.['behavior']))
    const detected = await undercurrent('detect', 'undo.behavior', '--workspace', 'W', '--json')
    expect(detected.code).toBe(0)
    expect(usersIn(detected.stdout)).toBe(180)
    // escape sequences of a type never reach the terminal
    expect((await undercurrent('discover', '--kind', 'undo', '--workspace', 'W')).stdout).not.toContain('\u001B[31m')
  }, 60_000)

  it('shows paths from and to a type; every column adds up', async () => {
    const from = await undercurrent('discover', '--kind', 'paths', '--from', hostile, '--steps', '3', '--workspace', 'W', '--json')
    expect(from.code).toBe(0)
    const [paths] = lines(from.stdout)
    expect(paths).toMatchObject({ kind: 'paths', type: hostile, direction: 'from', population: 600, users: 600, distinct: 3 })
    const columns = paths?.['columns'] as readonly (readonly { readonly units: number }[])[]
    expect(columns.map((nodes) => nodes.reduce((sum, { units }) => sum + units, 0))).toEqual([600, 600, 600, 600])
    const [first] = paths?.['variants'] as readonly { readonly types: unknown; readonly units: number; readonly behavior: string }[]
    expect(first).toMatchObject({ types: [hostile, 'buy'], units: 420 })
    writeFileSync(join(folder, 'path.behavior'), first?.behavior ?? '')
    const detected = await undercurrent('detect', 'path.behavior', '--workspace', 'W', '--json')
    // those who put it in again and bought it went this way as well, the second time
    expect(usersIn(detected.stdout)).toBe(480)
    const to = await undercurrent('discover', '--kind', 'paths', '--to', 'buy', '--hide', hostile, '--workspace', 'W', '--json')
    expect(lines(to.stdout)[0]).toMatchObject({ direction: 'to', population: 480, distinct: 2 })
    const shown = await undercurrent('discover', '--kind', 'paths', '--from', hostile, '--workspace', 'W')
    expect(shown.stdout).toContain('different ways')
    expect(shown.stdout).not.toContain('\u001B[31m')
  }, 60_000)

  it('says what is wrong with what was asked', async () => {
    const unknown = await undercurrent('discover', '--kind', 'paths', '--from', 'boy', '--workspace', 'W')
    expect(unknown.code).not.toBe(0)
    expect(unknown.stderr).toContain('Did you mean “buy”?')
    const nowhere = await undercurrent('discover', '--kind', 'paths', '--workspace', 'W')
    expect(nowhere.stderr + nowhere.stdout).toContain('is what most users begin with')
    expect((await undercurrent('discover', '--kind', 'undo', '--attributes', 'itm', '--workspace', 'W')).stderr).toContain('Did you mean “item”?')
    expect((await undercurrent('discover', '--kind', 'undoing', '--workspace', 'W')).code).not.toBe(0)
  }, 60_000)
})
