import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { Random } from '../../electron/engine/sources/demo/random.ts'
import { openEngine } from '../../electron/engine/engine.ts'
import { KillableProcess } from './killable-process.ts'
import { liveText } from './live-events.ts'
import { newFolder } from './workspace.ts'

const kills = 15
const seed = Number(process.env['UNDERCURRENT_SEED'] ?? Math.floor(Math.random() * 2 ** 32))

it(`matches are neither lost nor doubled when the process dies at ${kills} random moments (UNDERCURRENT_SEED=${seed})`, async () => {
  const folder = newFolder()
  const random = new Random(seed)
  for (let kill = 0; kill < kills; kill++) {
    const child = new KillableProcess('live-child', [folder])
    await child.reaches(kill % 3 === 0 ? 'open' : 'storing')
    await sleep(random.unit() * 900)
    await child.kill()
  }
  const engine = await openEngine({ workspace: folder })
  const { signal } = new AbortController()
  try {
    await engine.calls['behaviors.settled']({}, signal)
    const asked = await engine.calls['behaviors.detect']({ text: liveText, limit: 1_000_000 }, signal)
    for (const { detection, matches } of asked) {
      const kept = await engine.calls['behaviors.matches']({ name: detection.behavior, limit: 10_000, offset: 0 }, signal)
      expect(detection.occurrences).toBeGreaterThan(0)
      expect(kept.total).toBe(detection.occurrences)
      expect(kept.matches).toEqual(matches.slice(0, 10_000))
    }
  } finally {
    await engine.close()
  }
}, 180_000)
