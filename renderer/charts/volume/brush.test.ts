import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dragged, gripAt } from './brush.ts'

const domain = { from: 0, to: 1000 }

describe('a brush', () => {
  it('takes the edge that is near, else the body, else begins anew', () => {
    expect(gripAt(101, { from: 100, to: 200 })).toBe('from')
    expect(gripAt(196, { from: 100, to: 200 })).toBe('to')
    expect(gripAt(150, { from: 100, to: 200 })).toBe('body')
    expect(gripAt(300, { from: 100, to: 200 })).toBe('new')
    expect(gripAt(300, undefined)).toBe('new')
  })

  it('stays inside of the domain and the right way round, and the body keeps its length', () => {
    const time = fc.integer({ min: -2000, max: 3000 })
    fc.assert(fc.property(fc.constantFrom('new', 'from', 'to', 'body'), fc.integer({ min: 0, max: 500 }), fc.integer({ min: 500, max: 1000 }), time, time, (grip, from, to, start, now) => {
      const after = dragged(grip, { from, to }, start, now, domain)
      expect(after.from).toBeLessThanOrEqual(after.to)
      expect(after.from).toBeGreaterThanOrEqual(domain.from)
      expect(after.to).toBeLessThanOrEqual(domain.to)
      if (grip === 'body') expect(after.to - after.from).toBe(to - from)
    }))
  })
})
