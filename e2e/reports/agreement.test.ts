import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { chromiumAvailability } from '../app/chromium.ts'
import { describeIf } from '../kafka/describe-if.ts'
import { rees46 } from '../specs/clicks.ts'
import { lines, program, undercurrent } from './command.ts'
import { readDocument, type ReadDocument } from './read-document.ts'
import { changedTheirMind, importRees46 } from './rees46.ts'

/** A line of `detect --json`. */
interface Found {
  readonly key: { readonly user: string; readonly product_id: string }
  readonly state: 'confirmed' | 'pending'
  readonly start: string
  readonly end: string
  readonly tied?: boolean
  readonly steps: readonly { readonly label: string; readonly topic: string; readonly partition: number; readonly offset: number }[]
  readonly returns: { readonly hesitation: number; readonly price: number }
}

const distinct = (values: readonly unknown[]): number => new Set(values).size
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
const shares = [0.05, 0.25, 0.5, 0.75, 0.95, 0.99]
/** The least value at or below which a share of all lies. */
const percentile = (values: readonly number[], share: number): number | undefined => [...values].sort((a, b) => a - b)[Math.max(0, Math.ceil(share * values.length - 1e-9) - 1)]

const number = (text: string | undefined): number => Number((text ?? '').replaceAll(',', ''))
const sizes: Readonly<Record<string, number>> = { d: 86_400, h: 3600, min: 60, s: 1 }
/** Microseconds of `2 min 30 s`. */
const micros = (text: string | undefined): number => sum([...(text ?? '').matchAll(/([\d,]+) (d|h|min|s)\b/g)].map(([, amount, unit]) => number(amount) * (sizes[unit ?? ''] ?? Number.NaN))) * 1e6

const needed = rees46.available ? chromiumAvailability : rees46

describeIf(needed, 'the report of REES46 and detect --json', () => {
  let folder = ''
  let found: readonly Found[] = []
  let report: ReadDocument

  const detect = async (name: string, text: string): Promise<readonly Found[]> => {
    writeFileSync(join(folder, name), text)
    return lines<Found>(await undercurrent(folder, ['detect', name, '--workspace', 'W', '--json']))
  }
  const table = (name: string): readonly (readonly string[])[] => report.tables.find((one) => one.name === name)?.rows ?? []
  const count = (beginning: string): number => number(table('counts').find(([name]) => name?.startsWith(beginning))?.[1])

  beforeAll(async () => {
    folder = await importRees46(rees46.available ? rees46.file : '')
    found = await detect('changed.behavior', changedTheirMind)
    const made = await undercurrent(folder, ['report', 'changed.behavior', '--workspace', 'W', '--format', 'html', '--out', 'out', '--title', 'Changed their mind', '--by', 'product_id', '--json'])
    expect(made.stderr).toBe('')
    report = await readDocument(join(folder, 'out/changed-their-mind.html'), false)
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('lists in Markdown the days on which there was something, says how many there were not, and heads nothing that is empty', async () => {
    await undercurrent(folder, ['report', 'changed.behavior', '--workspace', 'W', '--format', 'md', '--out', 'text', '--title', 'Changed their mind'])
    const text = readFileSync(join(folder, 'text/changed-their-mind.md'), 'utf8')
    const days = [...text.matchAll(/^\| (\d{4}-\d{2}-\d{2}) \| ([\d,]+) \| ([\d,]+) \|/gm)].map(([, day, confirmed, pending]) => ({ day, matches: number(confirmed) + number(pending) }))
    const expected = new Map<string, number>()
    for (const { end } of found) expected.set(end.slice(0, 10), (expected.get(end.slice(0, 10)) ?? 0) + 1)
    expect(new Map(days.map(({ day, matches }) => [day, matches]))).toEqual(expected)
    expect(text).toContain('119 of 124 are left out: nothing in them.')
    expect(/^#### .*\n\n#.*/m.exec(text)?.[0]).toBeUndefined()
  })

  it('counts the same users, occurrences, confirmed, pending and ties, everywhere it says them', () => {
    const users = distinct(found.map(({ key }) => key.user))
    const pending = found.filter(({ state }) => state === 'pending').length
    expect(found.length).toBeGreaterThan(100)
    expect(count('Occurrences')).toBe(found.length)
    expect(count('Confirmed')).toBe(found.length - pending)
    expect(count('Pending')).toBe(pending)
    expect(count('Different users')).toBe(users)
    expect(count('Ties')).toBe(found.filter(({ tied }) => tied === true).length)
    expect(report.numbers).toMatchObject({ Users: String(users), Occurrences: String(found.length), Pending: String(pending) })
    expect(report.lead).toContain(`${users} of ${count('All users')} users`)
    expect(report.lead).toContain(`${found.length} times in all`)
    expect(report.lead).toContain(`${pending} of them still pending`)
  })

  it('draws a trend whose bars are the matches of their time', () => {
    const bars = (report.charts[0] ?? []).map((title) => /^(\S+) (\S+): ([\d,]+) confirmed(?:, ([\d,]+) pending)?, ([\d,]+) users$/.exec(title)).map((parts) => ({ from: Date.parse(`${parts?.[1] ?? ''}T${parts?.[2] ?? ''}Z`), confirmed: number(parts?.[3]), pending: number(parts?.[4] ?? '0'), users: number(parts?.[5]) }))
    const length = (bars[1]?.from ?? 0) - (bars[0]?.from ?? 0)
    expect(sum(bars.map(({ confirmed, pending }) => confirmed + pending))).toBe(found.length)
    for (const { from, confirmed, pending, users } of bars) {
      const own = found.filter(({ end }) => Date.parse(end) >= from && Date.parse(end) < from + length)
      expect({ confirmed, pending, users }).toEqual({ confirmed: own.filter(({ state }) => state === 'confirmed').length, pending: own.filter(({ state }) => state === 'pending').length, users: distinct(own.map(({ key }) => key.user)) })
    }
  })

  it('says how often each user did it', () => {
    const times = new Map<string, number>()
    for (const { key } of found) times.set(key.user, (times.get(key.user) ?? 0) + 1)
    for (const [often, users] of table('per user')) {
      const isMore = often?.endsWith(' or more') === true
      const least = number(often?.split(' ')[0])
      expect(number(users)).toBe([...times.values()].filter((n) => (isMore ? n >= least : n === least)).length)
    }
    expect(sum(table('per user').map(([, users]) => number(users)))).toBe(times.size)
  })

  it('drops off as the behaviors do that end behind each step', async () => {
    const first = await detect('first.behavior', 'sequence "first" by user, product_id\n  added: cart\n')
    const second = await detect('second.behavior', 'sequence "second" by user, product_id\n  added: cart\n  then removed: remove_from_cart within 10m\n')
    expect(table('steps').map(([step, occurrences, users]) => [step, number(occurrences), number(users)])).toEqual([first, second, found].map((matches, index) => [['added', 'removed', 'all of it'][index], matches.length, distinct(matches.map(({ key }) => key.user))]))
  })

  it('gives the percentiles of the times and of what is returned', () => {
    const times = found.map(({ start, end }) => (Date.parse(end) - Date.parse(start)) * 1000)
    const [between] = table('times')
    expect(number(between?.[1])).toBe(found.length)
    expect(between?.slice(2).map(micros)).toEqual(shares.map((share) => percentile(times, share)))
    const returned = new Map(table('returns').map(([name, matches, least, ...rest]) => [name, { matches, least, percentiles: rest.slice(0, shares.length), most: rest[shares.length], mean: rest[shares.length + 1] }]))
    const hesitation = returned.get('hesitation')
    expect(hesitation?.percentiles.map(micros)).toEqual(shares.map((share) => percentile(found.map(({ returns }) => returns.hesitation), share)))
    const prices = found.map(({ returns }) => returns.price)
    const price = returned.get('price')
    expect(price?.percentiles.map(number)).toEqual(shares.map((share) => percentile(prices, share)))
    expect([number(price?.least), number(price?.most)]).toEqual([Math.min(...prices), Math.max(...prices)])
    expect(number(price?.mean)).toBeCloseTo(sum(prices) / prices.length, 3)
  })

  it('counts by an attribute what the keys of the matches say', () => {
    for (const [product, occurrences, users] of table('by product_id')) {
      const own = found.filter(({ key }) => key.product_id === product)
      expect([number(occurrences), number(users)]).toEqual([own.length, distinct(own.map(({ key }) => key.user))])
    }
    expect(table('by product_id').length).toBeGreaterThan(5)
  })

  it('shows examples that are matches, with their steps marked at their positions', () => {
    const examples = report.tables.filter(({ name }) => name === 'events')
    expect(examples).toHaveLength(5)
    const known = new Set(found.map(({ steps }) => steps.map(({ label, topic, partition, offset }) => `${label} ${topic}/${partition}@${offset}`).join()))
    for (const { rows, marked } of examples) expect(known).toContain(marked.map((index) => `${rows[index]?.[3]} ${rows[index]?.[4]}`).join())
  })

  it('says what the data is', () => {
    expect(Object.fromEntries(table('data').slice(0, 2).map(([name, value]) => [name, number(value)]))).toEqual({ Events: 4995, 'Users (different keys)': 893 })
    expect(table('partitions of events')[0]?.slice(0, 3)).toEqual(['0', '0 to 4994', '4,995'])
  })

  it('gives commands that count the same in a new workspace', () => {
    const anew = join(folder, 'anew')
    mkdirSync(anew)
    copyFileSync(rees46.available ? rees46.file : '', join(anew, 'events.csv'))
    copyFileSync(join(folder, 'out/changed-their-mind.html'), join(anew, 'REPORT.html'))
    writeFileSync(join(anew, 'report.behavior'), report.code[0] ?? '')
    writeFileSync(join(anew, 'undercurrent'), `#!/bin/sh\nexec "${process.execPath}" "${program}" "$@"\n`, { mode: 0o755 })
    const commands = report.code.at(-1) ?? ''
    const said = execFileSync('sh', ['-e', '-c', commands], { cwd: anew, env: { ...process.env, PATH: `${anew}:${process.env['PATH'] ?? ''}` }, stdio: ['ignore', 'pipe', 'pipe'] }).toString()
    expect(said.split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as Found)).toEqual(found)
    expect(said).toMatch(/Changed their mind: proven/)
  })

  it('needs no script and no network, forbids both, and is small', () => {
    expect(report.policy).toMatch(/^default-src 'none'; style-src 'sha256-[^']+'; base-uri 'none'; form-action 'none'$/)
    expect(report).toMatchObject({ scripts: 0, requests: [], said: [] })
    expect(statSync(join(folder, 'out/changed-their-mind.html')).size).toBeLessThan(3_000_000)
  })
})
