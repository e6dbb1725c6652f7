import { defineConfig } from '@playwright/test'

/** The journeys through the whole app, in a real browser and in a real Electron. They share the machine, so one runs at a time. */
export default defineConfig({
  testDir: 'e2e/journeys',
  outputDir: '.cache/journeys',
  // a busy machine is slow, not broken: only what never comes fails
  timeout: 240_000,
  expect: { timeout: 60_000 },
  workers: 1,
  // a journey that passes at the second attempt has still failed once: it is mended, not repeated
  retries: 0,
  forbidOnly: true,
  reporter: [['list'], ['./e2e/app/closing-reporter.ts']],
  use: { trace: 'retain-on-failure', screenshot: 'only-on-failure', viewport: { width: 1400, height: 900 } },
  projects: [
    { name: 'browser', metadata: { host: 'browser' } },
    // axe cannot be given to the desktop's page, which is the same bundle
    { name: 'desktop', metadata: { host: 'desktop' }, testIgnore: 'accessibility.spec.ts' },
  ],
})
