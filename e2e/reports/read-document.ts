import { pathToFileURL } from 'node:url'
import { chromium } from '@playwright/test'
import { chromiumOptions } from '../app/chromium.ts'

/** What a reader finds in the HTML of a report, read from a browser's own document. */
export interface ReadDocument {
  readonly policy: string
  readonly lead: string
  /** The cards in front, by their names. */
  readonly numbers: Readonly<Record<string, string>>
  /** Rows of the tables, by the names of the tables, in the order of the document. */
  readonly tables: readonly { readonly name: string; readonly rows: readonly (readonly string[])[]; readonly marked: readonly number[] }[]
  /** What hovering over each mark of each chart tells. */
  readonly charts: readonly (readonly string[])[]
  /** Definitions and commands. */
  readonly code: readonly string[]
  readonly text: string
  /** Scripts that a browser would run. */
  readonly scripts: number
  /** Everything that the page has asked for beside itself. */
  readonly requests: readonly string[]
  /** What the page has said, dialogs and errors included. */
  readonly said: readonly string[]
  /** What hostile content would have left behind had it run. */
  readonly isOwned: boolean
}

/** What is asked of the page, in its own language: these tests know no types of a browser. */
const reading = `(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)]
  const textOf = (element) => element?.textContent ?? ''
  return {
    policy: document.querySelector('meta[http-equiv="Content-Security-Policy"]')?.getAttribute('content') ?? '',
    lead: textOf(document.querySelector('p.lead')),
    numbers: Object.fromEntries(all('.numbers div').map((one) => [textOf(one.querySelector('dt')), textOf(one.querySelector('dd'))])),
    tables: all('table').map((table) => {
      const rows = all('tbody tr', table)
      return { name: table.getAttribute('data-name') ?? '', rows: rows.map((row) => all('td', row).map(textOf)), marked: rows.flatMap((row, index) => (row.classList.contains('step') ? [index] : [])) }
    }),
    charts: all('svg').map((svg) => all('title', svg).map(textOf)),
    code: all('pre').map(textOf),
    text: textOf(document.querySelector('main')),
    scripts: all('script').filter(({ type }) => type !== 'application/json').length,
    isOwned: 'owned' in window,
  }
})()`

/** Opens the HTML of a report in Chromium and reads it; scripts of the page may run unless `hasScripts` is false. */
export async function readDocument(path: string, hasScripts: boolean): Promise<ReadDocument> {
  const browser = await chromium.launch(chromiumOptions)
  try {
    const page = await (await browser.newContext({ javaScriptEnabled: hasScripts })).newPage()
    const requests: string[] = []
    const said: string[] = []
    page.on('request', (request) => requests.push(request.url()))
    page.on('console', (message) => said.push(message.text()))
    page.on('pageerror', (error) => said.push(String(error)))
    page.on('dialog', (dialog) => {
      said.push(dialog.message())
      void dialog.dismiss()
    })
    const url = pathToFileURL(path).href
    await page.goto(url, { waitUntil: 'load' })
    const found: Omit<ReadDocument, 'requests' | 'said'> = await page.evaluate(reading)
    return { ...found, requests: requests.filter((asked) => asked !== url), said }
  } finally {
    await browser.close()
  }
}
