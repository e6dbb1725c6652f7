import { describe, expect, it } from 'vitest'
import { chooseChart } from './chart-choice.ts'

const column = (name: string, kind: 'time' | 'integer' | 'number' | 'text') => ({ name, kind })

describe('the chart of a result', () => {
  it('is lines over time, wherever the time stands', () => {
    expect(chooseChart([column('events', 'integer'), column('type', 'text'), column('hour', 'time')])).toEqual({ shape: 'line', x: 'hour', ys: ['events'] })
  })
  it('is bars over names', () => {
    expect(chooseChart([column('type', 'text'), column('events', 'integer'), column('share', 'number')])).toEqual({ shape: 'bar', x: 'type', ys: ['events', 'share'] })
  })
  it('is points where all is numbers', () => {
    expect(chooseChart([column('a', 'number'), column('b', 'integer')])).toEqual({ shape: 'scatter', x: 'a', ys: ['b'] })
  })
  it('is none without a number', () => {
    expect(chooseChart([column('type', 'text')])).toBeUndefined()
    expect(chooseChart([column('n', 'integer')])).toBeUndefined()
    expect(chooseChart([])).toBeUndefined()
  })
})
