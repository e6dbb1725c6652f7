import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, test as base, type Page } from '@playwright/test'
import { inMain } from '../desktop/in-main.ts'
import { desktopAvailability, launchDesktop } from '../desktop/launch.ts'
import { chromiumAvailability, chromiumOptions } from './chromium.ts'
import { serve } from './served.ts'

/** The app under test, on a workspace of its own, in the host that the project names. */
export interface App {
  readonly page: Page
  readonly workspace: string
  readonly host: 'browser' | 'desktop'
  /** What the page has written to its console as an error, and what it has thrown. */
  readonly errors: readonly string[]
  /** Does what makes the app hand over a file, and gives the path at which it was saved, under the name that the app has given it. */
  readonly save: (act: () => Promise<void>) => Promise<string>
}

export { expect } from '@playwright/test'

/** A journey's test: `app` is open on an empty workspace when it begins, and leaves nothing behind. */
export const test = base.extend<{ app: App }>({
  app: async ({ viewport }, use, testInfo) => {
    const host = testInfo.project.metadata.host as App['host']
    const availability = host === 'desktop' ? desktopAvailability : chromiumAvailability
    // under continuous integration what a journey needs is there, or it is a failure
    if (!availability.available && process.env.CI === 'true') throw new Error(availability.reason)
    test.skip(!availability.available, availability.available ? '' : availability.reason)
    const workspace = mkdtempSync(join(tmpdir(), 'undercurrent-journey-'))
    const opened = host === 'desktop' ? await openDesktop(workspace) : await openBrowser(workspace, viewport)
    const errors: string[] = []
    opened.page.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
    opened.page.on('pageerror', (error) => errors.push(error.message))
    try {
      await use({ page: opened.page, workspace, host, errors, save: opened.save })
    } finally {
      await opened.close()
      rmSync(workspace, { recursive: true, force: true })
    }
  },
})

interface Opened {
  readonly page: Page
  readonly save: App['save']
  close(): Promise<void>
}

async function openBrowser(workspace: string, viewport: { readonly width: number; readonly height: number } | null): Promise<Opened> {
  const server = await serve(workspace)
  const browser = await chromium.launch(chromiumOptions)
  const page = await (await browser.newContext({ viewport })).newPage()
  await page.goto(server.url)
  return {
    page,
    async save(act) {
      const [download] = await Promise.all([page.waitForEvent('download'), act()])
      const path = join(workspace, download.suggestedFilename())
      await download.saveAs(path)
      return path
    },
    async close() {
      await browser.close()
      await server.stop()
    },
  }
}

async function openDesktop(workspace: string): Promise<Opened> {
  const { app, page, close } = await launchDesktop({ workspace })
  return {
    page,
    async save(act) {
      // the desktop asks where to, in a dialog of the system that no test can see: it is answered before it is asked
      await inMain(
        app,
        ({ session }, folder) => {
          const saved = new Promise<string>((done, failed) => {
            session.defaultSession.once('will-download', (_event, item) => {
              const to = `${folder}/${item.getFilename()}`
              item.setSavePath(to)
              item.once('done', (_done, state) => (state === 'completed' ? done(to) : failed(new Error(`the download was ${state}`))))
            })
          })
          Object.assign(globalThis, { saved })
        },
        workspace,
      )
      await act()
      return inMain(app, () => (globalThis as unknown as { saved: Promise<string> }).saved)
    },
    close,
  }
}
