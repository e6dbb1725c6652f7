import type { Engine } from './engine.ts'

/** The demo shop as everyone gets to see it: the same seed gives the same events. */
const shop = { seed: 1, eventsPerDay: 28_600, live: true }

/** Lets the demo shop run in a workspace: the last seven days at once where it has none yet, and on in real time. */
export async function runDemoShop({ calls }: Pick<Engine, 'calls'>): Promise<void> {
  const { signal } = new AbortController()
  const sources = await calls['sources.list']({}, signal)
  await calls['demo.start']({ ...shop, days: sources.some(({ kind }) => kind === 'demo') ? 0 : 7 }, signal)
}
