import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Page } from '@playwright/test'
import { chromiumOptions } from '../app/chromium.ts'
import { serve } from '../app/served.ts'
import { printTable } from './report.ts'
import { fillShopWorkspace } from './shop-workspace.ts'

const users = 200_000
/** The shop's events come every 10 ms. */
const sliceEvents = 1_000_000
const busiest = { key: 'busiest', every: 100 }

/**
 * Measures the app in Chromium on a workspace of `events` shop events, one user of which has a hundredth of them. Frames
 * are drawn as fast as they can be, without waiting for a display, so that their times are what drawing costs. An
 * existing workspace is named by UNDERCURRENT_BENCH_WORKSPACE; it saves filling one.
 */
export async function benchUi({ events = 10_000_000 }: { readonly events?: number; readonly rounds?: number }): Promise<void> {
  const given = process.env.UNDERCURRENT_BENCH_WORKSPACE
  const workspace = given ?? mkdtempSync(join(tmpdir(), 'undercurrent-bench-'))
  if (given === undefined) await fillShopWorkspace(workspace, events, users, busiest)
  const server = await serve(workspace)
  const browser = await chromium.launch({ ...chromiumOptions, args: [...(chromiumOptions.args ?? []), '--disable-frame-rate-limit', '--disable-gpu-vsync'] })
  try {
    const page = await (await browser.newContext({ viewport: { width: 1400, height: 900 } })).newPage()
    const figures: { readonly what: string; readonly aim: string; readonly value: string }[] = []
    const started = performance.now()
    await page.goto(server.url)
    await page.getByRole('grid', { name: 'Latest events' }).getByRole('row').nth(3).waitFor({ timeout: 60_000 })
    await page.getByRole('application', { name: /Events over time/ }).waitFor({ timeout: 60_000 })
    figures.push({ what: 'open to a usable Live screen', aim: '2,000 ms', value: `${Math.round(performance.now() - started)} ms` })

    const base = page.url().split('#')[0] ?? ''
    // the newest million: the brush moves over nothing but what is in the slice
    const end = Date.UTC(2026, 0, 1) + events * 10
    await page.goto(`${base}#/live?from=${end - sliceEvents * 10}&to=${end}`)
    await page.getByText(`All ${sliceEvents.toLocaleString('en-US')} events of the filter`).waitFor({ timeout: 120_000 })
    await page.getByRole('complementary', { name: 'Counts' }).getByRole('button', { name: /page\.view/ }).waitFor({ timeout: 120_000 })
    figures.push({ what: 'cross-filter of a 1 M row slice, p95', aim: '100 ms', value: `${await crossFilter(page)} ms` })
    figures.push({ what: 'memory of the renderer with that slice', aim: '600 MB', value: `${await rendererMb(page)} MB` })

    await page.goto(`${base}#/timelines?user=${busiest.key}`)
    await page.getByTestId('timeline').waitFor({ timeout: 60_000 })
    await page.waitForTimeout(1500)
    const timeline = await page.getByTestId('timeline').boundingBox()
    if (timeline === null) throw new Error('no timeline')
    await page.mouse.move(timeline.x + timeline.width / 2, timeline.y + 60)
    figures.push({ what: `timeline of ${Math.round(events / busiest.every).toLocaleString('en-US')} events, zoom and pan, p95 (p50) between frames`, aim: '16.7 ms', value: `${await frames(page, async (step) => {
      await page.mouse.wheel(step % 4 === 3 ? 120 : 0, step % 4 === 3 ? 0 : step % 40 < 20 ? -60 : 60)
    })} ms` })

    await page.goto(`${base}#/sequences`)
    const strips = page.getByTestId('strips')
    await strips.waitFor({ timeout: 60_000 })
    await page.waitForTimeout(3000)
    const box = await strips.boundingBox()
    if (box === null) throw new Error('no strips')
    await page.mouse.move(box.x + box.width / 2, box.y + 60)
    figures.push({ what: 'aligned strips, scrolled, p95 (p50) between frames', aim: '16.7 ms', value: `${await frames(page, (step) => page.mouse.wheel(0, step % 60 < 40 ? 300 : -300))} ms` })
    printTable(figures)
    process.stdout.write(`${JSON.stringify({ bench: 'ui', events, figures })}\n`)
  } finally {
    await browser.close()
    await server.stop()
    if (given === undefined) rmSync(workspace, { recursive: true, force: true })
  }
}

/** The 95th percentile of the time between frames, and the median, in milliseconds, while something moves. */
async function frames(page: Page, move: (step: number) => Promise<void>): Promise<string> {
  await page.evaluate(`window.frameTimes = []; window.measuring = true; (() => { let last = performance.now(); const next = (now) => { window.frameTimes.push(now - last); last = now; if (window.measuring) requestAnimationFrame(next) }; requestAnimationFrame(next) })()`)
  for (let step = 0; step < 240; step++) await move(step)
  const times = await page.evaluate<number[]>('window.measuring = false; window.frameTimes')
  return `${percentile(times.slice(2), 0.95)} (${percentile(times.slice(2), 0.5)})`
}

/** The 95th percentile of how long the counts take to follow the brush, from the key that moves it to the new counts. */
async function crossFilter(page: Page): Promise<number> {
  const histogram = page.getByRole('application', { name: /Events over time/ })
  await histogram.press('ArrowRight')
  await page.waitForTimeout(800)
  const times: number[] = []
  for (let turn = 0; turn < 30; turn++) {
    times.push(
      await page.evaluate<number>(`new Promise((resolve) => {
        const counts = document.querySelector('aside[aria-label="Counts"]')
        const started = performance.now()
        const observer = new MutationObserver(() => { observer.disconnect(); resolve(performance.now() - started) })
        observer.observe(counts, { subtree: true, childList: true, characterData: true, attributes: true })
        document.querySelector('canvas[role="application"]').dispatchEvent(new KeyboardEvent('keydown', { key: '${turn % 12 < 10 ? 'ArrowRight' : 'ArrowLeft'}', bubbles: true }))
        setTimeout(() => { observer.disconnect(); resolve(Number.NaN) }, 3000)
      })`),
    )
    await page.waitForTimeout(400)
  }
  if (times.some(Number.isNaN)) throw new Error(`the counts did not follow the brush ${times.filter(Number.isNaN).length} times of ${times.length}`)
  return percentile(times, 0.95)
}

/** Resident memory of the page's process that it shares with no other, in megabytes (Linux). */
async function rendererMb(page: Page): Promise<number> {
  const session = await page.context().browser()?.newBrowserCDPSession()
  const { processInfo } = (await session?.send('SystemInfo.getProcessInfo')) ?? { processInfo: [] }
  const sizes = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => {
    const rollup = readFileSync(`/proc/${id}/smaps_rollup`, 'utf8')
    return Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0) / 1024
  })
  return Math.round(Math.max(0, ...sizes))
}

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return Number((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN).toFixed(1))
}
