import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { parseBehaviors } from '../../shared/behavior/parse.ts'
import type { Behavior } from '../../shared/behavior/syntax.ts'
import { judge, type PlainEvent } from '../../shared/behavior/match/judge.test-helper.ts'
import { TestWorkspace } from '../specs/workspace.ts'

const text = `
sequence "one by one" by user
  a
  then b where n >= 1
  then c

sequence "taken back" by user, item within 40s
  x: a
  then y: b within 10s same n
return y.time - x.time as hesitation, y.n as n

sequence "not followed" by user session 15s
  x: a
  without b for 6s after x
  until c

sequence "runs" by user
  a at least 2 times within 20s
  optional then b
  then any c within 9s
match every
overlap

sequence "whatever" by user
  either (p: a where n == 2) or (q: b)
  then next any order (b; c)
return p.n as p, q.n as q
`

/** A line of a file: no two events of a user at the same time, so that nothing hangs on where they stand in the file. */
interface Line {
  readonly user: string
  readonly second: number
  readonly type: string
  readonly item: string
  readonly n: number | undefined
}

const line = fc.record({ user: fc.constantFrom('u1', 'u2', 'u3'), second: fc.nat(90), type: fc.constantFrom('a', 'b', 'c'), item: fc.constantFrom('i1', 'i2', ''), n: fc.option(fc.integer({ min: 0, max: 2 }), { nil: undefined }) })
const shuffled: fc.Arbitrary<Line[]> = fc
  .uniqueArray(line, { selector: ({ user, second }) => `${user} ${second}`, minLength: 100, maxLength: 150 })
  .chain((lines) => fc.shuffledSubarray(lines, { minLength: lines.length }))

/** Everything that a match says but where its events lie in the file. */
interface Said {
  readonly key: Readonly<Record<string, unknown>>
  readonly steps: readonly string[]
  readonly until: number | undefined
  readonly returns: Readonly<Record<string, unknown>>
}

/** What the judge says of the lines, in the order of time. */
function judged({ body }: Behavior, lines: readonly Line[], watermark: number): Said[] {
  if (body.kind !== 'sequence') throw new Error('no sequence')
  const sequences = new Map<string, { readonly key: Record<string, string>; readonly events: PlainEvent[] }>()
  for (const { user, second, type, item, n } of [...lines].sort((a, b) => a.second - b.second)) {
    const fields: Record<string, string> = { user, ...(item === '' ? {} : { item }) }
    const key = Object.fromEntries(body.by.flatMap(({ path }) => (fields[path] === undefined ? [] : [[path, fields[path]]])))
    if (Object.keys(key).length < body.by.length) continue
    const sequence = sequences.get(JSON.stringify(key)) ?? { key, events: [] }
    sequences.set(JSON.stringify(key), sequence)
    sequence.events.push({ time: second * 1e6, type, fields: { n: n ?? null } })
  }
  const all = [...sequences.values()]
  const events = all.flatMap((sequence) => sequence.events)
  return judge(body, all.map((sequence) => sequence.events), watermark).matches.map(({ sequence, rows, pendingUntil, returns }) => ({
    key: (all[sequence] as (typeof all)[number]).key,
    steps: rows.map((row) => `${events[row]?.type}@${(events[row]?.time ?? 0) / 1e6}`),
    until: pendingUntil,
    returns: Object.fromEntries(body.returns.map(({ name }, at) => [name, returns[at] ?? null])),
  }))
}

const inOrder = (matches: readonly Said[]): readonly string[] => matches.map((match) => JSON.stringify(match)).sort()

describe('events in whatever order they arrive', () => {
  const folder = mkdtempSync(join(tmpdir(), 'undercurrent-arrival-'))
  afterAll(() => { rmSync(folder, { recursive: true }) })

  it('give what the judge finds in the order of time', { timeout: 120_000 }, async () => {
    const { behaviors } = parseBehaviors(text).file
    const path = join(folder, 'shuffled.csv')
    let found = 0
    await fc.assert(
      fc.asyncProperty(shuffled, async (lines) => {
        writeFileSync(path, ['user,second,type,item,n', ...lines.map(({ user, second, type, item, n }) => [user, second, type, item, n ?? ''].join(',')), ''].join('\n'))
        const workspace = await TestWorkspace.open()
        try {
          await workspace.import({ path, file: {}, mapping: { key: 'user', type: 'type', time: 'second', timeFormat: 'epoch_s', attributes: [{ name: 'item', path: 'item', type: 'text' }, { name: 'n', path: 'n', type: 'integer' }] }, force: false })
          const detected = await workspace.call('behaviors.detect', { text, limit: 100_000 })
          for (const [index, { matches, detection }] of detected.entries()) {
            const said = matches.map(({ key, steps, until, returns }): Said => ({ key, steps: steps.map(({ type, time }) => `${type}@${Number(time) / 1e6}`), until: until === undefined ? undefined : Number(until), returns }))
            expect(inOrder(said), behaviors[index]?.name).toEqual(inOrder(judged(behaviors[index] as Behavior, lines, Number(detection.watermark))))
            found += said.length
          }
        } finally {
          await workspace.remove()
        }
      }),
      { numRuns: 8 },
    )
    expect(found).toBeGreaterThan(100)
  })
})
