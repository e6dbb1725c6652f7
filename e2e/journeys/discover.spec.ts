import { AxeBuilder } from '@axe-core/playwright'
import { expect, test } from '../app/fixture.ts'

for (const scheme of ['light', 'dark'] as const) {
  test(`discover: no tab has a serious fault of accessibility, ${scheme}`, async ({ app: { page, host } }) => {
    test.skip(host === 'desktop', 'the same bundle as in the browser, where axe can be given to the page')
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' })
    await page.getByRole('button', { name: 'Open the demo shop' }).click()
    await expect(page.getByText('caught up').first()).toBeVisible()
    const check = async (name: string): Promise<void> => {
      const { violations } = await new AxeBuilder({ page }).analyze()
      const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id, nodes }) => ({ id, nodes: nodes.slice(0, 3).map(({ html }) => html.slice(0, 200)) }))
      expect.soft(serious, `${name}, ${scheme}`).toEqual([])
    }
    await page.getByRole('link', { name: 'Discover' }).click()
    for (const tab of ['Sequences', 'Add and undo', 'Recurring', 'Paths']) {
      await page.getByRole('tab', { name: tab, exact: true }).click()
      await expect(page.getByRole('button', { name: /^Open: / }).first()).toBeVisible({ timeout: 90_000 })
      await check(tab)
    }
    await page.getByRole('button', { name: /^Open: / }).first().click()
    await expect(page.getByRole('dialog').getByText(/occurrences? in all of the history/)).toBeVisible()
    await check('the drawer of a finding')
  })
}
