import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openEngine } from '../../electron/engine/engine.ts'
import { fileMb } from './ingest.ts'
import { printTable } from './report.ts'
import { seeded } from './shop-records.ts'
import { fillShopWorkspace } from './shop-workspace.ts'

const users = 200_000
const lookups = 300

/**
 * Measures how long the timeline of a random user takes, from the call to the last Arrow batch, in a workspace of
 * `events` shop events that came in through the store's own ingest (so the file lies as a long tail leaves it).
 */
export async function benchTimeline({ events = 10_000_000 }: { readonly events?: number; readonly rounds?: number }): Promise<void> {
  const workspace = mkdtempSync(join(tmpdir(), 'undercurrent-bench-'))
  try {
    await fillShopWorkspace(workspace, events, users)
    const engine = await openEngine({ workspace })
    const { signal } = new AbortController()
    const random = seeded(7)
    const times: number[] = []
    let found = 0
    for (let index = 0; index < lookups; index++) {
      // a user as events are spread: the active ones are asked for more often
      const key = `u${Math.floor(random() ** 2 * users)}`
      const started = performance.now()
      for await (const batch of engine.streams['timeline.events']({ key }, signal)) found += batch.byteLength > 0 ? 1 : 0
      times.push(performance.now() - started)
    }
    await engine.close()
    times.sort((a, b) => a - b)
    const at = (share: number): number => Number((times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? NaN).toFixed(1))
    const figures = [{ events, users, lookups, answered: found, 'p50 ms': at(0.5), 'p95 ms': at(0.95), 'max ms': at(1), 'file MB': fileMb(join(workspace, 'events.duckdb')) }]
    printTable(figures)
    process.stdout.write(`${JSON.stringify({ bench: 'timeline', figures })}\n`)
  } finally {
    rmSync(workspace, { recursive: true, force: true })
  }
}
