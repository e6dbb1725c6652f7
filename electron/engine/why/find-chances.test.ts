import { describe, expect, it } from 'vitest'
import type { EventColumns } from '../../../shared/behavior/match/columns.ts'
import { parseBehaviors } from '../../../shared/behavior/parse.ts'
import type { SequenceBody } from '../../../shared/behavior/syntax.ts'
import { planChances, sharedSteps } from '../../../shared/why/chance.ts'
import { findChances } from './find-chances.ts'

const minute = 60e6

/** One sequence a text, such as `0 add, 3 remove`: minutes and types. */
function columnsOf(...sequences: readonly string[]): EventColumns {
  const events = sequences.flatMap((text, sequence) => text.split(', ').map((one) => ({ sequence, time: Number(one.split(' ')[0]) * minute, type: one.split(' ')[1] ?? '' })))
  const types = [...new Set(events.map(({ type }) => type))]
  const starts = sequences.map((_, sequence) => events.findIndex((event) => event.sequence === sequence))
  return { length: events.length, starts: Int32Array.from([...starts, events.length]), time: Float64Array.from(events, ({ time }) => time), type: Int32Array.from(events, ({ type }) => types.indexOf(type)), types, fields: new Map() }
}

function bodyOf(text: string): SequenceBody {
  const [behavior] = parseBehaviors(text).file.behaviors
  if (behavior?.body.kind !== 'sequence') throw new Error('no sequence')
  return behavior.body
}

/** Starts in minutes, until when they count, and whether they matched. */
function chances(text: string, columns: EventColumns, { watermark = 1000, against, horizon = Infinity }: { readonly watermark?: number; readonly against?: string; readonly horizon?: number } = {}): { readonly found: readonly (readonly [start: number, until: number, matched: boolean])[]; readonly undecided: number } {
  const body = bodyOf(text)
  const { chances: found, undecided } = findChances(body, planChances(body, sharedSteps(body)), columns, watermark * minute, horizon, against === undefined ? undefined : bodyOf(against))
  return { found: found.map(({ steps, until, matched }) => [(columns.time[Math.max(...steps)] as number) / minute, until / minute, matched] as const), undecided }
}

const regret = 'sequence "regret" by user\n  a: add\n  then r: remove within 10m\n  without buy for 10m after a\n'

describe('chances', () => {
  it('a start leads on, or has its time and does not', () => {
    expect(chances(regret, columnsOf('0 add, 3 remove', '0 add, 5 view', '0 add, 11 remove')).found).toEqual([[0, 3, true], [0, 10, false], [0, 10, false]])
  })

  it('what forbids the behavior decides early, and what is behind counts no more', () => {
    expect(chances(regret, columnsOf('0 add, 4 buy, 6 remove')).found).toEqual([[0, 4, false]])
  })

  it('is undecided until the watermark has passed its time', () => {
    expect(chances(regret, columnsOf('0 add, 3 remove', '0 add, 5 view'), { watermark: 9 })).toEqual({ found: [], undecided: 2 })
    expect(chances(regret, columnsOf('0 add, 4 buy, 6 remove'), { watermark: 9 }).found).toEqual([[0, 4, false]])
  })

  it('starts inside of a chance belong to it', () => {
    expect(chances(regret, columnsOf('0 add, 2 add, 8 view, 30 add')).found).toEqual([[0, 10, false], [30, 40, false]])
    // a later start of the same chance led on: the chance is that one
    expect(chances(regret, columnsOf('0 add, 5 add, 12 remove')).found).toEqual([[5, 12, true]])
    expect(chances(regret, columnsOf('0 add, 5 add, 7 remove')).found).toEqual([[0, 7, true]])
  })

  it('of an absence, those that had what must not come are the others', () => {
    const abandoned = 'sequence "abandoned" by user\n  s: start\n  without pay for 30m after s\n  until delete\n'
    expect(chances(abandoned, columnsOf('0 start, 5 view', '0 start, 20 pay', '0 start, 10 delete', '0 start, 31 pay')).found).toEqual([[0, 30, true], [0, 20, false], [0, 10, false], [0, 30, true]])
  })

  it('of one repeated step, a single event is a chance', () => {
    const rage = 'sequence "rage" by user\n  click at least 3 times within 1m\n'
    expect(chances(rage, columnsOf('0 click, 0.2 click, 0.4 click', '0 click, 5 click')).found).toEqual([[0, 0.2, true], [0, 1, false], [5, 6, false]])
  })

  it('all but the last step are shared', () => {
    const path = 'sequence "path" by user\n  home\n  then search within 5m\n  then buy within 5m\n'
    expect(chances(path, columnsOf('0 home, 1 search, 2 buy', '0 home, 1 search, 9 buy', '0 home, 1 view')).found).toEqual([[1, 2, true], [1, 6, false]])
  })

  it('a session ends what could have come', () => {
    const session = 'sequence "path" by user session 30m\n  home\n  then buy\n'
    expect(chances(session, columnsOf('0 home, 20 view, 100 buy', '0 home, 20 buy')).found).toEqual([[0, 20, false], [0, 20, true]])
    expect(chances(session, columnsOf('0 home, 20 view'), { watermark: 40 })).toEqual({ found: [], undecided: 1 })
  })

  it('without any bound, so much time as most matches took', () => {
    const open = 'sequence "open" by user\n  add\n  then remove\n'
    expect(chances(open, columnsOf('0 add, 3 remove', '0 add, 90 remove', '0 add, 5 view'), { horizon: 10 * minute }).found).toEqual([[0, 3, true], [0, 10, false]])
  })

  it('against another behavior, only starts that led to one of the two', () => {
    const removed = 'sequence "removed" by user\n  add\n  then remove within 1h\n'
    const bought = 'sequence "bought" by user\n  add\n  then buy within 1h\n'
    expect(chances(removed, columnsOf('0 add, 3 remove', '0 add, 4 buy', '0 add, 5 view'), { against: bought }).found).toEqual([[0, 3, true], [0, 4, false]])
  })
})
