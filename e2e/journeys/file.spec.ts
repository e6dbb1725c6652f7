import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { expect, test } from '../app/fixture.ts'

/** A file of events in which everything that a record can say says something that should not run. */
const markup = '<img src=x onerror=alert(1)>'
const hostile = [
  { at: '2026-01-01T10:00:00Z', user: markup, type: `${markup} click`, link: 'javascript:alert(1)', text: 'x'.repeat(1_000_000) },
  { at: '2026-01-01T10:01:00Z', user: 'right\u202eto left', type: 'ansi \u001b[31m red', link: '\u0000\u0007', text: '</script><script>alert(2)</script>' },
  { at: '2026-01-01T10:02:00Z', user: '=cmd()', type: 'plain', link: 'data:text/html,<script>alert(3)</script>', text: 'ok' },
]

let folder: string
test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'undercurrent-file-'))
})
test.afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('file: its mapping is guessed and corrected, it is imported, and a user’s timeline is there; the second time it is refused', async ({ app: { page, errors } }) => {
  const path = join(folder, 'shop.csv')
  writeFileSync(path, `happened_at,user_id,event_type,price\n${Array.from({ length: 40 }, (_, row) => `2026-01-01 10:${String(row).padStart(2, '0')}:00,user-${row % 4},${row % 3 === 0 ? 'cart' : 'view'},${row}.5`).join('\n')}\n`)
  await page.goto(`${page.url().split('#')[0] ?? ''}#/connect?file=${encodeURIComponent(path)}`)
  await expect(page.getByRole('combobox', { name: 'Key' })).toHaveValue('user_id')
  await expect(page.getByText('every record becomes an event')).toBeVisible()
  // a wrong choice is shown before anything is stored
  await page.getByRole('combobox', { name: 'Time', exact: true }).fill('price')
  await expect(page.getByText(/would be dead letters/)).toBeVisible()
  await page.getByRole('combobox', { name: 'Time', exact: true }).fill('happened_at')
  await expect(page.getByText('every record becomes an event')).toBeVisible()
  await page.getByRole('button', { name: 'Import', exact: true }).click()
  await page.getByRole('grid', { name: 'Users' }).getByRole('row', { name: /user-1/ }).click()
  await expect(page.getByText('10 events', { exact: true })).toBeVisible()

  await page.goto(`${page.url().split('#')[0] ?? ''}#/connect?file=${encodeURIComponent(path)}`)
  await page.getByRole('button', { name: 'Import', exact: true }).click()
  await expect(page.getByRole('alert')).toBeVisible()
  await expect(page.getByRole('checkbox', { name: 'import it again all the same' })).toBeVisible()
  expect(errors).toEqual([])
})

test('a timeline follows the events that come, and stays where it is looked at', async ({ app: { page, host, errors } }) => {
  test.skip(host === 'desktop', 'the events come by a second window, which only the browser has')
  const rows = (hour: number): string => `time,user_id,event\n${Array.from({ length: 30 }, (_, row) => `2026-01-01 ${hour}:${String(row).padStart(2, '0')}:00,ann,view`).join('\n')}\n`
  const paths = [10, 11, 12].map((hour) => join(folder, `hour-${hour}.csv`))
  paths.forEach((path, at) => writeFileSync(path, rows(10 + at)))
  const base = page.url().split('#')[0] ?? ''
  const bring = async (tab: Page, path = ''): Promise<void> => {
    await tab.goto(`${base}#/connect?file=${encodeURIComponent(path)}`)
    await expect(tab.getByText('every record becomes an event')).toBeVisible()
    await tab.getByRole('button', { name: 'Import', exact: true }).click()
    await expect(tab.getByRole('grid', { name: 'Users' }).getByRole('row', { name: /ann/ })).toBeVisible()
  }
  await bring(page, paths[0])
  const other = await page.context().newPage()
  await page.goto(`${base}#/timelines?user=ann&at=${Date.parse('2026-01-01T10:05:00')}`)
  const list = page.getByRole('grid', { name: 'Events', exact: true })
  await expect(list.getByRole('row', { selected: true })).toContainText('10:05:00')
  // the link opens its moment once, not whenever events come
  await page.keyboard.press('Escape')
  await bring(other, paths[1])
  await expect(page.getByText('60 events', { exact: true })).toBeVisible()
  await expect(list.getByRole('row', { selected: true })).toHaveCount(0)
  // which event is open does not change under its reader
  await list.getByRole('row').nth(3).click()
  await expect(list.getByRole('row', { selected: true })).toHaveCount(1)
  const open = await list.getByRole('row', { selected: true }).textContent()
  await bring(other, paths[2])
  await expect(page.getByText('90 events · 1 user ')).toBeVisible()
  await expect(list.getByRole('row', { selected: true })).toHaveText(open ?? '')
  await page.keyboard.press('r')
  await expect(page.getByText('90 events', { exact: true })).toBeVisible()
  expect(errors).toEqual([])
})

test('the mapping of a source is changed: its history is decoded anew, and other users come of it', async ({ app: { page, errors } }) => {
  const path = join(folder, 'visits.csv')
  writeFileSync(path, `time,user_id,device,event\n${Array.from({ length: 30 }, (_, row) => `2026-01-01 10:${String(row).padStart(2, '0')}:00,user-${row % 3},device-${row % 5},view`).join('\n')}\n`)
  await page.goto(`${page.url().split('#')[0] ?? ''}#/connect?file=${encodeURIComponent(path)}`)
  await expect(page.getByRole('combobox', { name: 'Key' })).toHaveValue('user_id')
  await page.getByRole('button', { name: 'Import', exact: true }).click()
  await expect(page.getByRole('grid', { name: 'Users' }).getByRole('row', { name: /user-1/ })).toBeVisible()

  await page.getByRole('link', { name: 'Connect' }).click()
  await page.getByRole('table', { name: 'Sources' }).getByRole('button', { name: 'Mapping…' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByText('every record becomes an event')).toBeVisible()
  const decode = dialog.getByRole('button', { name: 'Decode 30 records anew' })
  await expect(decode).toBeDisabled()
  await dialog.getByRole('combobox', { name: 'Key' }).fill('device')
  await decode.click()
  await expect(dialog.getByText('Done: 30 events, 0 dead letters.')).toBeVisible()
  await dialog.getByRole('button', { name: 'Close', exact: true }).last().click()
  await page.getByRole('link', { name: 'Timelines' }).click()
  await expect(page.getByRole('grid', { name: 'Users' }).getByRole('row', { name: /device-4/ })).toBeVisible()
  await expect(page.getByRole('grid', { name: 'Users' }).getByRole('row', { name: /user-1/ })).toHaveCount(0)
  expect(errors).toEqual([])
})

test('a user whose name is a number can be linked to by hand', async ({ app: { page } }) => {
  const path = join(folder, 'numbers.csv')
  writeFileSync(path, 'time,user_id,event\n2026-01-01 10:00:00,429681830,view\n2026-01-01 10:01:00,429681830,cart\n')
  const base = page.url().split('#')[0] ?? ''
  await page.goto(`${base}#/connect?file=${encodeURIComponent(path)}`)
  await expect(page.getByText('every record becomes an event')).toBeVisible()
  await page.getByRole('button', { name: 'Import', exact: true }).click()
  await expect(page).toHaveURL(/#\/timelines/)
  await page.goto(`${base}#/timelines?user=429681830`)
  await expect(page.getByText('2 events', { exact: true })).toBeVisible()
})

test('hostile content is text everywhere, nothing runs, and the layout holds', async ({ app: { page, errors } }) => {
  const path = join(folder, 'hostile.ndjson')
  writeFileSync(path, hostile.map((event) => JSON.stringify(event)).join('\n'))
  const dialogs: string[] = []
  page.on('dialog', (dialog) => {
    dialogs.push(dialog.message())
    void dialog.dismiss()
  })
  await page.goto(`${page.url().split('#')[0] ?? ''}#/connect?file=${encodeURIComponent(path)}`)
  await expect(page.getByText('every record becomes an event')).toBeVisible()
  await page.getByRole('button', { name: 'Import', exact: true }).click()
  await page.getByRole('grid', { name: 'Users' }).getByRole('row', { name: /onerror/ }).click()
  await page.getByRole('grid', { name: 'Events', exact: true }).getByRole('row').nth(1).click()
  const inspector = page.getByRole('complementary', { name: 'Event' })
  await expect(inspector.getByText(`${markup} click`).first()).toBeVisible()
  for (const tab of ['Attributes', 'Headers', 'Raw bytes', 'Related', 'Payload']) await inspector.getByRole('tab', { name: tab }).click()
  for (const screen of ['Live', 'Sequences', 'SQL', 'Connect', 'Timelines']) {
    await page.getByRole('link', { name: screen }).click()
    await page.waitForTimeout(400)
    const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth')
    expect(overflow, `${screen} is wider than the window`).toBeLessThanOrEqual(0)
    expect(await page.locator('img[src="x"]').count()).toBe(0)
  }
  expect(dialogs).toEqual([])
  expect(errors).toEqual([])
})
