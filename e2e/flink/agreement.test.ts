import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeIf } from '../kafka/describe-if.ts'
import { fileJob, readMatches } from './flink-job.ts'
import { flinkAvailability, runFlink } from './flink.ts'
import { compilable, describeMatch, disagreement, plainSource, randomEvents } from './random-patterns.ts'

const patterns = Number(process.env.UNDERCURRENT_FLINK_PATTERNS ?? 16)
const seed = Number(process.env.UNDERCURRENT_FLINK_SEED ?? 1)
/** Within one millisecond, which is all that Flink's clock tells apart, and seconds from each other. */
const scales = [1, 1_000_000]
const jobTime = 5000

describeIf(await flinkAvailability(), 'random patterns in Flink', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'undercurrent-flink-data-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it('find what the matcher finds', { timeout: 60_000 + patterns * jobTime }, async () => {
    const events = new Map(scales.map((scale) => [scale, randomEvents(seed, 60, scale)]))
    const path = (scale: number): string => join(folder, `${scale}.ndjson`)
    for (const [scale, sequences] of events) {
      const lines = sequences.flat().map(({ user, time, type, fields, offset }) => JSON.stringify({ user, us: time, type, ...fields, _offset: offset }))
      // the order of arrival means nothing
      await writeFile(path(scale), [...lines.filter((_, at) => at % 2 === 1), ...lines.filter((_, at) => at % 2 === 0)].map((line) => `${line}\n`).join(''))
    }
    const { compiled } = compilable(seed, patterns, scales, (behavior, scale) => fileJob('', behavior, plainSource, path(scale)))
    const results = await runFlink(compiled.map(({ made }) => made), 50_000 + patterns * jobTime)
    let found = 0
    const wrong = compiled.flatMap(({ behavior, scale, made }, index) => {
      const result = results[index]
      if (result === undefined || 'error' in result) return [`${made.at(-1) ?? ''}\n${result?.error ?? 'nothing'}`]
      found += result.rows.length
      const got = readMatches(result.rows, behavior).map(({ key, offsets, returns }) => describeMatch(key[0] ?? '', offsets, returns))
      return disagreement(behavior, events.get(scale) ?? [], got) ?? []
    })
    expect(wrong.slice(0, 3).join('\n\n')).toBe('')
    expect(compiled).toHaveLength(patterns)
    // patterns that never match anything would prove nothing
    expect(found).toBeGreaterThan(patterns * 5)
  })
})
