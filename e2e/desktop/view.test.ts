import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeIf } from '../kafka/describe-if.ts'
import { inMain } from './in-main.ts'
import { desktopAvailability, launchDesktop, type Desktop } from './launch.ts'

/** Views that come from outside: links and files that the system hands to the app. */
describeIf(desktopAvailability, 'a shared view on the desktop', () => {
  const workspace = mkdtempSync(join(tmpdir(), 'undercurrent-view-'))
  let desktop: Desktop

  beforeAll(async () => {
    desktop = await launchDesktop({ workspace, args: ['undercurrent:/sql?chart=true'] })
  }, 60_000)
  afterAll(async () => {
    await desktop.close()
    rmSync(workspace, { recursive: true, force: true })
  })
  const isAt = (place: RegExp): Promise<void> => desktop.page.waitForURL(place, { timeout: 20_000 })
  /** What the system tells the app. */
  const emit = (name: string, ...values: readonly unknown[]): Promise<unknown> => inMain(desktop.app, ({ app }, name, values) => app.emit(name, { preventDefault: () => undefined }, ...values), name, values)

  it('is opened when the app is started with its link', async () => {
    await isAt(/#\/sql\?chart=true/)
  }, 30_000)

  it('is opened by a second start, by a link of the system, and by a file', async () => {
    await emit('second-instance', [], '', { demo: false, link: 'undercurrent:/timelines?user=nobody' })
    await isAt(/#\/timelines\?user=nobody/)
    await desktop.page.getByText('There is no user nobody here.').waitFor()
    await emit('open-url', 'undercurrent:/behaviors?behavior=unheard')
    await isAt(/#\/behaviors\?behavior=unheard/)
    await desktop.page.getByText('There is no behavior unheard here.').waitFor()
    const file = join(workspace, 'of a colleague.undercurrent-view.json')
    writeFileSync(file, JSON.stringify({ format: 'undercurrent-view', version: 1, route: '/live', search: { from: 5 }, sources: [{ name: 'shop', topic: 'clicks' }] }))
    await emit('open-file', file)
    await isAt(/#\/live\?from=5/)
    await desktop.page.getByText('There are no events of clicks here.').waitFor()
  }, 60_000)

  it('does nothing but say so when it is hostile', async () => {
    const before = desktop.page.url()
    for (const link of ['undercurrent://evil.example/#/live', 'undercurrent:/connect?file=/etc/passwd', `undercurrent:/live?q=${'x'.repeat(1_000_001)}`]) await emit('open-url', link)
    await desktop.page.getByText('This view is of a screen that is not here.').first().waitFor()
    await desktop.page.getByText('This is too long to be the link of a view.').waitFor()
    expect(desktop.page.url()).toBe(before)
  }, 30_000)
})
