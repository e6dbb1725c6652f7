import { once } from 'node:events'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { TestStore } from '../../../e2e/fixtures/test-store.ts'
import type { Source } from '../sources/source.ts'
import { Runs } from './runs.ts'

let workspace: TestStore
beforeEach(async () => {
  workspace = await TestStore.open()
})
afterEach(() => workspace.remove())

it.each<{ readonly state: string; readonly run: Source['run'] }>([
  { state: 'finished', run: () => Promise.resolve() },
  { state: 'failed', run: () => Promise.reject(new Error('the broker is gone')) },
  { state: 'stopped', run: (_, signal) => once(signal, 'abort').then(() => undefined) },
])('tells once when a source is no longer read: $state', async ({ state, run }) => {
  const runs = new Runs(workspace.store, () => undefined)
  const ended: string[] = []
  runs.onEnded(() => ended.push(runs.isRunning('shop') ? 'still running' : runs.get('shop').snapshot().state))
  const { finished } = runs.start(await workspace.addSource(), { run }, () => Promise.resolve([]))
  if (state === 'stopped') {
    expect(ended).toEqual([])
    await runs.stop()
  }
  await finished.catch(() => undefined)
  expect(ended).toEqual([state])
})
