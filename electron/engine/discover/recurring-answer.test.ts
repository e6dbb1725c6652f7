import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RecurringFindings, RecurringQuestion } from '../../../shared/model/discovery.ts'
import { openEngine, type Engine } from '../engine.ts'

const [minute, day] = [60_000, 86_400_000]
const start = Date.UTC(2026, 0, 1)
/** What fails every night, and is called so that it would break out of SQL or of the language if it could. */
const failure = 'backup"\' every 1m; DROP TABLE events; --'
const host = 'ho"st\'; --'
const nights = 40
/** From then on it does not fail any more, though everything else goes on. */
const silent = 3

let folder = ''
let engine: Engine
const progress: number[] = []

function makeEvents(): string {
  const rows = [{ time: start, type: 'visit', user: 'u0', host: 'web' }]
  for (let at = 0; at < 8000; at++) rows.push({ time: start + Math.random() * nights * day, type: at % 3 === 0 ? 'order' : 'visit', user: `u${at % 50}`, host: 'web' })
  for (let night = 0; night < nights - silent; night++) if (night % 9 !== 4) rows.push({ time: start + night * day + 200 * minute + (Math.random() - 0.5) * 8 * minute, type: failure, user: `operator ${night % 3}`, host })
  rows.push({ time: start + nights * day, type: 'visit', user: 'u0', host: 'web' })
  return rows.map(({ time, ...rest }) => JSON.stringify({ ...rest, time: new Date(time).toISOString() })).join('\n')
}

function ask(by: RecurringQuestion['by'], signal = new AbortController().signal): Promise<RecurringFindings> {
  return engine.calls['discover.recurring']({ by, limit: 50 }, signal)
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'undercurrent-recurring-'))
  writeFileSync(join(folder, 'nights.ndjson'), makeEvents())
  engine = await openEngine({ workspace: join(folder, 'W') })
  engine.subscribe((name, value) => {
    if (name === 'job.progress') progress.push((value as { readonly done: number }).done)
  })
  const signal = new AbortController().signal
  const mapping = { key: 'user', type: 'type', time: 'time', attributes: [{ name: 'host', path: 'host', type: 'text' }] } as const
  const { source } = await engine.calls['file.import']({ path: join(folder, 'nights.ndjson'), file: {}, force: false, mapping: { ...mapping, attributes: [...mapping.attributes] } }, signal)
  await engine.calls['tail.finished']({ source }, signal)
}, 60_000)
afterAll(async () => {
  await engine.close()
  rmSync(folder, { recursive: true, force: true })
})

test('a type and a value of its attribute that recur together are one finding; the other is named', async () => {
  progress.length = 0
  const { recurring, notes, tried } = await ask(['type', 'attribute'])
  expect(recurring.length).toBe(1)
  expect(recurring[0]).toMatchObject({ type: failure, users: 3, events: nights - silent - 4 })
  expect(notes.filter((note) => note.includes('comes back together with'))).toHaveLength(1)
  // three types, each with one host
  expect(tried).toBe(6)
  expect(progress).toEqual([...progress].sort((a, b) => a - b))
  expect(progress.at(-1)).toBe(1000)
}, 60_000)

test('what has not come since is overdue, with the times at which it was expected', async () => {
  const [found] = (await ask(['type'])).recurring
  const dayOf = (micros: number): number => Math.floor((micros / 1000 - start) / day)
  expect(found?.overdue).toBe(silent)
  expect(found?.missed.map(dayOf)).toEqual([4, 13, 22, 31, 37, 38, 39])
  expect(dayOf(found?.next ?? 0)).toBe(nights)
  expect((found?.hits.length ?? 0) + (found?.missed.length ?? 0)).toBe(found?.slots)
}, 60_000)

test('the behavior of a finding finds its hits, whatever its type is called', async () => {
  const [found] = (await ask(['attribute'])).recurring
  const [detected] = await engine.calls['behaviors.detect']({ text: found?.behavior ?? '', limit: 100 }, new AbortController().signal)
  const bound = detected?.matches.flatMap(({ steps }) => steps.map(({ time }) => Number(time))) ?? []
  // all but the first four, which are fewer than the five in a row that are asked for
  expect(bound.length).toBe(29)
  expect(found?.hits.length).toBe(33)
  expect(found?.hits).toEqual(expect.arrayContaining(bound))
}, 60_000)

test('it can be cancelled, and asked again', async () => {
  const cancel = new AbortController()
  const unsubscribe = engine.subscribe((name) => {
    if (name === 'job.progress') cancel.abort()
  })
  await expect(ask(['type', 'attribute', 'key'], cancel.signal)).rejects.toMatchObject({ code: 'CANCELLED' })
  unsubscribe()
  expect((await ask(['type'])).recurring.length).toBe(1)
}, 60_000)
