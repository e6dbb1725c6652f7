import { openEngine } from '../../electron/engine/engine.ts'
import type { EventValue } from '../../shared/contract/events.ts'
import type { Mapping } from '../../shared/model/mapping.ts'

/**
 * Tails a topic until somebody kills this process: `node tail-child.js WORKSPACE BROKER TOPIC MAPPING`, the mapping as
 * JSON. Says on standard output how far it has come, a word a line.
 */
const [workspace = '', broker = '', topic = '', mapping = ''] = process.argv.slice(2)

const { signal } = new AbortController()
const engine = await openEngine({ workspace })
process.stdout.write('open\n')
let storing = false
engine.subscribe((name, value) => {
  if (storing || name !== 'pipeline.progress' || (value as EventValue<'pipeline.progress'>).events === 0) return
  storing = true
  process.stdout.write('storing\n')
})
await engine.calls['tail.start'](
  { connection: { brokers: [broker] }, topics: [topic], start: { at: 'beginning' }, end: { at: 'never' }, mapping: JSON.parse(mapping) as Mapping },
  signal,
)
process.stdout.write('tailing\n')
await engine.calls['tail.finished']({ source: topic }, signal)
