import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { chromium, type Browser, type Page } from '@playwright/test'
import { chromiumOptions } from '../app/chromium.ts'
import { serve } from '../app/served.ts'

/** `npm run screenshots`: every screen, light and dark, on the demo shop and, where it is at hand, on REES46. */
const folder = resolve('.cache/screenshots')
/** The ones that the README shows, by their names. */
const shown = new Set(['demo-live-light', 'demo-timelines-dark', 'demo-sequences-light', 'rees46-connect-light'])
const rees46 = join(process.env.UNDERCURRENT_DATA ?? '../shared/data', 'rees46/events.csv')
/** Where the file lies in the picture: a path that tells nothing of this machine. */
const shownFile = '.cache/events.csv'

interface Shot {
  readonly name: string
  readonly route: string
  /** How long the screen takes to come to rest, in milliseconds. */
  readonly rest: number
  /** What is done before the screen is opened. */
  readonly before?: (page: Page) => Promise<void>
}

const demoText = 'sequence "changed their mind" by user, item\n  added: cart.add\n  then removed: cart.remove within 10m\n  without purchase for 10m after added\nreturn removed.time - added.time as hesitation\n'
const fileText = 'sequence "changed their mind" by user, product_id\n  added: cart\n  then removed: remove_from_cart within 10m\nreturn removed.time - added.time as hesitation\n'
const behaviors = `/behaviors?behavior=${encodeURIComponent('changed their mind')}`

const reports = `/reports?of=${encodeURIComponent('["changed their mind"]')}`

const demoShots: readonly Shot[] = [
  { name: 'connect', route: '/connect', rest: 1500 },
  { name: 'live', route: '/live', rest: 6000, before: goOnLive },
  { name: 'timelines', route: '/timelines?user=u00001&event=12', rest: 3000 },
  { name: 'compared', route: `/timelines?pins=${encodeURIComponent('["u00001","u00022","u00003","u00023","u00037"]')}&align=first`, rest: 3000 },
  { name: 'sequences', route: '/sequences', rest: 8000 },
  { name: 'behaviors', route: behaviors, rest: 3000 },
  { name: 'behaviors-steps', route: `${behaviors}&as=blocks&tab=steps`, rest: 4000 },
  { name: 'behaviors-times', route: `${behaviors}&tab=times`, rest: 4000 },
  { name: 'why', route: `/why?behavior=${encodeURIComponent('changed their mind')}`, rest: 6000 },
  { name: 'reports', route: reports, rest: 8000 },
  { name: 'reports-check', route: '/reports?check=true', rest: 1500 },
  { name: 'sql', route: '/sql?chart=true', rest: 5000 },
]
const fileShots: readonly Shot[] = [
  { name: 'connect', route: `/connect?file=${encodeURIComponent(shownFile)}`, rest: 3000 },
  { name: 'live', route: '/live', rest: 4000 },
  { name: 'timelines', route: '/timelines?user=429681830', rest: 3000 },
  { name: 'sequences', route: '/sequences', rest: 6000 },
  { name: 'behaviors', route: behaviors, rest: 3000 },
  { name: 'behaviors-steps', route: `${behaviors}&tab=steps`, rest: 4000 },
  { name: 'why', route: `/why?behavior=${encodeURIComponent('changed their mind')}`, rest: 5000 },
  { name: 'reports', route: reports, rest: 6000 },
  { name: 'sql', route: '/sql', rest: 5000 },
]

mkdirSync(folder, { recursive: true })
const workspaces = mkdtempSync(join(tmpdir(), 'undercurrent-screenshots-'))
const browser = await chromium.launch(chromiumOptions)
try {
  const empty = join(workspaces, 'empty')
  await shoot(browser, empty, 'empty', [{ name: 'start', route: '/start', rest: 1500 }])
  const demo = join(workspaces, 'demo')
  await undercurrent('demo', '--workspace', demo, '--json')
  await keep(demo, demoText)
  await shoot(browser, demo, 'demo', demoShots)
  if (existsSync(rees46)) {
    const file = join(workspaces, 'rees46')
    copyFileSync(rees46, shownFile)
    await undercurrent('import', rees46, '--workspace', file, '--json')
    await keep(file, fileText)
    await shoot(browser, file, 'rees46', fileShots)
  } else process.stdout.write(`REES46 is not at ${rees46}: its screens are left out\n`)
} finally {
  await browser.close()
  rmSync(workspaces, { recursive: true, force: true })
}
for (const name of shown) if (existsSync(join(folder, `${name}.png`))) copyFileSync(join(folder, `${name}.png`), resolve('e2e/screenshots', `${name}.png`))

async function shoot(chromium: Browser, workspace: string, prefix: string, shots: readonly Shot[]): Promise<void> {
  for (const scheme of ['light', 'dark'] as const) {
    const server = await serve(workspace)
    const context = await chromium.newContext({ viewport: { width: 1400, height: 880 }, colorScheme: scheme })
    const page = await context.newPage()
    await page.goto(server.url)
    await page.waitForTimeout(800)
    const base = page.url().split('#')[0] ?? ''
    for (const { name, route, rest, before } of shots) {
      await before?.(page)
      // where it points at nothing, so that no hint is in the picture
      await page.mouse.move(60, 700)
      await page.goto(`${base}#${route}`)
      await page.waitForTimeout(rest)
      await page.screenshot({ path: join(folder, `${prefix}-${name}-${scheme}.png`) })
      process.stdout.write(`${prefix}-${name}-${scheme}.png\n`)
    }
    await context.close()
    await server.stop()
  }
}

/** The shop goes on, so that the pipeline has something to show. */
async function goOnLive(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Go on live' }).click()
  await page.getByRole('button', { name: 'Stop' }).waitFor()
}

/** Keeps a behavior in a workspace. */
async function keep(workspace: string, text: string): Promise<void> {
  const file = join(workspaces, 'kept.behavior')
  writeFileSync(file, text)
  await undercurrent('detect', file, '--workspace', workspace, '--save')
}

async function undercurrent(...args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, ['build/electron/hosts/undercurrent.js', ...args], { stdio: ['ignore', 'ignore', 'inherit'] })
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code !== 0) throw new Error(`undercurrent ${args[0] ?? ''} has ended with ${code ?? 'a signal'}`)
}
