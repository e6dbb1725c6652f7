import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const program = new URL('../../build/electron/hosts/undercurrent.js', import.meta.url).pathname
let folder = ''

/** Runs the built command as a user would. */
function undercurrent(...args: readonly string[]): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [program, ...args], { cwd: folder, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr })
    })
  })
}

/** Carts that are emptied more often when a coupon had been refused, and for things of glass. */
function makeEvents(): string {
  const rows = ['time,type,user,item']
  for (let user = 0; user < 500; user++) {
    const at = Date.UTC(2026, 2, 1) + user * 3_600_000
    const [isRefused, isGlass] = [Math.random() < 0.4, user % 3 === 0]
    const odds = 0.15 * (isRefused ? 9 : 1) * (isGlass ? 5 : 1)
    const event = (minutes: number, type: string): number => rows.push(`${new Date(at + minutes * 60_000).toISOString()},${type},u${user},${isGlass ? 'vase' : 'pan'}`)
    if (isRefused) event(-2, 'coupon.refused')
    event(0, 'cart.add')
    if (Math.random() < odds / (1 + odds)) event(3, 'cart.remove')
  }
  rows.push('2026-06-01T00:00:00Z,heartbeat,u0,pan')
  return `${rows.join('\n')}\n`
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'undercurrent-why-'))
  writeFileSync(join(folder, 'shop.csv'), makeEvents())
  writeFileSync(join(folder, 'items.csv'), 'sku,material\nvase,glass\npan,steel\n')
  writeFileSync(join(folder, 'b.behavior'), 'sequence "emptied" by user, item\n  cart.add\n  then cart.remove within 10m\n\nsequence "kept" by user, item\n  cart.add\n  without cart.remove for 10m\n')
  await undercurrent('import', 'shop.csv', '--workspace', 'W', '--map', 'key=user,type=type,time=time', '--attributes', 'user,item', '--json')
}, 60_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('undercurrent why', () => {
  it('prints a head and one line a finding for machines', async () => {
    const { code, stdout, stderr } = await undercurrent('why', 'b.behavior', '--behavior', 'emptied', '--workspace', 'W', '--context', 'items.csv:item=sku', '--country', 'DE', '--zone', 'Europe/Berlin', '--json')
    expect(stderr).toBe('')
    expect(code).toBe(0)
    const [head, ...findings] = stdout.trim().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(head).toMatchObject({ about: 'emptied', chances: 500, users: 500, undecided: 0 })
    const sure = findings.filter(({ chance }) => chance === undefined)
    const phrases = sure.map(({ phrase }) => String(phrase))
    expect(phrases.some((phrase) => phrase.startsWith('a coupon.refused had come'))).toBe(true)
    expect(phrases).toContain('material is glass')
    for (const finding of sure) expect(Object.keys(finding)).toEqual(expect.arrayContaining(['group', 'family', 'phrase', 'sentence', 'exposedMatched', 'exposedUnmatched', 'unexposedMatched', 'unexposedUnmatched', 'oddsRatio', 'difference', 'p', 'q', 'instead', 'way', 'variants', 'verdict', 'confounders', 'confounding', 'examples']))
  })

  it('says it in sentences for people, and that it is association', async () => {
    const { code, stdout, stderr } = await undercurrent('why', 'b.behavior', '--behavior', 'emptied', '--workspace', 'W')
    expect(code).toBe(0)
    expect(stdout).toMatch(/1\. Where .+ led to "emptied"; elsewhere .+ The odds are [\d.]+ times as high \(95 % interval/)
    expect(stderr).toContain('These are associations')
  })

  it('asks for the behavior where there are several, and refuses what makes no sense', async () => {
    const several = await undercurrent('why', 'b.behavior', '--workspace', 'W')
    expect(several.code).toBe(2)
    expect(several.stderr).toContain('"emptied", "kept"')
    expect((await undercurrent('why', 'b.behavior', '--behavior', 'emptied', '--context', 'items.csv', '--workspace', 'W')).code).toBe(2)
    expect((await undercurrent('why', 'b.behavior', '--behavior', 'emptied', '--steps', '7', '--workspace', 'W')).code).toBe(2)
    expect((await undercurrent('why', 'b.behavior', '--behavior', 'emptied', '--dates', 'nowhere.csv', '--workspace', 'W')).code).toBe(1)
    expect((await undercurrent('why', 'b.behavior', '--behavior', 'emptied', '--workspace', 'nowhere')).code).toBe(1)
  })

  it('names its fields in --help', async () => {
    const { stdout } = await undercurrent('why', '--help')
    for (const field of ['oddsRatio', 'difference', 'q (', 'adjusted', 'confounders', 'examples', '--context', '--country', '--dates', '--against']) expect(stdout).toContain(field)
  })
})
