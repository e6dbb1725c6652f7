import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import type { Locator, Page } from '@playwright/test'
import { busiestUser } from '../app/busiest-user.ts'
import { expect, test } from '../app/fixture.ts'

const draft = encodeURIComponent('sequence "left" by user, item\n  a: cart.add\n  then b: cart.remove within 10m\n  without purchase for 10m after a\nreturn b.time - a.time as wait')
/** Every screen, with what is there once it has all that it shows. */
const screens = (user: string): readonly (readonly [route: string, ready: (page: Page) => Locator])[] => [
  ['start', (page) => page.getByRole('button', { name: 'Open the demo shop' })],
  ['connect', (page) => page.getByRole('button', { name: 'Mapping…' })],
  ['live', (page) => page.getByRole('complementary', { name: 'Counts' }).getByRole('button', { name: /page\.view/ })],
  [`timelines?user=${user}&event=3`, (page) => page.getByRole('complementary', { name: 'Event' }).getByText(/demo-shop\/0@\d+/)],
  ['sequences', (page) => page.getByText(/the 10 most common are those of/)],
  [`behaviors?draft=${draft}`, (page) => page.getByText(/of [\d,]+ are shown/)],
  [`behaviors?draft=${draft}&as=blocks&tab=steps`, (page) => page.getByText(/go on$/).first()],
  [`behaviors?draft=${draft}&tab=explain`, (page) => page.getByText(/events were looked at/)],
  ['why', (page) => page.getByRole('combobox', { name: 'Compared with' })],
  [`reports?text=${draft}`, (page) => page.frameLocator('iframe').getByRole('heading', { name: 'How to get the same numbers' })],
  ['reports?check=true', (page) => page.getByLabel('Report file')],
  ['sql', (page) => page.getByText(/\d+ rows in/)],
]
/** How many rows of a long table are looked at: the others are made alike, and hundreds of them take half a minute. */
const lookedAt = 20

for (const scheme of ['light', 'dark'] as const) {
  test(`accessibility: no screen has a serious fault, ${scheme}`, async ({ app: { page } }) => {
    const base = await openDemo(page, scheme)
    for (const [screen, ready] of screens(await busiestUser(page))) {
      await page.goto(`${base}#/${screen}`)
      await expect(ready(page)).toBeAttached()
      await check(page, `${screen}, ${scheme}`)
    }
    await page.goto(`${base}#/connect`)
    await page.getByRole('button', { name: 'Mapping…' }).click()
    await expect(page.getByRole('dialog').getByText('every record becomes an event')).toBeVisible()
    await check(page, `the mapping of a source, ${scheme}`)
    await page.keyboard.press('Escape')
    await page.keyboard.press('Control+k')
    await expect(page.getByRole('textbox', { name: 'Command or user' })).toBeVisible()
    await check(page, `the palette, ${scheme}`)
  })

  test(`accessibility: what reports and shared views show has no serious fault, ${scheme}`, async ({ app: { page, workspace } }) => {
    const base = await openDemo(page, scheme)
    await page.goto(`${base}#/reports?text=${draft}&without=${encodeURIComponent('["why"]')}`)
    await page.getByRole('button', { name: 'Share this view' }).click()
    await expect(page.getByRole('dialog', { name: 'Share this view' })).toBeVisible()
    await check(page, `the sharing of a view, ${scheme}`)
    await page.keyboard.press('Escape')
    await page.keyboard.press('Control+k')
    await page.getByRole('textbox', { name: 'Command or user' }).fill('Open a view')
    await page.keyboard.press('Enter')
    const opening = page.getByRole('dialog', { name: 'Open a view' })
    await opening.getByRole('textbox', { name: 'Link' }).fill('javascript:alert(1)')
    await opening.getByRole('button', { name: 'Open', exact: true }).click()
    await expect(opening.getByRole('alert')).toBeVisible()
    await check(page, `the opening of a view, refused, ${scheme}`)
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Export 1 format' }).click()
    await expect(page.getByRole('region', { name: 'Written files' })).toBeVisible()
    await page.getByRole('button', { name: 'Templates' }).click()
    await page.getByRole('textbox', { name: 'Name of the template' }).fill('weekly')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await expect(page.getByRole('list', { name: 'Templates' })).toBeVisible()
    await check(page, `written files and templates, ${scheme}`)
    await page.goto(`${base}#/reports?check=true`)
    await page.getByLabel('Report file').setInputFiles(join(workspace, 'reports', 'left.html'))
    await expect(page.getByRole('heading', { name: 'Proven' })).toBeVisible()
    await check(page, `a verified report, ${scheme}`)
  })

  test(`accessibility: no tab of Discover has a serious fault, ${scheme}`, async ({ app: { page } }) => {
    await openDemo(page, scheme)
    await expect(page.getByText('caught up').first()).toBeVisible()
    await page.getByRole('link', { name: 'Discover' }).click()
    for (const tab of ['Sequences', 'Add and undo', 'Recurring', 'Paths']) {
      await page.getByRole('tab', { name: tab, exact: true }).click()
      await expect(page.getByRole('button', { name: /^Open: / }).first()).toBeVisible()
      await check(page, `${tab}, ${scheme}`)
    }
    await page.getByRole('button', { name: /^Open: / }).first().click()
    await expect(page.getByRole('dialog').getByText(/occurrences? in all of the history/)).toBeVisible()
    await check(page, `the drawer of a finding, ${scheme}`)
  })
}

async function openDemo(page: Page, scheme: 'light' | 'dark'): Promise<string> {
  await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' })
  await page.getByRole('button', { name: 'Open the demo shop' }).click()
  await expect(page.getByRole('tab', { name: 'Latest events' })).toBeVisible()
  return page.url().split('#')[0] ?? ''
}

async function check(page: Page, name: string): Promise<void> {
  // nothing runs in the preview of a report, axe neither, and it would wait for itself there; legacy mode does without a
  // second page for the results of frames of other origins, which there are none of
  const { violations } = await new AxeBuilder({ page }).exclude('iframe[sandbox]').exclude(`tbody tr:nth-child(n + ${lookedAt + 1})`).setLegacyMode(true).analyze()
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id, nodes }) => ({ id, nodes: nodes.slice(0, 3).map(({ html, failureSummary }) => `${html.slice(0, 200)} — ${failureSummary?.slice(0, 420) ?? ''}`) }))
  expect.soft(serious, name).toEqual([])
}
