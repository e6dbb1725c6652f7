import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { checkBehaviors } from '../../shared/behavior/check.ts'
import type { CompileSource } from '../../shared/behavior/compile/fields.ts'
import { matchColumns } from '../../shared/behavior/match/match.ts'
import type { PlainEvent } from '../../shared/behavior/match/judge.test-helper.ts'
import { meaningfulBody } from '../../shared/behavior/match/pattern-arbitrary.test-helper.ts'
import { describeEvents, plainSequences, toColumns } from '../../shared/behavior/match/plain-events.test-helper.ts'
import { printBehavior } from '../../shared/behavior/print.ts'
import type { Behavior, SequenceBody } from '../../shared/behavior/syntax.ts'
import { AppError } from '../../shared/errors.ts'
import { describeIf } from '../kafka/describe-if.ts'
import { fileJob, readMatches } from './flink-job.ts'
import { flinkAvailability, runFlink } from './flink.ts'

const patterns = Number(process.env.UNDERCURRENT_FLINK_PATTERNS ?? 40)
const seed = Number(process.env.UNDERCURRENT_FLINK_SEED ?? 1)
const span = { start: 0, end: 0 }
const toBehavior = (body: SequenceBody): Behavior => ({ name: 'x', comments: [], body, endComments: [], react: [], span, nameSpan: span })
const isValid = (body: SequenceBody): boolean => checkBehaviors([toBehavior(body)], { types: [], fields: new Map(), keyNames: [], behaviors: new Map() }).every(({ severity }) => severity !== 'error')

const source: CompileSource = {
  name: 'plain',
  kind: 'file',
  topic: 'plain',
  format: 'json',
  mapping: { key: 'user', type: 'type', time: 'us', timeFormat: 'epoch_us', attributes: [{ name: 'n', path: 'n', type: 'number' }, { name: 'm', path: 'm', type: 'integer' }, { name: 's', path: 's', type: 'text' }, { name: 'f', path: 'f', type: 'boolean' }] },
  latenessMs: 3_600_000,
}

/** All times of a pattern, so many times as long. */
function stretch<T>(tree: T, by: number): T {
  return JSON.parse(JSON.stringify(tree), (name, value: unknown) => (name === 'micros' ? Number(value) * by : name === 'text' && typeof value === 'string' && value.endsWith('us') ? `${Number(value.slice(0, -2)) * by}us` : value)) as T
}

describeIf(await flinkAvailability(), 'compiled to Flink', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'undercurrent-flink-data-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it('random patterns find what the matcher finds', { timeout: 30_000 + patterns * 5000 }, async () => {
    const bodies = fc.sample(meaningfulBody.filter(isValid), { numRuns: patterns * 30, seed })
    const sequences = fc.sample(plainSequences, { numRuns: 60, seed }).flat()
    const events = (by: number): PlainEvent[][] => sequences.map((sequence) => sequence.map((event) => ({ ...event, time: event.time * by })))
    // within one millisecond, which is all that Flink's clock tells apart, and seconds from each other
    const scales = [1, 1_000_000]
    for (const scale of scales) {
      const lines = events(scale).flatMap((sequence, key) => sequence.map(({ time, type, fields }, at) => JSON.stringify({ user: `k${key}`, us: time, type, ...fields, _offset: key * 1000 + at })))
      // every second line first: the order of arrival means nothing
      await writeFile(join(folder, `${scale}.ndjson`), [...lines.filter((_, at) => at % 2 === 1), ...lines.filter((_, at) => at % 2 === 0)].map((line) => `${line}\n`).join(''))
    }
    const jobs: { readonly behavior: Behavior; readonly scale: number; readonly statements: readonly string[] }[] = []
    let refused = 0
    for (const [index, body] of bodies.entries()) {
      const scale = scales[index % 2] as number
      const behavior = toBehavior(stretch({ ...body, within: body.within }, scale))
      try {
        const statements = fileJob('', behavior, source, join(folder, `${scale}.ndjson`))
        jobs.push({ behavior, scale, statements })
      } catch (error) {
        if (!(error instanceof AppError)) throw error
        refused++
      }
      if (jobs.length === patterns) break
    }
    const results = await runFlink(jobs.map(({ statements }) => statements), 20_000 + patterns * 5000)
    let found = 0
    const wrong: string[] = []
    for (const [index, { behavior, scale }] of jobs.entries()) {
      const result = results[index]
      const columns = toColumns(events(scale))
      const expected = matchColumns(behavior.body as SequenceBody, columns, Number.POSITIVE_INFINITY).matches.map(({ sequence, rows, returns }) => [`k${sequence}`, ...[...rows].map((row) => sequence * 1000 + row - (columns.starts[sequence] ?? 0)), JSON.stringify(returns)].join(' ')).toSorted()
      const got = result !== undefined && 'rows' in result ? readMatches(result.rows, behavior).map(({ key, offsets, returns }) => [...key, ...offsets, JSON.stringify(returns)].join(' ')).toSorted() : [result?.error ?? '']
      found += expected.length
      if (JSON.stringify(got) !== JSON.stringify(expected)) {
        const key = [...got, ...expected].find((one) => !got.includes(one) || !expected.includes(one))?.split(' ')[0] ?? ''
        wrong.push(`${printBehavior(behavior)}\n${describeEvents(events(scale).filter((_, at) => `k${at}` === key))}\nexpected ${expected.filter((one) => one.startsWith(`${key} `)).join(' | ')}\ngot ${got.filter((one) => one.startsWith(`${key} `) || got.length === 1).join(' | ').slice(0, 1500)}\n${jobs[index]?.statements.at(-1)?.slice(-1800)}`)
      }
    }
    console.log({ jobs: jobs.length, refused, found, wrong: wrong.length })
    expect(wrong.slice(0, 3).join('\n\n')).toBe('')
    expect(found).toBeGreaterThan(patterns * 5)
  })
})
