import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { Random } from '../../electron/engine/sources/demo/random.ts'
import type { Mapping } from '../../shared/model/mapping.ts'
import { availability } from '../kafka/availability.ts'
import { startBroker } from '../kafka/broker.ts'
import { describeIf } from '../kafka/describe-if.ts'
import { produce, type TestRecord } from '../kafka/produce.ts'
import { createTopic } from '../kafka/topics.ts'
import { KillableProcess } from './killable-process.ts'
import type { StreamedEvent } from './streamed-events.ts'
import { newFolder, TestWorkspace } from './workspace.ts'

/** Milliseconds. */
const slow = 180_000

const onBroker = await availability()

const byUser: Mapping = { key: 'user', type: 'type', time: 'at', timeFormat: 'epoch_ms', attributes: [{ name: 'n', path: 'n', type: 'integer' }] }
const byVisitor: Mapping = { key: '$key', type: 'kind', time: 'seen', timeFormat: 'iso', attributes: [{ name: 'n', path: 'n', type: 'integer' }, { name: 'shop', path: 'place.shop', type: 'text' }] }

/** Events that both mappings can read, but for the type: every fifth has none under the name that the first one asks for. */
function records(count: number): TestRecord[] {
  return Array.from({ length: count }, (_, n) => {
    const at = 1_700_000_000_000 + (n % 50 === 48 ? n - 200_000 : n)
    const value = { user: `user-${n % 11}`, ...(n % 5 === 4 ? {} : { type: `type-${n % 3}` }), kind: `kind-${n % 4}`, at, seen: new Date(at + 1000).toISOString(), n, place: { shop: `shop-${n % 2}` } }
    return { key: `visitor-${n % 7}`, value: JSON.stringify(value), partition: n % 2 }
  })
}

const broken: TestRecord[] = [
  { key: 'visitor-0', value: '{"cut', partition: 0 },
  // framed, and no registry is known: it waits, and must not keep the others from being mapped
  { key: 'visitor-0', value: Buffer.from([0, 0, 0, 0, 9, 1, 2, 3]), partition: 1 },
]

const position = ({ partition, offset }: StreamedEvent): string => `${partition}@${offset}`
const byPosition = (events: readonly StreamedEvent[]): StreamedEvent[] => [...events].sort((a, b) => a.partition - b.partition || Number(a.offset - b.offset))

describeIf(onBroker, 'a change of mapping', () => {
  it('maps the history anew from the stored bytes, dead letters included, without Kafka, and back again', async () => {
    const count = 2000
    const broker = await startBroker()
    const workspace = await TestWorkspace.open()
    try {
      await createTopic(broker, 'shop', { partitions: 2 })
      await produce(broker, 'shop', [...records(count), ...broken])
      await workspace.tail({ connection: { brokers: [broker.brokers] }, topics: ['shop'], start: { at: 'beginning' }, end: { at: 'now' }, mapping: byUser })
      await broker.stop()

      const before = { events: byPosition(await workspace.events('shop')), letters: await workspace.deadLetters('shop'), source: await workspace.source('shop') }
      expect(before.events.length).toBe(count * 0.8)
      expect(before.events.filter(({ late }) => late).length).toBeGreaterThan(0)
      expect(before.letters.length).toBe(count * 0.2 + broken.length)

      expect(await workspace.call('mapping.change', { source: 'shop', mapping: byVisitor })).toEqual({ events: count, dead: broken.length })
      const events = byPosition(await workspace.events('shop'))
      expect(new Set(events.map(position)).size).toBe(count)
      for (const event of events) {
        const n = Number(event.n)
        const { key = '', value } = records(n + 1).at(-1) ?? {}
        const { kind, seen } = JSON.parse(String(value)) as { kind: string; seen: string }
        expect(event).toMatchObject({ key, type: kind, time: BigInt(Date.parse(seen)) * 1000n, payload: value, shop: `shop-${n % 2}`, partition: n % 2, offset: BigInt(Math.floor(n / 2)) })
        if (n >= 300) break
      }
      expect((await workspace.deadLetters('shop')).map(({ reason }) => reason).sort()).toEqual(['not_json', 'registry_missing'])
      const after = await workspace.source('shop')
      expect(after.partitions.map(({ ranges }) => ranges)).toEqual(before.source.partitions.map(({ ranges }) => ranges))
      expect(after).toMatchObject({ mapping: byVisitor, events: count, deadLetters: broken.length, bytes: before.source.bytes })
      expect((await workspace.call('users.list', { sort: 'key', descending: false, limit: 100, offset: 0 })).users.map(({ key }) => key)).toEqual(Array.from({ length: 7 }, (_, index) => `visitor-${index}`))
      expect(await workspace.timeline('user-3')).toEqual([])

      await workspace.call('mapping.change', { source: 'shop', mapping: byUser })
      // the column of an attribute that no mapping names any more stays, empty
      const known = (event: StreamedEvent): unknown => ({ ...event, shop: undefined })
      expect(byPosition(await workspace.events('shop')).map(known)).toEqual(before.events.map(known))
      expect((await workspace.deadLetters('shop')).map(({ position: at, reason, payload }) => ({ at, reason, payload }))).toEqual(before.letters.map(({ position: at, reason, payload }) => ({ at, reason, payload })))
      expect(await workspace.source('shop')).toMatchObject({ events: before.source.events, deadLetters: before.source.deadLetters, late: before.source.late, bytes: before.source.bytes })
    } finally {
      await workspace.remove()
      await broker.stop()
    }
  }, slow)
})

const seed = Number(process.env['UNDERCURRENT_SEED'] ?? Math.floor(Math.random() * 2 ** 32))
const kills = 6

describe(`a change of mapping that is killed (UNDERCURRENT_SEED=${seed})`, () => {
  it('leaves all of the old history or all of the new one', async () => {
    const count = 100_000
    const random = new Random(seed)
    const folder = newFolder()
    let workspace = await TestWorkspace.open(folder)
    const file = join(folder, 'shop.ndjson')
    await writeFile(file, records(count).map(({ value }) => `${String(value)}\n`).join(''))
    // a file's rows have no key
    const mappings = [byUser, { ...byVisitor, key: 'place.shop' }] as const
    const source = await workspace.import({ path: file, file: {}, mapping: mappings[0], force: false })
    const outcomes = { old: 0, new: 0 }
    try {
      let current = 0
      for (let kill = 0; kill < kills; kill++) {
        const wanted = 1 - current
        await workspace.close()
        const child = new KillableProcess('remap-child', [folder, source, JSON.stringify(mappings[wanted])])
        await child.reaches(kill % 2 === 0 ? 'open' : 'replaying')
        await sleep(random.unit() * 2000)
        await child.kill()

        workspace = await TestWorkspace.open(folder)
        const { mapping, events, deadLetters } = await workspace.source(source)
        const isNew = JSON.stringify(mapping) === JSON.stringify(mappings[wanted])
        if (!isNew) expect(mapping).toEqual(mappings[current])
        outcomes[isNew ? 'new' : 'old']++
        if (isNew) current = wanted
        expect({ events, deadLetters }).toEqual(current === 0 ? { events: count * 0.8, deadLetters: count * 0.2 } : { events: count, deadLetters: 0 })
        expect(await workspace.call('workspace.info', {})).toMatchObject({ events, deadLetters, users: current === 0 ? 11 : 2, types: current === 0 ? 3 : 4 })
      }
      expect(new Set((await workspace.events(source)).map(position)).size).toBe(current === 0 ? count * 0.8 : count)
    } finally {
      await workspace.remove()
    }
    process.stdout.write(`killed a change of mapping ${kills} times, UNDERCURRENT_SEED=${seed}: ${outcomes.old} left the old history, ${outcomes.new} the new one\n`)
    expect(outcomes.old).toBeGreaterThan(0)
  }, slow)
})
