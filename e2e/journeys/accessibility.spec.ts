import { AxeBuilder } from '@axe-core/playwright'
import { expect, test } from '../app/fixture.ts'

const draft = encodeURIComponent('sequence "left" by user, item\n  a: cart.add\n  then b: cart.remove within 10m\n  without purchase for 10m after a\nreturn b.time - a.time as wait')
const screens = ['start', 'connect', 'live', 'timelines?user=u00001&event=3', 'sequences', `behaviors?draft=${draft}`, `behaviors?draft=${draft}&as=blocks&tab=steps`, `behaviors?draft=${draft}&tab=explain`, 'why', `reports?text=${draft}`, 'reports?check=true', 'sql'] as const

for (const scheme of ['light', 'dark'] as const) {
  test(`accessibility: no screen has a serious fault, ${scheme}`, async ({ app: { page, host } }) => {
    test.skip(host === 'desktop', 'the same bundle as in the browser, where axe can be given to the page')
    test.setTimeout(180_000)
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' })
    await page.getByRole('button', { name: 'Open the demo shop' }).click()
    await expect(page.getByRole('tab', { name: 'Latest events' })).toBeVisible()
    const base = page.url().split('#')[0] ?? ''
    const check = async (name: string): Promise<void> => {
      const { violations } = await new AxeBuilder({ page }).analyze()
      const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id, nodes }) => ({ id, nodes: nodes.slice(0, 3).map(({ html, failureSummary }) => `${html.slice(0, 200)} — ${failureSummary?.slice(0, 420) ?? ''}`) }))
      expect.soft(serious, `${name}, ${scheme}`).toEqual([])
    }
    for (const screen of screens) {
      await page.goto(`${base}#/${screen}`)
      await page.waitForTimeout(2500)
      await check(screen)
    }
    await page.goto(`${base}#/connect`)
    await page.getByRole('button', { name: 'Mapping…' }).click()
    await expect(page.getByRole('dialog').getByText('every record becomes an event')).toBeVisible()
    await check('the mapping of a source')
    await page.keyboard.press('Escape')
    await page.keyboard.press('Control+k')
    await expect(page.getByRole('textbox', { name: 'Command or user' })).toBeVisible()
    await check('the palette')
  })
}
