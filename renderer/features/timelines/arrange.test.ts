import { tableFromArrays } from 'apache-arrow'
import { describe, expect, it } from 'vitest'
import { arrangeMany, arrangeOne } from './arrange.ts'
import type { UserEvents } from './user-events.ts'

const minute = 60_000

function user(key: string, events: readonly (readonly [minute: number, type: string])[]): UserEvents {
  const typeNames = [...new Set(events.map(([, type]) => type))]
  return { key, time: Float64Array.from(events, ([at]) => at * minute), type: Int32Array.from(events, ([, type]) => typeNames.indexOf(type)), typeNames, table: tableFromArrays({ n: new Int32Array(events.length) }) }
}

describe('one user', () => {
  const ann = user('ann', [[0, 'view'], [1, 'cart'], [2, 'view'], [60, 'view'], [61, 'buy']])

  it('has a lane for each type, the most frequent first', () => {
    const { laneNames, events } = arrangeOne(ann, 'type', 0)
    expect(laneNames).toEqual(['view', 'cart', 'buy'])
    expect([...events.lane]).toEqual([0, 1, 0, 0, 2])
  })

  it('has a lane for each session, which all begin at zero', () => {
    const { events, laneNames, row, reading } = arrangeOne(ann, 'session', 30 * minute)
    expect(laneNames).toHaveLength(2)
    expect([...events.time].map((time, at) => [time / minute, events.lane[at], row[at]])).toEqual([[0, 0, 0], [0, 1, 3], [1, 0, 1], [1, 1, 4], [2, 0, 2]])
    // but they are read as they happened
    expect([...reading].map((at) => row[at])).toEqual([0, 1, 2, 3, 4])
  })
})

describe('several users', () => {
  const users = [user('ann', [[10, 'view'], [15, 'cart']]), user('bob', [[100, 'view'], [101, 'view'], [130, 'cart'], [131, 'buy']]), user('cid', [[5, 'view']])]

  it('begin together when aligned by their first event', () => {
    const { events } = arrangeMany(users, 'first')
    expect([...events.time].filter((time) => time === 0)).toHaveLength(3)
  })

  it('meet at a type; who has none of it is named, not dropped silently', () => {
    const { events, laneNames, left, user: from } = arrangeMany(users, 'type:cart')
    expect(left).toEqual(['cid'])
    expect(laneNames).toEqual(['ann', 'bob'])
    expect([...events.time].map((time, at) => [time / minute, from[at]])).toEqual([[-30, 1], [-29, 1], [-5, 0], [0, 0], [0, 1], [1, 1]])
  })
})
