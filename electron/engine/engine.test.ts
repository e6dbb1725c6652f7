import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openEngine } from './engine.ts'

const { signal } = new AbortController()

let folder: string
let workspace: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'undercurrent-engine-'))
  workspace = join(folder, 'W')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

it('leaves a workspace that it could not open free to be opened', async () => {
  mkdirSync(workspace)
  writeFileSync(join(workspace, 'workspace.json'), '{')
  for (let times = 0; times < 2; times++) await expect(openEngine({ workspace })).rejects.toMatchObject({ code: 'WORKSPACE_UNUSABLE' })
  rmSync(join(workspace, 'workspace.json'))
  await (await openEngine({ workspace })).close()
})

it('confirms what waited for a source that is no longer read', async () => {
  const engine = await openEngine({ workspace })
  const { calls } = engine
  const path = join(folder, 'ahead.ndjson')
  // newer than anything that the shop has
  const inHours = (hours: number): string => new Date(Date.now() + hours * 3_600_000).toISOString()
  writeFileSync(path, [{ user: 'ann', type: 'a', at: inHours(1) }, { user: 'bob', type: 'b', at: inHours(2) }].map((event) => JSON.stringify(event)).join('\n'))
  const { source } = await calls['file.import']({ path, file: {}, mapping: { key: 'user', type: 'type', time: 'at' }, force: false }, signal)
  await calls['tail.finished']({ source }, signal)
  // events up to now, and then silence
  const { source: shop } = await calls['demo.start']({ seed: 1, days: 7, eventsPerDay: 10, live: true }, signal)
  await expect.poll(async () => (await calls['pipeline.state']({}, signal)).sources.find((one) => one.source === shop)?.state).toBe('caught_up')

  await calls['behaviors.save']({ text: 'sequence "alone" by key\n  x: a\n  without b for 10m after x' }, signal)
  const states = async (): Promise<string[]> => {
    await calls['behaviors.settled']({}, signal)
    return (await calls['behaviors.matches']({ name: 'alone', limit: 10, offset: 0 }, signal)).matches.map(({ state }) => state)
  }
  expect(await states()).toEqual(['pending'])
  await calls['tail.stop']({ source: shop }, signal)
  expect(await states()).toEqual(['confirmed'])
  await engine.close()
})
