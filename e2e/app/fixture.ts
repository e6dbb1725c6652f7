import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, test as base, type Page } from '@playwright/test'
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
      await use({ page: opened.page, workspace, host, errors })
    } finally {
      await opened.close()
      rmSync(workspace, { recursive: true, force: true })
    }
  },
})

interface Opened {
  readonly page: Page
  close(): Promise<void>
}

async function openBrowser(workspace: string, viewport: { readonly width: number; readonly height: number } | null): Promise<Opened> {
  const server = await serve(workspace)
  const browser = await chromium.launch(chromiumOptions)
  const page = await (await browser.newContext({ viewport })).newPage()
  await page.goto(server.url)
  return {
    page,
    async close() {
      await browser.close()
      await server.stop()
    },
  }
}

async function openDesktop(workspace: string): Promise<Opened> {
  const { page, close } = await launchDesktop({ workspace })
  return { page, close }
}
