import { Behaviors } from '../../electron/engine/behaviors/behaviors.ts'
import { Live } from '../../electron/engine/behaviors/live.ts'
import { SavedBehaviors } from '../../electron/engine/behaviors/saved.ts'
import { RecordBatchBuilder } from '../../electron/engine/sources/record-batch.ts'
import { Store } from '../../electron/engine/store/store.ts'
import type { Figure } from './report.ts'
import { seeded } from './shop-records.ts'

const behaviorCount = 20
const types = ['page.view', 'page.view', 'page.view', 'page.view', 'page.view', 'page.view', 'cart.add', 'cart.add', 'cart.remove', 'purchase']
const users = 50_000
const everyMs = 100
const seconds = 20

/** Twenty behaviors of three shapes, told apart by what they ask of the product. */
function texts(): string {
  return Array.from({ length: behaviorCount }, (_, index) => {
    const where = `where product < "${5_600_000 + (index + 1) * 5000}"`
    if (index % 3 === 0) return `sequence "b${index}" by user\n  a: cart.add ${where}\n  then b: cart.remove within 10m`
    if (index % 3 === 1) return `sequence "b${index}" by user within 30m\n  a: page.view ${where}\n  then b: cart.add\n  then c: purchase`
    return `sequence "b${index}" by user, product\n  a: cart.add\n  then b: cart.remove within ${index + 1}m`
  }).join('\n\n')
}

/** Feeds events whose time is the clock's and measures, at several rates, how long after its last event a match is stored. */
export async function benchLive(workspace: string): Promise<readonly Figure[]> {
  const figures: Figure[] = []
  const store = await Store.open(workspace)
  const source = await store.addSource({ name: 'shop', kind: 'kafka', topic: 'shop', format: 'json', latenessMs: 0, mapping: { key: 'user', type: 'type', time: 'at', timeFormat: 'iso', attributes: [{ name: 'product', path: 'product', type: 'text' }] } })
  const behaviors = new Behaviors(store, () => true)
  let delays: number[] = []
  const live = new Live(store, () => true, (name, value) => {
    if (name !== 'matches.found' || !('matches' in value)) return
    for (const { end } of value.matches) delays.push(Date.now() - Number(end / 1000n))
  })
  await live.start()
  const saved = new SavedBehaviors(store, behaviors, live, () => undefined)
  const random = seeded(7)
  let offset = 0
  const feed = async (count: number): Promise<void> => {
    const builder = new RecordBatchBuilder()
    const now = Date.now()
    for (let index = 0; index < count; index++) {
      const user = `u${Math.floor(random() ** 2 * users)}`
      const value = { user, type: types[Math.floor(random() * types.length)], product: String(5_600_000 + Math.floor(random() ** 2 * 100_000)), at: new Date(now).toISOString() }
      builder.add(0, offset++, now * 1000, Buffer.from(user), Buffer.from(JSON.stringify(value)), null)
    }
    builder.cover(0, BigInt(offset - count), BigInt(offset))
    const batch = builder.take()
    const decoded = Array.from({ length: batch.size }, () => ({ kind: 'event', decoder: 'json', data: null, context: null, schema: null }) as const)
    await store.commit(await store.prepare(source, batch, decoded))
  }
  try {
    await feed(2000)
    await saved.save(texts(), new AbortController().signal)
    await live.settle()
    for (const perSecond of [500, 2000, 5000, 10_000, 20_000]) {
      delays = []
      const started = Date.now()
      let stored = 0
      for (let tick = 0; tick < (seconds * 1000) / everyMs; tick++) {
        await feed((perSecond * everyMs) / 1000)
        stored += (perSecond * everyMs) / 1000
        const wait = started + (tick + 1) * everyMs - Date.now()
        if (wait > 0) await new Promise((done) => setTimeout(done, wait))
      }
      const tookMs = Date.now() - started
      await live.settle()
      delays.sort((a, b) => a - b)
      const share = (part: number): number => delays[Math.min(delays.length - 1, Math.floor(delays.length * part))] ?? 0
      figures.push({ 'events/s asked': perSecond, 'events/s stored': Math.round((stored / tookMs) * 1000), matches: delays.length, 'p50 ms': share(0.5), 'p99 ms': share(0.99), 'events held': offset })
    }
    return figures
  } finally {
    await live.stop()
    await store.close()
  }
}
