import type { Mapping } from '../../shared/model/mapping.ts'
import { brokerTime, type TestRecord } from '../fixtures/test-store.ts'

export const liveMapping: Mapping = { key: 'user', type: 'type', time: 'at', timeFormat: 'iso', attributes: [] }

/** Behaviors that decide at once, that wait for the watermark, that never end, and that stand on another. */
export const liveText = `
sequence "pair" by user
  a
  then b within 30s

sequence "left alone" by user
  x: a
  then y: b within 30s
  without c for 20s after y

sequence "unbounded" by user
  a
  then c

sequence "many" from "pair" by at least 3 users in 20s
`

/** The event at an offset: always the same, a few seconds out of order, of eight users. */
export function liveEvent(offset: number): TestRecord {
  // an integer hash; which one does not matter
  const mixed = Math.imul(offset ^ (offset >>> 15), 2_246_822_519) >>> 0
  const type = ['a', 'b', 'c', 'd'][mixed % 4]
  const user = `u${Math.floor(mixed / 4) % 8}`
  const jitter = Math.floor(mixed / 64) % 8
  return { offset, value: { user, type, at: new Date(brokerTime / 1000 + (offset - jitter) * 500).toISOString() } }
}
