import { RecordBatchBuilder } from '../../electron/engine/sources/record-batch.ts'
import { Store } from '../../electron/engine/store/store.ts'
import { shopRecords } from './shop-records.ts'

const batchRows = 20_000

/**
 * Fills a new workspace with `events` shop events of `users` users through the store's own ingest, so that the file lies
 * as a long tail leaves it. With `busiest` the user of that name has every event whose number divides by `every`.
 */
export async function fillShopWorkspace(workspace: string, events: number, users: number, busiest?: { readonly key: string; readonly every: number }): Promise<void> {
  const store = await Store.open(workspace)
  const source = await store.addSource({
    name: 'shop', kind: 'kafka', topic: 'shop', format: 'json', latenessMs: 60_000,
    mapping: {
      key: 'user_id', type: 'event_type', time: 'event_time', timeFormat: 'iso',
      attributes: [{ name: 'product_id', path: 'product_id', type: 'text' }, { name: 'price', path: 'price', type: 'number' }, { name: 'device', path: 'device', type: 'text' }],
    },
  })
  const builder = new RecordBatchBuilder()
  let offset = 0
  let stored = Promise.resolve()
  const flush = async (): Promise<void> => {
    builder.cover(0, BigInt(offset - builder.size), BigInt(offset))
    const batch = builder.take()
    const decoded = Array.from({ length: batch.size }, () => ({ kind: 'event', decoder: 'json', data: null, context: null, schema: null }) as const)
    const prepared = await store.prepare(source, batch, decoded)
    await stored
    stored = store.commit(prepared).then(() => undefined)
  }
  for (const record of shopRecords(events, 1, users)) {
    const value = busiest !== undefined && offset % busiest.every === 0 ? JSON.stringify({ ...(JSON.parse(String(record.value)) as object), user_id: busiest.key }) : String(record.value)
    builder.add(0, offset++, (record.timestamp ?? 0) * 1000, Buffer.from(String(record.key)), Buffer.from(value), null)
    if (builder.size === batchRows) await flush()
    if (offset % 1_000_000 === 0) process.stderr.write(`${offset.toLocaleString('en-US')} events\n`)
  }
  if (builder.size > 0) await flush()
  await stored
  await store.close()
}
