import { afterEach, beforeEach, expect, it } from 'vitest'
import { TestStore } from '../fixtures/test-store.ts'
import { describeIf } from '../kafka/describe-if.ts'
import { inMain } from './in-main.ts'
import { desktopAvailability, launchDesktop, type Desktop } from './launch.ts'

/** A workspace that another process has open when the app starts, as a tail of the command line has. */
describeIf(desktopAvailability, 'a workspace that is open elsewhere', () => {
  let elsewhere: TestStore
  let desktop: Desktop

  beforeEach(async () => {
    elsewhere = await TestStore.open()
    desktop = await launchDesktop({ workspace: elsewhere.folder })
    await desktop.page.getByText(`is open in another process (pid ${process.pid})`).waitFor()
  }, 60_000)
  afterEach(async () => {
    await desktop.close()
    await elsewhere.remove()
  })
  const opens = async (): Promise<void> => {
    await desktop.page.waitForURL(/#\/start/, { timeout: 20_000 })
    expect(await desktop.page.getByRole('alert').count()).toBe(0)
  }

  it('opens when it is tried again after that process has ended, and not before', async () => {
    const again = desktop.page.getByRole('button', { name: 'Try again' })
    await again.click()
    await desktop.page.getByText('is open in another process').waitFor()
    await elsewhere.store.close()
    await again.click()
    await opens()
  }, 60_000)

  it('opens when it is opened again', async () => {
    await elsewhere.store.close()
    await inMain(desktop.app, ({ app }, workspace) => app.emit('second-instance', {}, [], '', { demo: false, workspace }), elsewhere.folder)
    await opens()
  }, 60_000)
})
