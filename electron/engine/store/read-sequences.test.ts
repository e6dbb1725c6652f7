import { tableFromIPC } from 'apache-arrow'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { brokerTime, TestStore } from '../../../e2e/fixtures/test-store.ts'
import type { StreamInput } from '../../../shared/contract/streams.ts'
import { readSequences } from './read-sequences.ts'
import { listTypes } from './read-users.ts'

type Query = StreamInput<'sequences.slice'>

interface Step {
  readonly user: string
  readonly second: number
  readonly type: string
}

/** What a screen makes of the stream: each user with its steps and its total, and how many users there are. */
interface Answer {
  readonly sequences: readonly { readonly key: string; readonly events: number; readonly steps: readonly string[] }[]
  readonly users: number
}

const all: Query = { filter: {}, sort: 'key', descending: false, users: 50_000, eventsPerUser: 10_000 }
const micros = (second: number): bigint => BigInt(brokerTime) + BigInt(second) * 1_000_000n

describe('sequences of many users', () => {
  let workspace: TestStore
  const written: Step[] = []
  let names: ReadonlyMap<number, string>

  // few users and few seconds, so that many are tied; part of the events lie in runs, part have just arrived
  beforeAll(async () => {
    workspace = await TestStore.open()
    const source = await workspace.addSource()
    for (let offset = 0; offset < 300; offset++) written.push({ user: ['ann', 'Änne', '', '=1+1', 'b\u202eo', 'zoe'][(offset * 5) % 7] ?? 'rare', second: (offset * 13) % 40, type: ['view', 'add', 'buy'][(offset * 11) % 4] ?? 'view' })
    const records = written.map(({ user, second, type }, offset) => ({ offset, value: { type, user, at: new Date(brokerTime / 1000 + second * 1000).toISOString() } }))
    await workspace.put(source, records.slice(0, 170))
    await workspace.store.settle()
    await workspace.put(source, [...records.slice(170), { offset: 300, value: { type: 'view', at: new Date(brokerTime / 1000).toISOString() } }])
    names = new Map((await workspace.store.database.read(listTypes)).map(({ code, type }) => [code, type]))
  })
  afterAll(() => workspace.remove())

  const ask = async (query: Partial<Query>): Promise<Answer> => {
    const sequences: { readonly key: string; readonly events: number; readonly steps: string[] }[] = []
    let users = 0
    for await (const bytes of readSequences(workspace.store.database, { ...all, ...query }, new AbortController().signal)) {
      for (const row of tableFromIPC(bytes) as Iterable<{ user: number; time: number; type: number; key: string | null; events: bigint | null; users: bigint | null }>) {
        expect(row.key === null).toBe(row.user < sequences.length)
        if (row.key !== null) {
          sequences.push({ key: row.key, events: Number(row.events), steps: [] })
          users = Number(row.users)
        }
        expect(row.user).toBe(sequences.length - 1)
        sequences.at(-1)?.steps.push(`${(row.time * 1000 - brokerTime) / 1e6} ${names.get(row.type) ?? '?'}`)
      }
    }
    return { sequences, users }
  }

  /** The same from what was written, by the plainest means. Events of one second stay in the order of their offsets. */
  const expected = ({ filter: { types, from, to, keys }, sort, descending, users, eventsPerUser }: Query): Answer => {
    const found = new Map<string, Step[]>()
    for (const step of written) {
      const fits = (types === undefined || types.includes(step.type)) && (keys === undefined || keys.includes(step.user)) && (from === undefined || micros(step.second) >= from) && (to === undefined || micros(step.second) < to)
      if (fits) found.set(step.user, [...(found.get(step.user) ?? []), step])
    }
    const sequences = [...found].map(([key, steps]) => ({ key, steps: steps.sort((a, b) => a.second - b.second) }))
    const value = { activity: (one) => one.steps.length, recent: (one) => one.steps.at(-1)?.second ?? 0, first: (one) => one.steps[0]?.second ?? 0, key: () => 0 } satisfies Record<string, (one: (typeof sequences)[number]) => number>
    const byKey = (a: { key: string }, b: { key: string }): number => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key))
    const sign = descending ? -1 : 1
    sequences.sort((a, b) => sign * (sort === 'key' ? byKey(a, b) : value[sort](a) - value[sort](b)) || byKey(a, b))
    return { users: sequences.length, sequences: sequences.slice(0, users).map(({ key, steps }) => ({ key, events: steps.length, steps: steps.slice(0, eventsPerUser).map(({ second, type }) => `${second} ${type}`) })) }
  }

  it('are those of the users with an event in the filter, sorted and cut as asked, with what was cut said', async () => {
    const filter = fc.record({ types: fc.subarray(['view', 'add', 'buy'], { minLength: 1 }), keys: fc.subarray(['ann', '', 'zoe', 'rare', 'nobody'], { minLength: 1 }), from: fc.nat(40).map(micros), to: fc.nat(45).map(micros) }, { requiredKeys: [] })
    const query = fc.record({ filter, sort: fc.constantFrom('activity', 'recent', 'first', 'key'), descending: fc.boolean(), users: fc.integer({ min: 1, max: 9 }), eventsPerUser: fc.integer({ min: 1, max: 60 }) })
    await fc.assert(fc.asyncProperty(query, async (asked) => {
      const answer = expected(asked)
      expect(await ask(asked)).toEqual(answer.sequences.length === 0 ? { sequences: [], users: 0 } : answer)
    }), { numRuns: 80 })
  })

  it('leave out events without a key, and count no user for them', async () => {
    const { sequences, users } = await ask({})
    expect(users).toBe(7)
    expect(sequences.reduce((sum, { steps }) => sum + steps.length, 0)).toBe(300)
  })

  it('are found by text as any events are', async () => {
    expect((await ask({ filter: { text: 'ÄNNE' } })).sequences.map(({ key }) => key)).toEqual(['Änne'])
  })

  it('end when they are cancelled', async () => {
    const controller = new AbortController()
    controller.abort()
    await expect(readSequences(workspace.store.database, all, controller.signal).next()).rejects.toMatchObject({ code: 'CANCELLED' })
  })
})
