import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Store } from '../../electron/engine/store/store.ts'
import { RecordBatchBuilder } from '../../electron/engine/sources/record-batch.ts'

/** Every event of it is a match. */
export const everyEvent = `sequence "looked" by user, item
  a: view
return a.price as price, a.note as note
`

/** A folder with a workspace `W` of so many views of a thousand users, in partitions as a topic has them. */
export async function fillViews(events: number): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'undercurrent-views-'))
  const store = await Store.open(join(folder, 'W'))
  const source = await store.addSource({
    name: 'views', kind: 'kafka', topic: 'views', format: 'json', latenessMs: 60_000,
    mapping: { key: 'user', type: 'type', time: 'at', timeFormat: 'epoch_ms', attributes: [{ name: 'item', path: 'item', type: 'text' }, { name: 'price', path: 'price', type: 'number' }, { name: 'note', path: 'note', type: 'text' }] },
  })
  await addViews(store, source.code, 0, events)
  await store.close()
  writeFileSync(join(folder, 'looked.behavior'), everyEvent)
  return folder
}

/** Stores views with the offsets from `first` to before `next`. */
export async function addViews(store: Store, code: number, first: number, next: number): Promise<void> {
  const source = store.listSources().find((one) => one.code === code)
  if (source === undefined) throw new Error('there is no such source')
  const size = 50_000
  for (let begin = first; begin < next; begin += size) {
    const builder = new RecordBatchBuilder()
    const end = Math.min(next, begin + size)
    for (let offset = begin; offset < end; offset++) {
      const at = Date.UTC(2026, 0, 1) + offset * 100
      const event = { type: 'view', user: `user ${(offset * 7919) % 1000}`, at, item: `item ${offset % 31}`, price: ((offset * 13) % 10_000) / 100, note: offset % 10 === 0 ? `a "note", of\nthe ${offset}. view; =1` : offset % 3 === 0 ? '' : 'plain' }
      builder.add(0, offset, at * 1000, null, Buffer.from(JSON.stringify(event)), null)
    }
    builder.cover(0, BigInt(begin), BigInt(end))
    const batch = builder.take()
    await store.commit(await store.prepare(source, batch, Array.from({ length: batch.size }, () => ({ kind: 'event', decoder: 'json', data: null, context: null, schema: null }) as const)))
  }
}
