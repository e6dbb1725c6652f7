import { afterEach, beforeEach, expect, it } from 'vitest'
import { TestStore } from '../../e2e/fixtures/test-store.ts'
import { Keeper } from './keeper.ts'

let opened: TestStore
beforeEach(async () => {
  opened = await TestStore.open()
})
afterEach(() => opened.remove())

it('keeps the last of the limits that are set at the same time', async () => {
  const keeper = new Keeper(opened.folder, opened.store)
  await Promise.all([1, 2, 3].map((maxAgeDays) => keeper.change({ maxAgeDays })))
  expect(await keeper.retention()).toEqual({ maxAgeDays: 3 })
})
