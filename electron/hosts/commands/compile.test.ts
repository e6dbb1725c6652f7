import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const program = fileURLToPath(new URL('../../../build/electron/hosts/undercurrent.js', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'undercurrent-compile-'))

/** Runs the built command in the folder. */
function undercurrent(...args: readonly string[]): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [program, ...args], { cwd: folder, maxBuffer: 1 << 26 }, (error, stdout, stderr) => resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }))
  })
}

describe('undercurrent compile', () => {
  beforeAll(async () => {
    writeFileSync(join(folder, 'two.behavior'), 'sequence "one" by user\n  a\n  then b within 10m\n\nsequence "two" by user\n  a\n  then any b within 10m\n')
    writeFileSync(join(folder, 'wrong.behavior'), 'sequence "one" by user\n  aa\n')
    writeFileSync(join(folder, 'events.ndjson'), ['a', 'b', 'x'].map((type, at) => `${JSON.stringify({ user: 'u', type, time: `2026-01-01T00:00:0${at}Z` })}\n`).join(''))
    expect((await undercurrent('import', 'events.ndjson', '--map', 'key=user,type=type,time=time', '-w', 'w')).stderr).not.toContain('error')
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('prints one behavior of a file for Flink and for DuckDB', async () => {
    const flink = await undercurrent('compile', 'two.behavior', '--to', 'flink', '--name', 'one', '-w', 'w')
    expect(flink.stderr).toBe('')
    expect(flink.stdout).toContain('PATTERN (S1 X2* S2)')
    const [line = ''] = (await undercurrent('compile', 'two.behavior', '--to', 'duckdb', '--name', 'one', '--json', '-w', 'w')).stdout.split('\n')
    expect(JSON.parse(line)).toMatchObject({ behavior: 'one', target: 'duckdb', sql: expect.stringContaining('WITH RECURSIVE') as string })
  })

  it('prints nothing where a clause cannot be said, and names it', async () => {
    const { code, stdout, stderr } = await undercurrent('compile', 'two.behavior', '--to', 'flink', '-w', 'w')
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain('7:3: "then any b within 10m": Flink SQL takes the first event that fits')
  })

  it('refuses what the check refuses, and names that are not there', async () => {
    expect((await undercurrent('compile', 'wrong.behavior', '--to', 'flink', '-w', 'w')).stderr).toContain('no event type `aa`')
    expect((await undercurrent('compile', 'two.behavior', '--to', 'flink', '--name', 'three', '-w', 'w')).stderr).toContain('It has "one", "two".')
  })
})
