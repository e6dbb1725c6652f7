import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { TestStore } from '../../e2e/fixtures/test-store.ts'
import type { EventValue } from '../../shared/contract/events.ts'
import type { Failure } from '../../shared/errors.ts'
import { Keeper } from './keeper.ts'

let opened: TestStore
beforeEach(async () => {
  opened = await TestStore.open()
})
afterEach(() => opened.remove())

it('keeps the last of the limits that are set at the same time', async () => {
  const keeper = new Keeper(opened.folder, opened.store, () => undefined)
  await Promise.all([1, 2, 3].map((maxAgeDays) => keeper.change({ maxAgeDays })))
  expect(await keeper.retention()).toEqual({ maxAgeDays: 3 })
})

it('tells why it could not look after the limits, and looks again', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  const told: Failure[] = []
  const keeper = new Keeper(opened.folder, opened.store, (name, value) => {
    if (name === 'retention.failed') told.push((value as EventValue<'retention.failed'>).failure)
  })
  await keeper.start()
  try {
    writeFileSync(join(opened.folder, 'workspace.json'), '{')
    for (const times of [1, 2]) {
      vi.advanceTimersByTime(10 * 60_000)
      await vi.waitFor(() => expect(told).toHaveLength(times))
    }
    expect(told[0]).toMatchObject({ code: 'WORKSPACE_UNUSABLE', hint: expect.stringContaining('Mend it') as string })
  } finally {
    keeper.stop()
    vi.useRealTimers()
  }
})
