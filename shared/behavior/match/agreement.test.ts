import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkBehaviors } from '../check.ts'
import { printBehaviors } from '../print.ts'
import type { Behavior, SequenceBody } from '../syntax.ts'
import { judge, type PlainEvent, type Verdict } from './judge.test-helper.ts'
import { matchColumns } from './match.ts'
import { meaningfulBody } from './pattern-arbitrary.test-helper.ts'
import { describeEvents, plainSequences, toColumns, watermark } from './plain-events.test-helper.ts'

const runs = Number(process.env.UNDERCURRENT_AGREEMENT_RUNS ?? 100_000)
const minutes = 60_000

export function toBehavior(body: SequenceBody): Behavior {
  const span = { start: 0, end: 0 }
  return { name: 'x', comments: [], body, endComments: [], react: [], span, nameSpan: span }
}

function isValid(body: SequenceBody): boolean {
  return checkBehaviors([toBehavior(body)], { types: [], fields: new Map(), keyNames: [], behaviors: new Map() }).every(({ severity }) => severity !== 'error')
}

/** What the matcher finds, in plain words. */
function matched(body: SequenceBody, sequences: readonly (readonly PlainEvent[])[], at: number): { readonly matches: readonly Verdict[]; readonly open: number } {
  const { matches, open } = matchColumns(body, toColumns(sequences), at)
  return { matches: matches.map(({ sequence, rows, steps, pendingUntil, tied, returns }) => ({ sequence, rows: [...rows], steps: [...steps], pendingUntil, tied, returns: [...returns] })), open }
}

describe('the matcher', () => {
  it('agrees with the judge on every pattern and all events', { timeout: 5 * minutes }, () => {
    let found = 0
    fc.assert(
      fc.property(meaningfulBody.filter(isValid), plainSequences, watermark, (body, sequences, at) => {
        const verdict = judge(body, sequences, at)
        found += verdict.matches.length
        expect(matched(body, sequences, at), `${printBehaviors({ behaviors: [toBehavior(body)], comments: [] })}\n${describeEvents(sequences)}\nwatermark ${at}`).toEqual(verdict)
      }),
      { numRuns: runs },
    )
    // patterns that never match anything would prove nothing
    expect(found).toBeGreaterThan(runs / 4)
  })
})
