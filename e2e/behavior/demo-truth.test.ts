import { expect, it } from 'vitest'
import { TestWorkspace } from '../specs/workspace.ts'

/** Another shop each run; UNDERCURRENT_SEED lets one run be repeated. */
const seed = Number(process.env['UNDERCURRENT_SEED'] ?? Math.floor(Math.random() * 2 ** 31))

it(`finds each behavior that the demo shop has planted exactly as often as it was planted (UNDERCURRENT_SEED=${seed})`, async () => {
  const workspace = await TestWorkspace.open()
  try {
    await workspace.call('demo.start', { seed, days: 9, eventsPerDay: 20_000, live: false })
    await workspace.call('tail.finished', { source: 'demo-shop' })
    const truths = await workspace.call('demo.truth', {})
    expect(truths.length).toBeGreaterThanOrEqual(4)
    for (const truth of truths) {
      const [found] = (await workspace.call('behaviors.detect', { text: truth.behavior, limit: 1_000_000 })).filter(({ detection }) => detection.behavior === truth.name)
      const confirmed = found?.matches.filter(({ state }) => state === 'confirmed') ?? []
      expect({ name: truth.name, occurrences: found?.detection.occurrences, confirmed: confirmed.length, pending: found?.detection.pending }).toEqual({ name: truth.name, occurrences: truth.occurrences, confirmed: truth.confirmed.occurrences, pending: truth.pending.occurrences })
      // a behavior whose key holds no user counts none
      if (truth.users > 0) expect([truth.name, found?.detection.users]).toEqual([truth.name, truth.users])
    }
  } finally {
    await workspace.remove()
  }
}, 120_000)
