import fc from 'fast-check'
import { expect, it } from 'vitest'
import { doublesInOrder, integersInOrder, orderEvents } from './order-events.ts'

it('orders as a plain sort does, whatever the keys are', () => {
  const row = fc.record({ user: fc.integer({ min: 0, max: 5 }), amount: fc.constantFrom(-1.5, 0, 2, 1e18), time: fc.integer({ min: 0, max: 6 }), source: fc.integer({ min: 1, max: 2 }), partition: fc.integer({ min: 0, max: 1 }) })
  fc.assert(
    fc.property(fc.array(row), fc.boolean(), (events, byTwo) => {
      const column = (read: (event: (typeof events)[number], index: number) => number): Float64Array => Float64Array.from(events, read)
      const columns = { length: events.length, time: column(({ time }) => time), source: Int32Array.from(events, ({ source }) => source), partition: Int32Array.from(events, ({ partition }) => partition), offset: column((_, index) => (index * 7) % 13) }
      const user = Int32Array.from(events, (event) => event.user)
      const amount = column((event) => event.amount)
      const { rows, starts } = orderEvents(byTwo ? [user, amount] : [user], columns)
      expect([...rows].sort((a, b) => a - b)).toEqual(events.map((_, index) => index))
      const sequences = [...starts.subarray(0, -1)].map((from, sequence) => [...rows.subarray(from, starts[sequence + 1])])
      const keys = sequences.map(([first = 0]) => JSON.stringify([user[first], byTwo ? amount[first] : 0]))
      // each key once, with all of its rows
      expect(new Set(keys).size).toBe(keys.length)
      for (const [index, sequence] of sequences.entries()) {
        for (const one of sequence) expect(JSON.stringify([user[one], byTwo ? amount[one] : 0])).toBe(keys[index])
        const place = (one: number): readonly (number | undefined)[] => [columns.time[one], columns.source[one], columns.partition[one], columns.offset[one]]
        const sorted = [...sequence].sort((a, b) => place(a).reduce<number>((order, value, at) => order || (value ?? 0) - (place(b)[at] ?? 0), 0))
        expect(sequence.map(place)).toEqual(sorted.map(place))
      }
      // one user's sequences lie side by side
      const users = sequences.map(([first = 0]) => user[first])
      expect(users).toEqual([...users].sort((a = 0, b = 0) => a - b))
      expect([...doublesInOrder(columns.time, rows)]).toEqual([...rows].map((one) => columns.time[one]))
      expect([...integersInOrder(columns.source, rows)]).toEqual([...rows].map((one) => columns.source[one]))
    }),
  )
})

it('has no sequence without rows', () => {
  expect(orderEvents([new Int32Array(0)], { length: 0, time: new Float64Array(0), source: new Int32Array(0), partition: new Int32Array(0), offset: new Float64Array(0) }).starts).toEqual(Int32Array.of(0))
})
