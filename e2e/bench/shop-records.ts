import type { TestRecord } from '../kafka/produce.ts'

const start = Date.UTC(2026, 0, 1)
const types = ['page.view', 'page.view', 'page.view', 'page.view', 'page.view', 'page.view', 'cart.add', 'cart.add', 'cart.remove', 'purchase']

/** A small seeded generator (mulberry32, Tommy Ettinger, public domain), so that every run measures the same bytes. */
export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** JSON shop events of about 300 bytes, keyed by user; few users are active, most are not. */
export function* shopRecords(count: number, partitions: number, users = 50_000): Generator<TestRecord> {
  const random = seeded(1)
  for (let index = 0; index < count; index++) {
    const user = Math.floor(random() ** 2 * users)
    const time = start + index * 10
    const price = Math.floor(random() * 10_000) / 100
    const value = {
      event_time: new Date(time).toISOString(),
      event_type: types[Math.floor(random() * types.length)],
      product_id: String(5_600_000 + Math.floor(random() ** 2 * 100_000)),
      price,
      user_id: `u${user}`,
      user_session: `${hex(random)}-${hex(random).slice(0, 4)}-4${hex(random).slice(0, 3)}-${hex(random).slice(0, 4)}-${hex(random)}`,
      page: { path: `/category/${Math.floor(random() * 40)}/product/${Math.floor(random() * 100_000)}`, referrer: random() < 0.3 ? 'https://search.example/?q=shoes' : null },
      device: random() < 0.6 ? 'mobile' : 'desktop',
    }
    yield { key: `u${user}`, value: JSON.stringify(value), partition: user % partitions, timestamp: time }
  }
}

function hex(random: () => number): string {
  return Math.floor(random() * 4_294_967_296).toString(16).padStart(8, '0')
}
