import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseBehaviors } from '../../../shared/behavior/parse.ts'
import { recurringBehavior } from '../../../shared/discover/recurring/recurring-behavior.ts'
import type { Match } from '../../../shared/model/match.ts'
import { findChains } from '../behaviors/chains.ts'

const [minute, day] = [60_000_000, 86_400_000_000]

/** The slots of hits that the behavior of a finding chains, and how many in a row it asks for. `offsets`: minutes from the middle. */
function chainedBy(slots: readonly number[], offsets: readonly number[] = []): { readonly slots: readonly number[]; readonly atLeast: number } {
  const hits = new Map(slots.map((slot, at) => [slot, slot * day + (offsets[at] ?? 0) * minute]))
  const [behavior] = parseBehaviors(recurringBehavior({ type: 'error' }, { period: day, tolerance: 8 * minute, hits })).file.behaviors
  if (behavior?.body.kind !== 'sequence' || behavior.body.every === undefined) throw new Error('the behavior does not recur')
  const matches = [...hits.values()].map((time, index): Match => {
    const step = { label: '', type: 'error', time: BigInt(time), source: 'a', position: { topic: 'a', partition: 0, offset: BigInt(index) } }
    return { behavior: behavior.name, key: { source: 'a' }, state: 'confirmed', start: step.time, end: step.time, tied: false, steps: [step], returns: {} }
  })
  const detection = { behavior: behavior.name, occurrences: matches.length, users: 1, pending: 0, tied: 0, open: 0, events: matches.length }
  const chains = findChains(behavior, behavior.body.every, { matches, detection })
  const times = chains.matches.flatMap(({ steps }) => steps.map(({ time }) => Number(time)))
  return { slots: [...hits].filter(([, time]) => times.includes(time)).map(([slot]) => slot), atLeast: behavior.body.every.atLeast }
}

test('a behavior asks for no longer rows than most hits stand in', () => {
  expect(chainedBy([0, 1, 2, 3, 4, 5, 6])).toEqual({ slots: [0, 1, 2, 3, 4, 5, 6], atLeast: 5 })
  // five in a row, and then shorter rows: asking for five would miss half of the hits
  expect(chainedBy([0, 1, 2, 3, 4, 6, 7, 8, 10, 11, 12])).toEqual({ slots: [0, 1, 2, 3, 4, 6, 7, 8, 10, 11, 12], atLeast: 3 })
  // a hit without a neighbor is in no row
  expect(chainedBy([0, 1, 3, 5, 6])).toEqual({ slots: [0, 1, 5, 6], atLeast: 2 })
})

test('a behavior chains every hit that has neighbors enough, wherever in their windows they came', () => {
  const drawn = fc.array(fc.record({ gap: fc.constantFrom(1, 1, 1, 1, 2, 3), offset: fc.integer({ min: -8, max: 8 }) }), { minLength: 5, maxLength: 40 })
  fc.assert(fc.property(drawn, (hits) => {
    let slot = -1
    const slots = hits.map(({ gap }) => (slot += gap))
    const { slots: chained, atLeast } = chainedBy(slots, hits.map(({ offset }) => offset))
    const isHit = new Set(slots)
    const row = (at: number, step: number): number => (isHit.has(at) ? 1 + row(at + step, step) : 0)
    expect(chained).toEqual(slots.filter((at) => row(at, -1) + row(at, 1) - 1 >= atLeast))
  }))
})
