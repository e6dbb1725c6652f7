import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { columnsOf } from './columns.ts'
import { variantsOf } from './variants.ts'
import { Walks, type PathEvents, type WalkRules } from './walks.ts'

interface Event {
  readonly type: number
  readonly time: number
}

const gap = 10
const sequences = fc.array(
  fc.array(fc.record({ type: fc.integer({ min: 0, max: 5 }), wait: fc.integer({ min: 0, max: 14 }) }), { minLength: 1, maxLength: 14 }).map((events) => {
    let time = 0
    return events.map(({ type, wait }): Event => ({ type, time: (time += wait) }))
  }),
  { maxLength: 25 },
)
const rules = fc.record({
  anchor: fc.integer({ min: 0, max: 2 }), direction: fc.constantFrom('from' as const, 'to' as const), sessionGap: fc.constantFrom(undefined, gap),
  steps: fc.integer({ min: 1, max: 6 }), hidden: fc.uniqueArray(fc.integer({ min: 3, max: 5 }), { maxLength: 2 }).map((types) => new Set(types)), collapse: fc.boolean(),
})
const tops = fc.record({ top: fc.integer({ min: 1, max: 4 }), expanded: fc.uniqueArray(fc.integer({ min: 0, max: 5 }), { maxLength: 2 }).map((types) => new Set(types)) })

function columnar(users: readonly (readonly Event[])[]): PathEvents {
  const events = users.flat()
  const starts = [0]
  for (const user of users) starts.push((starts[starts.length - 1] as number) + user.length)
  return { starts: Int32Array.from(starts), time: Float64Array.from(events, ({ time }) => time), type: Int32Array.from(events, ({ type }) => type) }
}

function walk(users: readonly (readonly Event[])[], asked: WalkRules): Walks {
  const walks = new Walks(asked)
  // in two parts, as the store may cut them
  const half = users.length >> 1
  walks.add(columnar(users.slice(0, half)))
  walks.add(columnar(users.slice(half)))
  return walks
}

/** The same, as one would say it: of every unit the types and waits behind its first event of the type. */
function naiveWalks(users: readonly (readonly Event[])[], { anchor, direction, sessionGap, steps, hidden, collapse }: WalkRules): { readonly types: readonly number[]; readonly gaps: readonly number[]; readonly user: number }[] {
  const units = users.flatMap((events, user) => {
    const sessions: Event[][] = []
    for (const event of events) {
      const last = sessions[sessions.length - 1]?.at(-1)
      if (last === undefined || (sessionGap !== undefined && event.time - last.time > sessionGap)) sessions.push([])
      sessions[sessions.length - 1]?.push(event)
    }
    return sessions.map((session) => ({ user, events: direction === 'from' ? session : session.reverse() }))
  })
  return units.flatMap(({ user, events }) => {
    const first = events.findIndex(({ type }) => type === anchor)
    if (first < 0) return []
    const shown = events.slice(first).filter(({ type }) => !hidden.has(type))
    const way = shown.filter(({ type }, at) => !collapse || at === 0 || type !== shown[at - 1]?.type).slice(0, steps + 1)
    return [{ user, types: way.slice(1).map(({ type }) => type), gaps: way.slice(1).map(({ time }, at) => Math.abs(time - (way[at]?.time ?? NaN))) }]
  })
}

describe('paths', () => {
  test('walks are what one would say they are', () => {
    fc.assert(fc.property(sequences, rules, (users, asked) => {
      const walks = walk(users, asked)
      const taken = Array.from({ length: walks.count }, (_, at) => {
        const steps = Array.from({ length: walks.starts.at(at + 1) - walks.starts.at(at) }, (__, step) => walks.starts.at(at) + step)
        return { user: walks.users.at(at), types: steps.map((step) => walks.types.at(step)), gaps: steps.map((step) => walks.gaps.at(step)) }
      })
      expect(taken).toEqual(naiveWalks(users, asked))
    }))
  })

  test('every column adds up to the population, and so do the links out of and into every node', () => {
    fc.assert(fc.property(sequences, rules, tops, (users, asked, shown) => {
      const walks = walk(users, asked)
      const { columns, links } = columnsOf(walks, { ...asked, ...shown })
      expect(columns.length).toBe(asked.steps + 1)
      for (const [column, nodes] of columns.entries()) {
        expect(nodes.reduce((sum, { units }) => sum + units, 0)).toBe(walks.count)
        for (const [place, { units, kind }] of nodes.entries()) {
          const out = links.filter((link) => link.column === column && link.from === place)
          const into = links.filter((link) => link.column === column - 1 && link.to === place)
          if (column < asked.steps) expect(out.reduce((sum, link) => sum + link.units, 0)).toBe(units)
          if (column > 0) expect(into.reduce((sum, link) => sum + link.units, 0)).toBe(units)
          // who has ended stays so
          if (kind === 'ended') for (const link of out) expect(columns[column + 1]?.[link.to]?.kind).toBe('ended')
          if (kind === 'ended') for (const link of into) expect(link.median).toBeUndefined()
        }
        expect(nodes.filter(({ kind, type }) => kind === 'type' && type !== undefined && !shown.expanded.has(type)).length).toBeLessThanOrEqual(Math.max(1, shown.top))
      }
    }))
  })

  test('nodes, links and medians agree with counting one by one', () => {
    fc.assert(fc.property(sequences, rules, (users, asked) => {
      const naive = naiveWalks(users, asked)
      const { columns, links } = columnsOf(walk(users, asked), { ...asked, top: 50, expanded: new Set() })
      const nameOf = (column: number, place: number): number | undefined => columns[column]?.[place]?.type
      const at = (types: readonly number[], column: number): number | undefined => (column === 0 ? asked.anchor : types[column - 1])
      for (const { column, from, to, units, median } of links) {
        const went = naive.filter(({ types }) => at(types, column) === nameOf(column, from) && at(types, column + 1) === nameOf(column + 1, to))
        expect(units).toBe(went.length)
        const sorted = went.flatMap(({ gaps }) => gaps[column] ?? []).sort((a, b) => a - b)
        expect(median).toBe(sorted.length === 0 ? undefined : ((sorted[(sorted.length - 1) >> 1] as number) + (sorted[sorted.length >> 1] as number)) / 2)
      }
    }))
  })

  test('variants count every unit once, the most frequent first', () => {
    fc.assert(fc.property(sequences, rules, (users, asked) => {
      const naive = naiveWalks(users, asked)
      const { variants, distinct } = variantsOf(walk(users, asked), asked.steps, 1000)
      expect(distinct).toBe(new Set(naive.map(({ types }) => types.join())).size)
      expect(variants.length).toBe(distinct)
      for (const { types, ended, units, users: people } of variants) {
        const same = naive.filter((one) => one.types.join() === types.join())
        expect([units, people, ended]).toEqual([same.length, new Set(same.map(({ user }) => user)).size, types.length < asked.steps])
      }
      expect(variants.map(({ units }) => units)).toEqual(variants.map(({ units }) => units).sort((a, b) => b - a))
    }))
  })

  test('to a type is from it in sequences that run backward', () => {
    fc.assert(fc.property(sequences, rules, tops, (users, asked, shown) => {
      const backward = users.map((events) => events.map(({ type, time }) => ({ type, time: -time })).reverse())
      const to = walk(users, { ...asked, direction: 'to' })
      const from = walk(backward, { ...asked, direction: 'from' })
      expect(columnsOf(to, { ...asked, ...shown })).toEqual(columnsOf(from, { ...asked, ...shown }))
      if (asked.sessionGap === undefined) expect(variantsOf(to, asked.steps, 100)).toEqual(variantsOf(from, asked.steps, 100))
    }))
  })
})
