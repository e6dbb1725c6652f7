import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Locator, Page } from '@playwright/test'
import { busiestUser } from '../app/busiest-user.ts'
import { expect, test } from '../app/fixture.ts'

const text = 'sequence "second thoughts" by user, item\n  added: cart.add\n  then removed: cart.remove within 10m\nreturn removed.time - added.time as hesitation'

/** The demo shop with a behavior that is saved. */
async function openWithBehavior(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Open the demo shop' }).click()
  await expect(page.getByRole('tab', { name: 'Latest events' })).toBeVisible()
  // its numbers hold still
  await expect(page.getByText('caught up').first()).toBeVisible()
  const base = page.url().split('#')[0] ?? ''
  await page.goto(`${base}#/behaviors?draft=${encodeURIComponent(text)}`)
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('version 1')).toBeVisible()
  return base
}

test('reports: a behavior becomes a report that is built, looked at, exported, verified, and built again by a template', async ({ app: { page, workspace, errors, save } }) => {
  await openWithBehavior(page)
  const finds = page.getByRole('complementary', { name: 'What it finds' })
  const figures = await finds.getByText('occurrences').locator('..').textContent()
  const occurrences = /[\d,.]+/.exec(figures ?? '')?.[0] ?? 'none'
  await page.getByRole('link', { name: 'Report…' }).click()
  await expect(page).toHaveURL(/#\/reports\?.*of=/)

  // the preview says what the screen before has said
  const preview = page.frameLocator('iframe[title="Preview of the report"]')
  await expect(preview.getByRole('heading', { level: 1, name: 'second thoughts' })).toBeVisible()
  await expect(preview.getByRole('definition').filter({ hasText: new RegExp(`^${occurrences}$`) }).first()).toBeVisible()

  // words and order show at once
  await page.getByRole('textbox', { name: 'Title' }).fill('Carts that were <b>emptied</b>')
  await page.getByRole('textbox', { name: 'Notes' }).fill('For the shop team.')
  await expect(preview.getByRole('heading', { level: 1 })).toHaveText('Carts that were <b>emptied</b>')
  await expect(preview.getByText('For the shop team.')).toBeVisible()
  const headings = preview.getByRole('heading', { level: 3 })
  await expect(headings.nth(0)).toHaveText('Definition')
  await page.getByRole('button', { name: 'Move Over time up' }).click()
  await expect(headings.nth(0)).toHaveText('Over time')
  await expect(headings.nth(1)).toHaveText('Definition')
  await page.getByRole('checkbox', { name: 'What goes with it' }).press('Alt+ArrowUp')
  await expect(page.getByRole('list', { name: 'Of each behavior' }).getByRole('listitem').nth(5)).toContainText('What goes with it')
  await page.getByRole('list', { name: 'Of each behavior' }).getByRole('listitem').filter({ hasText: 'Examples' }).dragTo(page.getByRole('list', { name: 'Of each behavior' }).getByRole('listitem').nth(0))
  await expect(headings.nth(0)).toHaveText('Examples')
  await page.getByRole('checkbox', { name: 'Where it breaks off' }).uncheck()
  await expect(headings.filter({ hasText: 'Where it breaks off' })).toHaveCount(0)

  // users are no longer named
  await page.getByRole('combobox', { name: 'user is written' }).click()
  await page.getByRole('option', { name: 'hashed' }).click()
  await expect(preview.getByRole('heading', { name: 'What was done for privacy' })).toBeVisible()
  await expect(preview.getByText(/\bu0\d{4}\b/)).toHaveCount(0)

  await page.getByRole('checkbox', { name: 'CSV', exact: true }).check()
  await page.getByRole('button', { name: 'Export 2 formats' }).click()
  const files = page.getByRole('region', { name: 'Written files' })
  await expect(files.getByText('2 files in')).toBeVisible()
  const html = join(workspace, 'reports', 'carts-that-were-b-emptied-b.html')
  const csv = join(workspace, 'reports', 'second-thoughts.matches.csv')
  await expect(files.getByText('carts-that-were-b-emptied-b.html')).toBeVisible()
  expect(readFileSync(html, 'utf8')).toContain('Carts that were &#60;b&#62;emptied&#60;/b&#62;')
  // the shop goes on: an export is of one moment of its own, in all of its files
  const exported = Number(/"occurrences":(\d+)/.exec(readFileSync(html, 'utf8'))?.[1])
  expect(exported).toBeGreaterThanOrEqual(Number(occurrences.replace(/\D/g, '')))
  expect(readFileSync(csv, 'utf8').trim().split('\n').length - 1).toBe(exported)

  // saved by hand it is the same report
  const saved = await save(() => page.getByRole('button', { name: 'Save as' }).click().then(() => page.getByRole('menuitem', { name: 'Markdown' }).click()))
  expect(saved).toBe(join(workspace, 'carts-that-were-b-emptied-b.md'))
  expect(readFileSync(saved, 'utf8')).toContain('For the shop team.')

  await page.getByRole('button', { name: 'Templates' }).click()
  await page.getByRole('textbox', { name: 'Name of the template' }).fill('for the team')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(page.getByRole('list', { name: 'Templates' }).getByText('for the team')).toBeVisible()
  expect(existsSync(join(workspace, 'report-templates.json'))).toBe(true)
  await page.keyboard.press('Escape')

  // proven as it was written, and different when a number was changed
  await page.getByText('Verify one', { exact: true }).click()
  await page.getByLabel('Report file').setInputFiles(html)
  const result = page.getByRole('status', { name: 'Result' })
  await expect(result.getByRole('heading', { name: 'Proven' })).toBeVisible()
  const changed = join(workspace, 'changed.html')
  writeFileSync(changed, readFileSync(html, 'utf8').replace(/"occurrences":\d+/, '"occurrences":7'))
  expect(statSync(changed).size).toBeGreaterThan(1000)
  await page.getByLabel('Report file').setInputFiles(changed)
  await expect(result.getByRole('heading', { name: 'Different' })).toBeVisible()
  await expect(result.getByRole('table', { name: 'Differences' }).getByRole('row').nth(1)).toContainText('7')
  await page.getByLabel('Report file').setInputFiles(csv)
  await expect(page.getByRole('alert')).toContainText('carries no data of a report')

  // another time, the same way
  await page.getByRole('link', { name: 'Reports' }).click()
  await expect(preview.getByRole('heading', { level: 1 })).toHaveText('second thoughts')
  await expect(headings.nth(0)).toHaveText('Definition')
  await page.getByRole('button', { name: 'Templates' }).click()
  await page.getByRole('list', { name: 'Templates' }).getByText('for the team').click()
  await expect(preview.getByRole('heading', { level: 1 })).toHaveText('Carts that were <b>emptied</b>')
  await expect(headings.nth(0)).toHaveText('Examples')
  await expect(page.getByRole('checkbox', { name: 'Where it breaks off' })).not.toBeChecked()
  await page.getByRole('button', { name: 'Templates' }).click()
  await page.getByRole('button', { name: 'Remove the template for the team' }).click()
  await expect(page.getByText('Keep how this report is built')).toBeVisible()
  expect(ofTheApp(errors)).toEqual([])
})

test('reports: several behaviors in one, from a text and from the workspace; what cannot be written is said; a behavior that is edited afterwards changes no report', async ({ app: { page, workspace, errors } }) => {
  const base = await openWithBehavior(page)
  const found = 'sequence "went shopping" by user\n  entry: cart.add\n  then paid: purchase within 1h\n\nsequence "only looked" by user\n  seen: page.view\n  without cart.add for 10m after seen'
  // as a discovery hands over what it has found
  await page.goto(`${base}#/reports?text=${encodeURIComponent(found)}&without=${encodeURIComponent('["why"]')}`)
  const preview = page.frameLocator('iframe[title="Preview of the report"]')
  const ofEach = preview.getByRole('heading', { level: 2 })
  await expect(ofEach.filter({ hasText: 'went shopping' })).toBeVisible()
  await expect(ofEach.filter({ hasText: 'only looked' })).toBeVisible()
  await page.getByRole('combobox', { name: 'Behaviors' }).click()
  await page.getByRole('option', { name: 'second thoughts' }).click()
  await page.keyboard.press('Escape')
  await expect(ofEach.filter({ hasText: 'second thoughts' })).toBeVisible()
  await expect(preview.getByRole('heading', { level: 1 })).toHaveText('went shopping, only looked, second thoughts')
  // counts that are too small are left out, and the report says so
  await page.getByRole('textbox', { name: 'Counts are said from' }).fill('5')
  await expect(preview.getByText(/fewer than 5|under 5|below 5/i).first()).toBeVisible()

  // where nothing can be written: a sentence, what to do, and no file
  const folder = page.getByRole('textbox', { name: 'Folder' })
  const alert = page.getByRole('alert').filter({ hasText: /folder|path/ })
  const doExport = page.getByRole('button', { name: 'Export 1 format' })
  await folder.fill('reports')
  await doExport.click()
  await expect(alert).toContainText('reports is not a whole path.')
  await expect(alert).toContainText('from the root on')
  await folder.fill(join(workspace, 'workspace.json', 'reports'))
  await doExport.click()
  await expect(alert).toContainText('is not there, or is no folder')
  await expect(alert).toContainText('Choose another folder.')
  await folder.fill(join(workspace, 'elsewhere'))
  await doExport.click()
  const files = page.getByRole('region', { name: 'Written files' })
  await expect(files.getByText('1 file in')).toBeVisible()
  const [name] = readdirSync(join(workspace, 'elsewhere'))
  const html = join(workspace, 'elsewhere', name ?? 'none')

  // a PDF takes seconds, in which one changes one's mind
  await page.getByRole('checkbox', { name: 'PDF' }).check()
  await folder.fill(join(workspace, 'cancelled'))
  await page.getByRole('button', { name: 'Export 2 formats' }).click()
  await expect(page.getByRole('progressbar', { name: 'How far the export is' })).toBeVisible()
  await page.getByRole('button', { name: 'Cancel' }).last().click()
  await expect(page.getByRole('status').filter({ hasText: 'The export was cancelled.' })).toBeVisible()
  const left = existsSync(join(workspace, 'cancelled')) ? readdirSync(join(workspace, 'cancelled')) : []
  expect(left.filter((one) => !one.endsWith('.html'))).toEqual([])

  // the definition stands in the report: a later one changes nothing
  await page.goto(`${base}#/behaviors?behavior=${encodeURIComponent('second thoughts')}&draft=${encodeURIComponent(text.replace('10m', '1m'))}`)
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('version 2')).toBeVisible()
  await page.goto(`${base}#/reports?check=true`)
  const drops = page.getByText('Drop a report here: HTML, Markdown or JSON')
  await drop(page, 'told.html', readFileSync(html, 'utf8'), drops)
  const result = page.getByRole('status', { name: 'Result' })
  await expect(result.getByRole('heading', { name: 'Proven' })).toBeVisible()
  await expect(result.getByText(/all [\d,]+ numbers and texts are what the file says/)).toBeVisible()
  await expect(page).toHaveURL(/#\/reports\?check=true/)

  // why leads to the same builder
  await page.goto(`${base}#/why?behavior=${encodeURIComponent('second thoughts')}`)
  await page.getByRole('link', { name: 'Report…' }).click()
  await expect(page).toHaveURL(/#\/reports\?.*of=.*second/)
  await expect(preview.getByRole('heading', { level: 1, name: 'second thoughts' })).toBeVisible()
  await expect(preview.getByText('within 1m')).toBeVisible()
  expect(ofTheApp(errors)).toEqual([])
})

test('views: what one sees is shared as a link and as a file, and opened again; a hostile one does nothing', async ({ app: { page, workspace, errors, save } }) => {
  const base = await openWithBehavior(page)
  const user = await busiestUser(page)
  const own = `${base}#/timelines?user=${user}&event=3`
  await page.goto(own)
  await expect(page.getByTestId('timeline')).toBeVisible()
  await page.getByRole('button', { name: 'Share this view' }).click()
  const link = await page.getByRole('dialog').getByRole('textbox', { name: 'Link' }).inputValue()
  expect(link).toBe(`undercurrent:/timelines?user=${user}&event=3`)
  const path = await save(() => page.getByRole('button', { name: 'Save as a file' }).click())
  expect(path).toBe(join(workspace, 'timelines.undercurrent-view.json'))
  const file = JSON.parse(readFileSync(path, 'utf8')) as { readonly sources: readonly { readonly topic: string }[] }
  expect(file).toMatchObject({ format: 'undercurrent-view', version: 1, route: '/timelines', search: { user, event: 3 } })
  expect(file.sources.length).toBeGreaterThan(0)
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)

  const opening = page.getByRole('dialog', { name: 'Open a view' })
  const openDialog = async (): Promise<void> => {
    await page.keyboard.press('Control+k')
    await page.getByRole('textbox', { name: 'Command or user' }).fill('Open a view')
    await page.keyboard.press('Enter')
    await expect(opening).toBeVisible()
  }
  await page.goto(`${base}#/sql`)
  await openDialog()
  await opening.getByRole('textbox', { name: 'Link' }).fill('https://evil.example/#/connect?file=/etc/passwd')
  await opening.getByRole('button', { name: 'Open', exact: true }).click()
  await expect(opening.getByRole('alert')).toContainText('screen that is not here')
  await expect(page).toHaveURL(/#\/sql/)
  await opening.getByRole('textbox', { name: 'Link' }).fill(link)
  await opening.getByRole('button', { name: 'Open', exact: true }).click()
  await expect(page).toHaveURL(own)

  // a file that is dropped on the window; what of it is not here is said
  await page.goto(`${base}#/live`)
  await drop(page, 'shared.undercurrent-view.json', JSON.stringify({ ...file, sources: [...file.sources, { name: 'bank', topic: 'payments <img src=x onerror=alert(1)>' }], search: { user, event: 3, pins: { no: 'list' } } }))
  await expect(page).toHaveURL(new RegExp(`#/timelines\\?user=${user}`))
  await expect(page.getByText('payments <img src=x onerror=alert(1)>')).toBeVisible()
  await expect(page.getByTestId('timeline')).toBeVisible()
  await drop(page, 'evil.undercurrent-view.json', '{"format":"undercurrent-view","version":1,"route":"/connect","search":{"file":"/etc/passwd"},"sources":[]}')
  await expect(page.getByText('This view is of a screen that is not here.')).toBeVisible()
  await expect(page).toHaveURL(/#\/timelines/)
  expect(errors).toEqual([])
})

test('live: a brushed range asks what is different there', async ({ app: { page } }) => {
  await page.getByRole('button', { name: 'Open the demo shop' }).click()
  await expect(page.getByRole('tab', { name: 'Latest events' })).toBeVisible()
  const base = page.url().split('#')[0] ?? ''
  await page.goto(`${base}#/live?bf=1795000000000&bt=1795010000000`)
  await page.getByRole('link', { name: 'What is different here?' }).click()
  await expect(page).toHaveURL(/#\/why\?.*from=1795000000000.*to=1795010000000.*region=true/)
})

/** Nothing runs in the preview, and Chromium says so whenever a test looks into it from outside; without a test it is silent. */
const ofTheApp = (errors: readonly string[]): readonly string[] => errors.filter((text) => !text.startsWith("Blocked script execution in 'about:srcdoc'"))

/** Drops a file onto the window or a part of it, as from a folder of the system. */
async function drop(page: Page, name: string, content: string, onto: Locator = page.locator('main')): Promise<void> {
  // a text, since the tests know nothing of the browser's own types
  const data = await page.evaluateHandle(`{ const transfer = new DataTransfer(); transfer.items.add(new File([${JSON.stringify(content)}], ${JSON.stringify(name)})); transfer }`)
  for (const kind of ['dragenter', 'dragover', 'drop']) await onto.dispatchEvent(kind, { dataTransfer: data })
}
