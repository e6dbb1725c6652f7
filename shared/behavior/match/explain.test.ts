import { describe, expect, it } from 'vitest'
import { parseBehaviors } from '../parse.ts'
import type { EventColumns } from './columns.ts'
import { explainMisses } from './explain.ts'
import { matchColumns } from './match.ts'

const minute = 60_000_000

/** Events as `type@minutes` or `type@minutes=price`. */
function columnsOf(text: string): EventColumns {
  const events = text.split(' ').map((one) => /^([^@]+)@([\d.]+)(?:=(.+))?$/.exec(one))
  const types = [...new Set(events.map((event) => event?.[1] ?? ''))]
  return {
    length: events.length,
    starts: Int32Array.of(0, events.length),
    time: Float64Array.from(events, (event) => Number(event?.[2]) * minute),
    type: Int32Array.from(events, (event) => types.indexOf(event?.[1] ?? '')),
    types,
    fields: new Map([['price', { kind: 'number', values: Float64Array.from(events, (event) => (event?.[3] === undefined ? Number.NaN : Number(event[3]))) }]]),
  }
}

/** The reasons of the misses, nearest first, with how far each came. */
function reasons(behavior: string, events: string, watermark = Number.POSITIVE_INFINITY): readonly (readonly [number, string])[] {
  const body = parseBehaviors(`sequence "s" by user\n${behavior}`).file.behaviors[0]?.body
  if (body?.kind !== 'sequence') throw new Error('no sequence')
  const columns = columnsOf(events)
  const matched = new Set(matchColumns(body, columns, watermark).matches.map(({ rows }) => rows[0] as number))
  return explainMisses(body, columns, watermark, matched).map(({ reached, reason }) => [reached, reason])
}

describe('why there is no match', () => {
  it.each<[what: string, behavior: string, events: string, expected: readonly (readonly [number, string])[]]>([
    ['a step came too late', '  a: add\n  then r: remove within 10m', 'add@0 remove@10.5', [[1, 'r came 10m30s after a, 30s later than the 10m allowed']]],
    ['all of it took too long', '  a: add\n  then r: remove', 'add@0 remove@11', []],
    ['an order came in between', '  a: add\n  then r: remove\n  without buy between a and r', 'add@0 buy@1 remove@2', [[1, 'buy came in between a and r, 1m after a']]],
    ['something came that must not', '  a: add\n  then r: remove\n  without buy for 10m after r', 'add@0 remove@1 buy@5', [[2, 'buy came 4m after r, inside of the 10m without it']]],
    ['a condition did not hold', '  a: add\n  then r: remove where r.price > 5', 'add@0 remove@1=3', [[1, 'a remove came for r, but r.price > 5 did not hold']]],
    ['one of two conditions did not hold', '  a: add\n  then r: remove where r.price > 5 and r.price < 100', 'add@0 remove@1=3', [[1, 'a remove came for r, but r.price > 5 did not hold']]],
    ['it was not the very next', '  a: add\n  then next r: remove', 'add@0 view@1 remove@2', [[1, 'r came, but not right behind a: something else lay in between']]],
    ['too early', '  a: add\n  then r: remove after 5m', 'add@0 remove@2', [[1, 'r came only 2m after a, before the 5m that must pass']]],
    ['not often enough', '  a: add\n  then v: view at least 3 times', 'add@0 view@1 view@2', [[1, 'v came fewer than 3 times']]],
    ['it never came', '  a: add\n  then r: remove within 10m', 'add@0 view@1', [[1, 'no remove came behind a within 10m']]],
    ['until ended it', '  a: add\n  then r: remove\n  until drop', 'add@0 drop@1 remove@2', [[1, 'drop came 1m after a and ended it']]],
    ['the same is not another', '  a: add\n  then r: remove same price', 'add@0=1 remove@1=2', [[1, 'a remove came for r, but with another price']]],
  ])('%s', (_, behavior, events, expected) => {
    expect(reasons(behavior, events)).toEqual(expected)
  })

  it('says that it may still come while that is not certain', () => {
    expect(reasons('  a: add\n  then r: remove within 10m', 'add@0 view@1', 5 * minute)).toEqual([[1, 'r may still come: no remove behind a so far']])
  })

  it('says of a bound of the whole by how much it was passed', () => {
    const body = 'within 10m'
    const text = parseBehaviors(`sequence "s" by user ${body}\n  a: add\n  then r: remove`).file.behaviors[0]?.body
    if (text?.kind !== 'sequence') throw new Error('no sequence')
    expect(explainMisses(text, columnsOf('add@0 remove@12'), Number.POSITIVE_INFINITY, new Set()).map(({ reason }) => reason)).toEqual(['r came, but all of it took 12m, 2m more than the 10m allowed'])
  })

  it('puts the nearest miss first, and leaves out what lies inside of a match', () => {
    expect(reasons('  a: add\n  then b: view within 1m\n  then c: remove within 1m', 'add@0 view@5 add@10 view@10.5 remove@20')).toEqual([
      [2, 'c came 9m30s after b, 8m30s later than the 1m allowed'],
      [1, 'b came 5m after a, 4m later than the 1m allowed'],
    ])
    expect(reasons('  a: add\n  then r: remove', 'add@0 add@1 remove@2')).toEqual([])
  })
})
