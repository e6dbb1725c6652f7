import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chromiumAvailability, chromiumPath } from '../app/chromium.ts'
import { describeIf } from '../kafka/describe-if.ts'
import { lines, undercurrent } from './command.ts'

const behaviors = `sequence "bought" by user
  a: cart
  then b: buy within 1h

sequence "left" by user
  a: cart
  without buy for 1h after a

sequence "left together" from "left" by at least 3 users in 1d
`

interface Said {
  readonly title: string
  readonly behaviors: readonly { readonly name: string; readonly users: number; readonly occurrences: number; readonly pending: number }[]
  readonly files: readonly { readonly format: string; readonly path: string; readonly bytes: number }[]
  readonly crossed: readonly string[]
}

describe('undercurrent report', () => {
  let folder = ''
  const report = (...args: readonly string[]): ReturnType<typeof undercurrent> => undercurrent(folder, ['report', ...args, '--workspace', 'W'])

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'undercurrent-report-'))
    const rows = Array.from({ length: 60 }, (_, user) => {
      const plan = user % 2 === 0 ? 'gold' : 'free'
      const at = (minute: number): string => new Date(Date.UTC(2026, 0, 1 + (user % 10), 10, minute)).toISOString()
      return [`${at(0)},cart,u${user},${plan}`, ...(plan === 'gold' ? [`${at(20)},buy,u${user},${plan}`] : [])]
    })
    writeFileSync(join(folder, 'shop.csv'), ['at,type,user,plan', ...rows.flat(), '2026-02-01T00:00:00Z,cart,last,free', ''].join('\n'))
    writeFileSync(join(folder, 'shop.behavior'), behaviors)
    const imported = await undercurrent(folder, ['import', 'shop.csv', '--workspace', 'W', '--map', 'key=user,type=type,time=at', '--attributes', 'plan:text'])
    if (imported.code !== 0) throw new Error(imported.stderr)
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('tells of several behaviors together, each with what goes with it', async () => {
    const made = await report('shop.behavior', '--format', 'html,md,ndjson', '--out', 'all', '--title', 'Of carts', '--json')
    expect(made).toMatchObject({ code: 0, stderr: '' })
    const [said] = lines<Said>(made)
    expect(said?.behaviors.map(({ name, users, occurrences, pending }) => ({ name, users, occurrences, pending }))).toEqual([
      { name: 'bought', users: 30, occurrences: 30, pending: 0 },
      { name: 'left', users: 31, occurrences: 31, pending: 1 },
      { name: 'left together', users: 30, occurrences: 10, pending: 0 },
    ])
    expect(readdirSync(join(folder, 'all')).sort()).toEqual(['bought.matches.ndjson', 'left-together.matches.ndjson', 'left.matches.ndjson', 'of-carts.html', 'of-carts.md'])
    const markdown = readFileSync(join(folder, 'all/of-carts.md'), 'utf8')
    for (const name of ['bought', 'left', 'left together']) expect(markdown).toContain(`\n## ${name}\n`)
    expect(markdown).toMatch(/### What goes with it[\s\S]*plan[\s\S]*gold/)
    const verified = await undercurrent(folder, ['verify', 'all/of-carts.html', '--workspace', 'W'])
    expect(verified).toMatchObject({ code: 0 })
  })

  it('takes one of a file, one that is saved, and a text from standard input', async () => {
    expect(lines<Said>(await report('shop.behavior', 'left', '--out', 'one', '--json'))[0]?.behaviors.map(({ name }) => name)).toEqual(['left'])
    expect((await undercurrent(folder, ['detect', 'shop.behavior', '--save', '--workspace', 'W'])).code).toBe(0)
    expect(lines<Said>(await report('left together', 'bought', '--out', 'saved', '--json'))[0]).toMatchObject({ title: 'left together, bought', behaviors: [{ name: 'left together' }, { name: 'bought' }] })
    expect(readFileSync(join(folder, 'saved/left-together-bought.html'), 'utf8')).toContain('Version 1 of this definition in the workspace.')
  })

  it('says with exit code 3 that a condition is met, and writes the report all the same', async () => {
    const met = await report('shop.behavior', 'left', '--out', 'met', '--fail-if', 'users > 30', '--fail-if', 'pending >= 2')
    expect(met.code).toBe(3)
    expect(met.stderr).toContain('left: users > 30')
    expect(met.stderr).not.toContain('pending')
    expect(existsSync(join(folder, 'met/left.html'))).toBe(true)
    expect((await report('shop.behavior', 'left', '--out', 'met', '--fail-if', 'users > 31')).code).toBe(0)
    expect(await report('shop.behavior', '--fail-if', 'people > 1')).toMatchObject({ code: 2, stderr: expect.stringContaining('counts are users, occurrences') as string })
    expect((await undercurrent(folder, ['report', '--help'])).stdout).toContain('the exit code is 3 where a condition is met')
  })

  it('says that a PDF needs a Chromium before it counts, and leaves nothing', async () => {
    const wanted = ['report', 'shop.behavior', '--format', 'html,pdf', '--out', 'none', '--workspace', 'W']
    const named = await undercurrent(folder, wanted, { UNDERCURRENT_CHROMIUM: join(folder, 'no-such') })
    expect(named.code).toBe(1)
    expect(named.stderr).toContain('UNDERCURRENT_CHROMIUM names')
    const none = await undercurrent(folder, wanted, { UNDERCURRENT_CHROMIUM: '', PATH: folder })
    expect(none.code).toBe(1)
    expect(none.stderr).toMatch(/printed by Chromium, and there is none on this machine[\s\S]*Install Chromium or Chrome/)
    expect(existsSync(join(folder, 'none'))).toBe(false)
  })

  it('says what is wrong with what was asked for', async () => {
    expect(await report('nothing of that name')).toMatchObject({ code: 1, stderr: expect.stringContaining('There is no file') as string })
    expect(await report('shop.behavior', '--format', 'docx')).toMatchObject({ code: 2, stderr: expect.stringContaining('docx is none of html, pdf') as string })
    expect(await report('shop.behavior', '--by', 'plann')).toMatchObject({ stderr: expect.stringContaining('No event has an attribute plann') as string })
    expect(await report('shop.behavior', '--template', 'weekly')).toMatchObject({ stderr: expect.stringContaining('There is no template "weekly"') as string })
  })

  describeIf(chromiumAvailability, 'with a Chromium', () => {
    it('draws every chart as SVG, PNG and CSV', async () => {
      const made = await undercurrent(folder, ['report', 'shop.behavior', 'left', '--format', 'figures,png', '--examples', '1', '--out', 'figures', '--workspace', 'W', '--json'], { UNDERCURRENT_CHROMIUM: chromiumPath ?? '' })
      expect(made).toMatchObject({ code: 0, stderr: '' })
      const files = readdirSync(join(folder, 'figures'))
      const drawn = files.filter((name) => name.endsWith('.svg')).map((name) => name.replace(/\.svg$/, ''))
      expect(drawn).toEqual(expect.arrayContaining(['left-trend', 'left-steps', 'left-by-plan', 'left-why', 'left-example-1']))
      expect(files.sort()).toEqual(drawn.flatMap((name) => ['csv', 'png', 'svg'].map((ending) => `${name}.${ending}`)).sort())
      const png = readFileSync(join(folder, 'figures/left-trend.png'))
      const svg = readFileSync(join(folder, 'figures/left-trend.svg'), 'utf8')
      expect(png.subarray(1, 4).toString()).toBe('PNG')
      // twice as large, for print
      expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([/ width="(\d+)"/, / height="(\d+)"/].map((size) => 2 * Number(size.exec(svg)?.[1])))
    })
  })
})
