import { busiestUser } from '../app/busiest-user.ts'
import { expect, test } from '../app/fixture.ts'

test('demo: from the three doors to the live screen, a brush, an event, and its user’s timeline', async ({ app: { page, errors } }) => {
  await expect(page.getByRole('heading', { name: 'See what people do in your event streams' })).toBeVisible()
  await page.getByRole('button', { name: 'Open the demo shop' }).click()
  await expect(page.getByRole('tab', { name: 'Latest events' })).toBeVisible()
  const events = page.getByRole('grid', { name: 'Latest events' })
  await expect(events.getByRole('row').nth(5)).toBeVisible()
  // the counts come from the window's own DuckDB
  const counts = page.getByRole('complementary', { name: 'Counts' })
  await expect(counts.getByRole('button', { name: /page\.view/ })).toBeVisible()

  const histogram = page.getByRole('application', { name: /Events over time/ })
  const box = await histogram.boundingBox()
  if (box === null) throw new Error('no histogram')
  await page.mouse.move(box.x + box.width * 0.4, box.y + 40)
  await page.mouse.down()
  await page.mouse.move(box.x + box.width * 0.6, box.y + 40, { steps: 5 })
  await page.mouse.up()
  await expect(page).toHaveURL(/bf=\d+/)
  await expect(page.getByText('All below is of the selected range')).toBeVisible()
  await histogram.press('Escape')
  await expect(page).not.toHaveURL(/bf=/)

  await events.getByRole('row').nth(3).click()
  const inspector = page.getByRole('complementary', { name: 'Event' })
  await expect(inspector.getByText(/demo-shop\/0@\d+/)).toBeVisible()
  await inspector.getByRole('tab', { name: 'Raw bytes' }).click()
  await expect(inspector.getByRole('region', { name: /Payload, \d+ bytes/ })).toBeVisible()

  await page.getByRole('link', { name: 'Timelines' }).click()
  await page.getByRole('textbox', { name: 'Find a user' }).fill('u0000')
  await page.getByRole('grid', { name: 'Users' }).getByRole('row', { name: /u0000/ }).first().click()
  const list = page.getByRole('grid', { name: 'Events', exact: true })
  await expect(list.getByRole('row').nth(3)).toBeVisible()
  await page.keyboard.press('Escape')
  await page.locator('body').press('ArrowRight')
  await expect(page.getByRole('complementary', { name: 'Event' })).toBeVisible()
  // a link restores the view
  await page.reload()
  await expect(page.getByRole('grid', { name: 'Events', exact: true }).getByRole('row', { selected: true })).toBeVisible()
  expect(errors).toEqual([])
})

test('keys: the palette finds screens and users, ? shows the keys', async ({ app: { page } }) => {
  await page.getByRole('button', { name: 'Open the demo shop' }).click()
  await expect(page.getByRole('tab', { name: 'Latest events' })).toBeVisible()
  await page.keyboard.press('Control+k')
  await page.getByRole('textbox', { name: 'Command or user' }).fill('SQL')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/#\/sql/)
  await expect(page.getByRole('table', { name: 'Result' }).getByRole('row').nth(2)).toBeVisible()
  await page.getByRole('button', { name: 'Keys' }).click()
  await expect(page.getByRole('dialog', { name: 'Keys' }).getByText('Command palette')).toBeVisible()
})

test('timelines follow the time range and filter of the app, which a link restores', async ({ app: { page, errors } }) => {
  await page.getByRole('button', { name: 'Open the demo shop' }).click()
  await expect(page.getByRole('tab', { name: 'Latest events' })).toBeVisible()
  // the week is filled in before the shop goes on live
  await expect(page.getByText('caught up').first()).toBeVisible()
  const base = page.url().split('#')[0] ?? ''
  const user = await busiestUser(page, 'types=["cart.remove"]')
  await page.goto(`${base}#/timelines?user=${user}&types=["cart.add"]`)
  await expect(page.getByText(/^\d+ events in the filter$/)).toBeVisible()
  const list = page.getByRole('grid', { name: 'Events', exact: true })
  await expect(list.getByRole('row', { name: /cart\.add/ }).first()).toBeVisible()
  await expect(list.getByRole('row', { name: /page\.view/ })).toHaveCount(0)
  // text is looked for in payloads, which the timeline itself does not hold
  await page.goto(`${base}#/timelines?user=${user}&text=cart.remove`)
  await expect(list.getByRole('row', { name: /cart\.remove/ }).first()).toBeVisible()
  await expect(list.getByRole('row', { name: /page\.view/ })).toHaveCount(0)

  await page.goto(`${base}#/timelines?user=${user}&to=1000`)
  await expect(page.getByText('Nothing in the filter')).toBeVisible()
  await page.getByRole('button', { name: 'Clear every filter' }).last().click()
  await expect(list.getByRole('row', { name: /page\.view/ }).first()).toBeVisible()

  // sessions lie on each other, but are read in order of time
  await page.goto(`${base}#/timelines?user=${user}&lanes=session`)
  await expect(list.getByRole('row').nth(3)).toBeVisible()
  const times = await list.getByRole('row').locator('.mono').allTextContents()
  expect(times).toEqual([...times].sort())
  expect(errors).toEqual([])
})
