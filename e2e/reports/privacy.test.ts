import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseCondition, isMet } from '../../shared/report/fail-if.ts'
import type { Report } from '../../shared/report/model.ts'
import { TestWorkspace } from '../specs/workspace.ts'

const behaviors = `sequence "finished" by user, item
  a: begin
  then b: end within 1h
return a.email as mail

sequence "finished together" from "finished" by at least 3 users in 1d
`
const users = Array.from({ length: 120 }, (_, index) => ({
  user: marked('use', index), item: marked('ite', index % 20), email: `${marked('ema', index)}@mail.example`, plan: index % 3 === 0 ? 'gol-plan' : 'oth-plan', city: marked('cit', index % 7), index,
}))
/** A value that stands nowhere else, behind its first three characters either. */
function marked(field: string, index: number): string {
  return `${field}-${field}${String(index).padStart(4, 'q').replace(/\d/g, (digit) => 'bcdfghjklm'.charAt(Number(digit)))}xwz`
}
/** Each field that rules are made for, under its names. */
const fields = { user: ['user', 'key', 'account'], item: ['item'], email: ['email'], plan: ['plan'], city: ['CITY'] } as const
type Field = keyof typeof fields
const names = Object.keys(fields) as Field[]
const valuesOf = (field: Field): readonly string[] => [...new Set(users.map((one) => one[field]))]
const treatments = ['plain', 'hide', 'hash', 'shorten'] as const
const documents = ['html', 'md', 'json', 'figures', 'csv', 'ndjson', 'parquet', 'cloudevents'] as const

describe('privacy', () => {
  let folder = ''
  let workspace: TestWorkspace
  let runs = 0
  let events: readonly { readonly at: string; readonly type: string; readonly account: string }[] = []

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'undercurrent-privacy-'))
    const at = (index: number, minute: number): string => new Date(Date.UTC(2026, 0, 1 + (index % 5), index % 24, minute)).toISOString()
    events = users.flatMap(({ index, user, ...rest }) => [{ at: at(index, 0), type: 'begin', account: user, ...rest }, ...(index % 3 === 0 || index % 10 === 1 ? [{ at: at(index, 5), type: 'end', account: user, ...rest }] : [])])
    writeFileSync(join(folder, 'shop.ndjson'), [...events, { at: '2026-03-01T00:00:00Z', type: 'later', account: 'nobody' }].map((event) => `${JSON.stringify(event)}\n`).join(''))
    workspace = await TestWorkspace.open(join(folder, 'W'))
    await workspace.import({ path: join(folder, 'shop.ndjson'), file: {}, force: false, mapping: { key: 'account', type: 'type', time: 'at', timeFormat: 'iso', attributes: (['item', 'email', 'plan', 'city'] as const).map((name) => ({ name, path: name, type: 'text' as const })) } })
  })
  afterAll(async () => {
    await workspace.close()
    rmSync(folder, { recursive: true, force: true })
  })

  /** Makes a report in all formats; everything that the files hold as one text, and the rows of Parquet. */
  async function made(privacy: Report['privacy'] | Omit<Report['privacy'], 'suppressed'>): Promise<{ readonly all: string; readonly report: Report; readonly folder: string }> {
    const out = join(folder, `out ${runs++}`)
    const { report, files } = await workspace.call('reports.export', { request: { text: behaviors, title: 'Finished', attributes: ['plan', 'city', 'email'], privacy }, formats: [...documents], folder: out })
    const parquet = files.flatMap(({ format, path }) => (format === 'parquet' ? [path] : []))
    const connection = await (await DuckDBInstance.create()).connect()
    const rows = await Promise.all(parquet.map(async (path) => JSON.stringify((await connection.runAndReadAll(`SELECT * FROM read_parquet($1)`, [path])).getRowObjectsJson())))
    const texts = files.filter(({ format }) => format !== 'parquet').map(({ path }) => readFileSync(path, 'utf8'))
    return { all: [...texts, ...rows, ...readdirSync(out), ...parquet.map((path) => readFileSync(path, 'latin1'))].join('\n'), report, folder: out }
  }

  it('says everything where nothing is to be hidden, also what distinguishes those who finish', async () => {
    const { all } = await made({ hide: [], hash: [], shorten: [], minCount: 1 })
    for (const field of names) expect(valuesOf(field).some((value) => all.includes(value))).toBe(true)
    expect(all).toMatch(/plan.{0,40}gol-plan/)
  })

  it('counts the matches with an event that came late', async () => {
    let newest = 0
    const late = new Set(events.flatMap(({ at, account }) => {
      const time = Date.parse(at)
      newest = Math.max(newest, time)
      return time < newest - 60_000 ? [account] : []
    }))
    const { report } = await made({ hide: [], hash: [], shorten: [], minCount: 1 })
    const finished = new Set(events.flatMap(({ type, account }) => (type === 'end' ? [account] : [])))
    expect(report.behaviors[0]?.counts.late).toBe([...finished].filter((user) => late.has(user)).length)
    expect(late.size).toBeGreaterThan(10)
  })

  it('has nothing of a treated field in any file', async () => {
    const rules = fc.record(Object.fromEntries(names.map((field) => [field, fc.record({ treatment: fc.constantFrom(...treatments), name: fc.constantFrom(...fields[field]) })])) as Record<Field, fc.Arbitrary<{ treatment: (typeof treatments)[number]; name: string }>>)
    await fc.assert(fc.asyncProperty(rules, fc.constantFrom(1, 5), async (chosen, minCount) => {
      const named = (wanted: string): string[] => names.flatMap((field) => (chosen[field].treatment === wanted ? [chosen[field].name] : []))
      const { all, report } = await made({ hide: named('hide'), hash: named('hash'), shorten: named('shorten'), minCount })
      for (const field of names) {
        if (chosen[field].treatment === 'plain') continue
        // shortened or not, no more than the first characters
        expect(valuesOf(field).filter((value) => all.includes(field === 'plan' ? value.slice(0, 5) : value.slice(3)))).toEqual([])
        // it says what was done
        expect(report.privacy[chosen[field].treatment]).toContain(chosen[field].name)
        expect(all.includes({ hide: 'Left out: ', hash: 'Replaced by a keyed hash: ', shorten: 'Shortened to their first characters: ' }[chosen[field].treatment])).toBe(true)
      }
    }), { numRuns: 12, examples: [[Object.fromEntries(names.map((field) => [field, { treatment: 'hide', name: fields[field][0] }])) as never, 1], [Object.fromEntries(names.map((field) => [field, { treatment: 'hash', name: fields[field].at(-1) }])) as never, 1]] })
  })

  it('hashes a value to the same in one report and its exports, and to another in the next', async () => {
    const hashed = async (): Promise<readonly string[]> => {
      const { report, folder: out } = await made({ hide: [], hash: ['user'], shorten: [], minCount: 1 })
      const found = readFileSync(join(out, 'finished.matches.ndjson'), 'utf8').trimEnd().split('\n').map((line) => (JSON.parse(line) as { readonly key: { readonly user: string } }).key.user)
      const text = readFileSync(join(out, 'finished.html'), 'utf8')
      const shown = (report.behaviors[0]?.examples ?? []).map(({ key }) => String(key.user))
      expect(shown).toHaveLength(5)
      for (const user of shown) {
        expect(user).toMatch(/^[0-9a-f]{16}$/)
        expect(found).toContain(user)
        expect(text).toContain(user)
      }
      const csv = readFileSync(join(out, 'finished.matches.csv'), 'utf8')
      for (const user of found) expect(csv).toContain(user)
      const connection = await (await DuckDBInstance.create()).connect()
      const parquet = await connection.runAndReadAll('SELECT "user" FROM read_parquet($1)', [join(out, 'finished.matches.parquet')])
      expect(parquet.getRowObjects().map(({ user }) => user)).toEqual(found)
      expect(new Set(found).size).toBe(48)
      return found
    }
    const [first, second] = [await hashed(), await hashed()]
    expect(first.filter((user) => second.includes(user))).toEqual([])
  })

  it('can be verified, whatever was hidden', async () => {
    const { folder: out } = await made({ hide: ['city'], hash: ['user'], shorten: ['email'], minCount: 5 })
    for (const format of ['html', 'md', 'json']) {
      expect(await workspace.call('reports.verify', { document: readFileSync(join(out, `finished.${format}`), 'utf8') })).toMatchObject({ verdict: 'proven', differences: [] })
    }
  })

  it('refuses a rule for a field that nothing has: it would hide nothing', async () => {
    await expect(made({ hide: ['usr'], hash: [], shorten: [], minCount: 1 })).rejects.toThrow('No event has a field usr')
  })

  it('gives no count away to a condition', () => {
    const condition = parseCondition('users > 0')
    const few = { occurrences: null, users: null, confirmed: null, pending: null, tied: null, late: null, open: null, events: 1, population: 1 }
    expect(condition === undefined ? undefined : isMet(condition, few)).toBe(false)
  })
})
