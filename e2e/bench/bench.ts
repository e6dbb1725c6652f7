import { parseArgs } from 'node:util'
import { benchDetect } from './detect.ts'
import { benchExport } from './export.ts'
import { benchIngest } from './ingest.ts'
import { benchMine } from './mine.ts'
import { benchTimeline } from './timeline.ts'
import { benchUi } from './ui.ts'

/** `npm run bench -- NAME [--events N] [--rounds N]`: measures one thing and prints a table and a line of JSON. */
const benches = { detect: benchDetect, export: benchExport, ingest: benchIngest, mine: benchMine, timeline: benchTimeline, ui: benchUi } as const

const { positionals, values } = parseArgs({ allowPositionals: true, options: { events: { type: 'string' }, rounds: { type: 'string' } } })
const name = positionals[0] ?? ''
if (!Object.hasOwn(benches, name)) {
  process.stderr.write(`usage: npm run bench -- ${Object.keys(benches).join('|')} [--events N] [--rounds N]\n`)
  process.exitCode = 2
} else {
  await benches[name as keyof typeof benches]({
    ...(values.events === undefined ? {} : { events: Number(values.events) }),
    ...(values.rounds === undefined ? {} : { rounds: Number(values.rounds) }),
  })
}
