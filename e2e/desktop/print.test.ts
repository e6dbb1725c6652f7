import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeIf } from '../kafka/describe-if.ts'
import { desktopAvailability, launchDesktop, type Desktop } from './launch.ts'

const text = 'sequence "second thoughts" by user, item\n  added: cart.add\n  then removed: cart.remove within 10m'

/** On the desktop a PDF comes from the app's own window: no other Chromium is needed. */
describeIf(desktopAvailability, 'printing on the desktop', () => {
  const workspace = mkdtempSync(join(tmpdir(), 'undercurrent-print-'))
  // a Chromium that is not there: whoever asks for it fails
  const before = process.env.UNDERCURRENT_CHROMIUM
  let desktop: Desktop

  beforeAll(async () => {
    process.env.UNDERCURRENT_CHROMIUM = join(workspace, 'no-chromium')
    desktop = await launchDesktop({ workspace })
    await desktop.page.getByRole('button', { name: 'Open the demo shop' }).click()
    await desktop.page.getByText('caught up').first().waitFor({ timeout: 60_000 })
    const base = desktop.page.url().split('#')[0] ?? ''
    await desktop.page.goto(`${base}#/reports?text=${encodeURIComponent(text)}&without=${encodeURIComponent('["why"]')}`)
    await desktop.page.frameLocator('iframe[title="Preview of the report"]').getByRole('heading', { level: 1 }).waitFor()
  }, 120_000)
  afterAll(async () => {
    await desktop.close()
    if (before === undefined) delete process.env.UNDERCURRENT_CHROMIUM
    else process.env.UNDERCURRENT_CHROMIUM = before
    rmSync(workspace, { recursive: true, force: true })
  })

  it('writes a PDF of several pages, with the windows that there were', async () => {
    const { page, app } = desktop
    await page.getByRole('checkbox', { name: 'HTML' }).uncheck()
    await page.getByRole('checkbox', { name: 'PDF' }).check()
    await page.getByRole('button', { name: 'Export 1 format' }).click()
    await page.getByRole('region', { name: 'Written files' }).getByText('1 file in').waitFor({ timeout: 60_000 })
    const pdf = readFileSync(join(workspace, 'reports/second-thoughts.pdf'), 'latin1')
    expect(pdf.startsWith('%PDF-')).toBe(true)
    expect(pdf.match(/\/Type\s*\/Page\b/g)?.length ?? 0).toBeGreaterThan(2)
    expect(app.windows()).toHaveLength(1)
  }, 90_000)

  it('says what a picture needs that the window cannot draw', async () => {
    const { page } = desktop
    await page.getByRole('checkbox', { name: 'PDF' }).uncheck()
    await page.getByRole('checkbox', { name: 'Charts: PNG' }).check()
    await page.getByRole('button', { name: 'Export 1 format' }).click()
    await page.getByRole('alert').getByText(/UNDERCURRENT_CHROMIUM names .*, which is not there/).waitFor()
    await page.getByText(/ask for HTML/).first().waitFor()
  }, 60_000)
})
