import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openEngine } from '../../electron/engine/engine.ts'
import { fileMb, median } from './ingest.ts'

/** Part (b) of the ingest bench: the product's own pipeline, from the topic to committed rows. */
const [broker = '', topic = '', wanted = '0'] = process.argv.slice(2)
const workspace = mkdtempSync(join(tmpdir(), 'undercurrent-bench-'))
const engine = await openEngine({ workspace })
const { signal } = new AbortController()
const delays: number[] = []
const rss: number[] = []
let started = 0
engine.subscribe((name, value) => {
  // as for (a), the time begins with the reading: connecting, and looking at a sample for the mapping, come before
  if (name === 'source.changed' && started === 0) started = performance.now()
  if (name !== 'pipeline.progress' || !('commitDelayMs' in value) || value.commitDelayMs === undefined) return
  delays.push(value.commitDelayMs)
  rss.push(process.memoryUsage().rss / 1048576)
})
await engine.calls['tail.start']({ connection: { brokers: [broker] }, topics: [topic], start: { at: 'beginning' }, end: { at: 'now' } }, signal)
await engine.calls['tail.finished']({ source: topic }, signal)
const seconds = (performance.now() - started) / 1000
const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage()
const { events, deadLetters } = await engine.calls['workspace.info']({}, signal)
if (events !== Number(wanted) || deadLetters !== 0) throw new Error(`${events} events and ${deadLetters} dead letters of ${wanted}`)
const mb = fileMb(join(workspace, 'events.duckdb'))
await engine.close()
rmSync(workspace, { recursive: true, force: true })
const third = Math.ceil(rss.length / 3)
const notes = {
  'delay p50 ms': median(delays),
  'delay max ms': Math.max(...delays),
  'RSS first third, last third': `${Math.round(Math.max(...rss.slice(0, third)))}, ${Math.round(Math.max(...rss.slice(-third)))}`,
  'file MB': mb,
}
process.stdout.write(`${JSON.stringify({ events, seconds, peakMb: maxRSS / 1024, cpuSeconds: (userCPUTime + systemCPUTime) / 1e6, notes })}\n`)
