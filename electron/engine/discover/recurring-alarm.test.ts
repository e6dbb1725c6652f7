import { afterEach, expect, test } from 'vitest'
import { brokerTime, simpleMapping, TestStore, type TestRecord } from '../../../e2e/fixtures/test-store.ts'
import type { EventValue } from '../../../shared/contract/events.ts'
import { Behaviors } from '../behaviors/behaviors.ts'
import { Live } from '../behaviors/live.ts'
import { SavedBehaviors } from '../behaviors/saved.ts'
import type { StoredSource } from '../store/sources.ts'

const minute = 60_000
const text = 'sequence "backup" by user\n  done\nevery 10m ± 2m at least 3 times\n'
const signal = new AbortController().signal

let opened: TestStore | undefined
afterEach(() => opened?.remove())

/** A shop with events that come as they are put, and what was told. */
class Shop {
  readonly told: EventValue<'recurring.missed'>[] = []
  private readonly store: TestStore
  private readonly source: StoredSource
  private live: Live | undefined
  private offset = 0

  constructor(store: TestStore, source: StoredSource) {
    this.store = store
    this.source = source
  }

  static async open(): Promise<Shop> {
    opened = await TestStore.open()
    const shop = new Shop(opened, await opened.addSource({ latenessMs: 0, mapping: simpleMapping }))
    await shop.put('done', 'ann', 0)
    await shop.put('other', 'zed', 1)
    await shop.start()
    return shop
  }

  async start(): Promise<SavedBehaviors> {
    const { store } = this.store
    this.live = new Live(store, () => false, (name, value) => {
      if (name === 'recurring.missed') this.told.push(value as EventValue<'recurring.missed'>)
    })
    await this.live.start()
    return new SavedBehaviors(store, new Behaviors(store, () => false), this.live, () => undefined)
  }

  async save(): Promise<void> {
    await this.stop()
    await (await this.start()).save(text, signal)
    await this.live?.settle()
  }

  async stop(): Promise<void> {
    await this.live?.stop()
    this.live = undefined
  }

  async put(type: string, user: string, ...minutes: readonly number[]): Promise<void> {
    const records = minutes.map((at): TestRecord => ({ offset: this.offset++, value: { user, type, at: new Date(brokerTime / 1000 + at * minute).toISOString() } }))
    await this.store.put(this.source, records)
    await this.live?.settle()
  }

  /** When what was told had been expected, in minutes. */
  expected(): readonly number[] {
    return this.told.flatMap(({ missed }) => missed.map(({ expected }) => (Number(expected) - brokerTime) / 1000 / minute))
  }
}

test('an event that is expected and does not come is told once, as soon as its window has passed, across restarts', async () => {
  const shop = await Shop.open()
  await shop.put('done', 'ann', 10, 20, 30)
  await shop.save()
  await shop.put('other', 'zed', 35, 42)
  // it may come within 42 minutes, that moment included
  expect(shop.expected()).toEqual([])
  await shop.put('other', 'zed', 43)
  expect(shop.expected()).toEqual([40])
  const until = BigInt(brokerTime + 42 * minute * 1000)
  expect(shop.told).toEqual([{ missed: [{ behavior: 'backup', key: { user: 'ann' }, last: until - 720_000_000n, expected: until - 120_000_000n, until }], total: 1 }])
  await shop.put('other', 'zed', 50, 70)
  await shop.stop()
  await shop.start()
  await shop.put('other', 'zed', 80)
  expect(shop.expected()).toEqual([40])
  await shop.stop()
})

test('nothing is told while it comes, of history, and of rows too short to be expected to go on', async () => {
  const shop = await Shop.open()
  await shop.put('done', 'ann', 10, 20, 40)
  await shop.put('other', 'zed', 100)
  // what had been missed before somebody asked is no alarm
  await shop.save()
  expect(shop.expected()).toEqual([])
  await shop.put('done', 'bob', 110, 120)
  await shop.put('other', 'zed', 140)
  for (let at = 150; at <= 250; at += 10) await shop.put('done', 'ann', at + (at % 20 === 0 ? 1 : -1))
  expect(shop.expected()).toEqual([])
  await shop.stop()
})

test('what has been missed while nobody looked is told at the next start, once', async () => {
  const shop = await Shop.open()
  await shop.put('done', 'ann', 10, 20, 30)
  await shop.save()
  await shop.put('done', 'ann', 40)
  await shop.stop()
  await shop.put('other', 'zed', 60)
  await shop.start()
  await shop.put('other', 'zed', 61)
  expect(shop.expected()).toEqual([50])
  await shop.stop()
})
