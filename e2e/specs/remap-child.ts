import { openEngine } from '../../electron/engine/engine.ts'
import type { Mapping } from '../../shared/model/mapping.ts'

/**
 * Changes the mapping of a source and then waits until somebody kills this process: `node remap-child.js WORKSPACE SOURCE
 * MAPPING`, the mapping as JSON. Says on standard output how far it has come, a word a line.
 */
const [workspace = '', source = '', mapping = ''] = process.argv.slice(2)

const engine = await openEngine({ workspace })
process.stdout.write('open\n')
engine.subscribe((name) => {
  if (name === 'job.progress') process.stdout.write('replaying\n')
})
await engine.calls['mapping.change']({ source, mapping: JSON.parse(mapping) as Mapping }, new AbortController().signal)
process.stdout.write('done\n')
// nothing else keeps the process alive
setInterval(() => undefined, 60_000)
