import { Behaviors } from '../../electron/engine/behaviors/behaviors.ts'
import { Live } from '../../electron/engine/behaviors/live.ts'
import { SavedBehaviors } from '../../electron/engine/behaviors/saved.ts'
import { Store } from '../../electron/engine/store/store.ts'
import { toBatch } from '../fixtures/test-store.ts'
import { liveEvent, liveMapping, liveText } from './live-events.ts'

/**
 * Stores events batch by batch, from where the last process left off, while behaviors follow them, until somebody kills
 * this process: `node live-child.js WORKSPACE`. Says on standard output how far it has come, a word a line.
 */
const [workspace = ''] = process.argv.slice(2)

const store = await Store.open(workspace)
const emit = (): void => undefined
const behaviors = new Behaviors(store, () => true)
const live = new Live(store, () => true, emit)
await live.start()
const saved = new SavedBehaviors(store, behaviors, live, emit)
const source = store.findSource('shop') ?? (await store.addSource({ name: 'shop', kind: 'kafka', topic: 'shop', format: 'json', mapping: liveMapping, latenessMs: 60_000 }))
if (live.list().length === 0) await saved.save(liveText, new AbortController().signal)
process.stdout.write('open\n')
let offset = Number((await store.partitionStates(source)).get(0)?.ranges.at(-1)?.next ?? 0n)
for (;;) {
  const { batch, decoded } = toBatch(Array.from({ length: 40 }, (_, index) => liveEvent(offset + index)))
  await store.commit(await store.prepare(source, batch, decoded))
  offset += 40
  process.stdout.write('storing\n')
  await new Promise((resolve) => setTimeout(resolve, 15))
}
