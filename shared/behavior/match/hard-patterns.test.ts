import { describe, expect, it } from 'vitest'
import type { EventColumns } from './columns.ts'
import { matchColumns } from './match.ts'
import { readBody } from './matches-of.test-helper.ts'
import { TooExpensive } from './too-expensive.ts'

const million = 1_000_000

/** One sequence of many events, a microsecond apart, with a number each. */
function oneKey(length: number, typeOf: (row: number) => string): EventColumns {
  const types = ['a', 'b', 'c', 'z']
  return {
    length,
    starts: Int32Array.of(0, length),
    time: Float64Array.from({ length }, (_, row) => row),
    type: Int32Array.from({ length }, (_, row) => types.indexOf(typeOf(row))),
    types,
    fields: new Map([['n', { kind: 'number', values: Float64Array.from({ length }, (_, row) => row % 7) }]]),
  }
}

const byTurns = (row: number): string => (row % 3 === 0 ? 'a' : row % 3 === 1 ? 'b' : 'c')
const mixed = oneKey(million, byTurns)
/** For conditions, each of which is asked as often as the work is bounded: a hundred times an event. */
const fewer = oneKey(100_000, byTurns)
const onlyA = oneKey(million, () => 'a')

/** What comes of a pattern: the number of matches, or the step that is too expensive. */
function outcome(steps: string, columns: EventColumns, watermark = Number.POSITIVE_INFINITY): number | string {
  const found = attempt(steps, columns, watermark)
  return found instanceof TooExpensive ? found.step : found
}

function attempt(steps: string, columns: EventColumns, watermark: number): number | TooExpensive {
  try {
    return matchColumns(readBody(steps), columns, watermark).count
  } catch (error) {
    if (error instanceof TooExpensive) return error
    throw error
  }
}

const thens = (count: number, step: string): string => Array.from({ length: count }, () => `\n then ${step}`).join('')

/** Each ends in this time, in milliseconds, on a slow machine; most take far less. */
const soon = 20_000

describe('a key with a million events', () => {
  it('is searched to its end by patterns of many steps', { timeout: soon }, () => {
    expect(outcome(`a${thens(19, 'b')}`, mixed)).toBe(Math.floor(million / 57))
    expect(outcome(`a 2..3 times${thens(9, 'b 1..4 times')}${'\n optional then c'.repeat(9)}`, mixed)).toBeGreaterThan(1000)
    expect(outcome('a at least 2 times', onlyA)).toBe(1)
  })

  it('is searched to its end when the last step never comes', { timeout: soon }, () => {
    expect(outcome('a\n then any b\n then any c\n then any a\n then z', mixed)).toBe(0)
    expect(outcome('a\n then any b\n then any c\n then any a\n then z', mixed, million)).toBe(0)
    expect(outcome('a at least 2 times\n then b at least 2 times\n then z', mixed, 0)).toBe(0)
  })

  it.each([
    ['several `any` whose branches multiply', fewer, 'a\n then any p: b\n then any q: c\n then r: a where n > p.n + 9', 'q'],
    ['`any` before a condition that never holds', mixed, 'a\n then any p: b\n then next q: z', 0],
    ['repeated steps that share the events between them', onlyA, 'p: a at least 1 times\n then q: a at least 1 times\n then r: a at least 1 times\n then a where n > p.n + 9', 'r'],
    ['`match every` over every event', mixed, 'a\n then any p: b\n then any q: c\nmatch every', 'q'],
    ['`match longest` over every event', mixed, 'a\n then any p: b\n then any q: c\nmatch longest', 'q'],
    ['`overlap` of runs that never end', onlyA, 'p: a at least 2 times\noverlap', 'p'],
    ['`overlap` of many steps', onlyA, `a${thens(59, 'a')}\noverlap`, 'step 1'],
    ['conditions on other steps that never hold', fewer, 'p: a\n then q: b where n > p.n + 9', 'q'],
    ['a run that is given back event by event', mixed, 'p: a at least 1 times\n then next q: a', 'p'],
    ['absences whose conditions never hold', fewer, 'p: a\n without b where n > p.n + 9 for 1s after p\noverlap', 'without'],
  ])('ends %s with a result or with the step that is too expensive', { timeout: soon }, (_, columns, steps, expected) => {
    expect(outcome(steps, columns, 0)).toBe(expected)
  })
  it.each([
    ['p: a\n then any q: b\nmatch every overlap', /^Too expensive, because "q" can be matched in too many ways: [\d,]+ were tried\. Bound it by `within`/],
    ['p: a\n without b where n > p.n + 9 for 1s after p\noverlap', /^Too expensive, because conditions of `without` or `until` had to be asked [\d,]+ times\. /],
    ['p: a at least 2 times\noverlap', /^Too expensive, because /],
  ])('says why: %s', { timeout: soon }, (steps, message) => {
    expect(attempt(steps, fewer, 0)).toMatchObject({ message: expect.stringMatching(message) as string })
  })
})
