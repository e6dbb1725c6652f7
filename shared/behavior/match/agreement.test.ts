import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkBehaviors } from '../check.ts'
import { printBehaviors } from '../print.ts'
import type { Behavior, SequenceBody } from '../syntax.ts'
import { bindSequence } from './bind.ts'
import { isChain } from './chain.ts'
import { judge } from './judge.test-helper.ts'
import { matchColumns } from './match.ts'
import { toVerdicts } from './matches-of.test-helper.ts'
import { chainBody, meaningfulBody } from './pattern-arbitrary.test-helper.ts'
import { describeEvents, plainSequences, toColumns, watermark } from './plain-events.test-helper.ts'

const runs = Number(process.env.UNDERCURRENT_AGREEMENT_RUNS ?? 100_000)
const minutes = 60_000

function toBehavior(body: SequenceBody): Behavior {
  const span = { start: 0, end: 0 }
  return { name: 'x', comments: [], body, endComments: [], react: [], span, nameSpan: span }
}

function isValid(body: SequenceBody): boolean {
  return checkBehaviors([toBehavior(body)], { types: [], fields: new Map(), keyNames: [], behaviors: new Map() }).every(({ severity }) => severity !== 'error')
}

describe('the matcher', () => {
  it('agrees with the judge on every pattern and all events', { timeout: 5 * minutes }, () => {
    let found = 0
    fc.assert(
      fc.property(meaningfulBody.filter(isValid), plainSequences, watermark, (body, sequences, at) => {
        const verdict = judge(body, sequences, at)
        found += verdict.matches.length
        expect(toVerdicts(matchColumns(body, toColumns(sequences), at)), `${printBehaviors({ behaviors: [toBehavior(body)], comments: [] })}\n${describeEvents(sequences)}\nwatermark ${at}`).toEqual(verdict)
      }),
      { numRuns: runs },
    )
    // patterns that never match anything would prove nothing
    expect(found).toBeGreaterThan(runs / 4)
  })

  it('agrees with the judge on chains', { timeout: minutes }, () => {
    let long = 0
    let open = 0
    fc.assert(
      fc.property(chainBody.filter(isValid), plainSequences, watermark, (body, sequences, at) => {
        const columns = toColumns(sequences)
        expect(isChain(bindSequence(body, columns))).toBe(true)
        const verdict = judge(body, sequences, at)
        long += verdict.matches.filter(({ rows }) => rows.length > 1).length
        open += verdict.open
        expect(toVerdicts(matchColumns(body, columns, at)), `${printBehaviors({ behaviors: [toBehavior(body)], comments: [] })}\n${describeEvents(sequences)}\nwatermark ${at}`).toEqual(verdict)
      }),
      { numRuns: runs / 4 },
    )
    expect(Math.min(long, open)).toBeGreaterThan(runs / 40)
  })

  it('finds in a sequence the same whatever stands in others', { timeout: minutes }, () => {
    fc.assert(
      fc.property(meaningfulBody.filter(isValid), plainSequences, watermark, (body, sequences, at) => {
        const apart = sequences.map((events) => toVerdicts(matchColumns(body, toColumns([events]), at)))
        const together = toVerdicts(matchColumns(body, toColumns(sequences), at))
        expect(together.matches.map(({ steps, returns, pendingUntil, tied }) => ({ steps, returns, pendingUntil, tied }))).toEqual(apart.flatMap(({ matches }) => matches.map(({ steps, returns, pendingUntil, tied }) => ({ steps, returns, pendingUntil, tied }))))
        expect(together.open).toBe(apart.reduce((sum, { open }) => sum + open, 0))
      }),
      { numRuns: runs / 50 },
    )
  })
})
