import { BrowserWindow, session, type Session } from 'electron'
import { AppError } from '../../shared/errors.ts'
import { scheme } from './origin.ts'

/** Drawing a report takes a second or two; this is for a machine under load. */
const longest = 120_000
const place = `${scheme}://print/`

/** Pages that wait to be printed, by their names. */
const pages = new Map<string, string>()
let own: Session | undefined
let lastName = 0

/**
 * The PDF of a page, by a window that nobody sees: it runs no scripts, has no preload script, and reaches nothing but the page.
 *
 * @throws AppError INTERNAL when it fails
 */
export async function printHtml(html: string): Promise<Uint8Array> {
  own ??= printSession()
  const url = `${place}${++lastName}`
  pages.set(url, html)
  const window = new BrowserWindow({ show: false, webPreferences: { session: own, sandbox: true, contextIsolation: true, javascript: false, spellcheck: false } })
  let timer: NodeJS.Timeout | undefined
  try {
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`nothing was printed within ${longest / 1000} s`)), longest)
    })
    return await Promise.race([late, window.loadURL(url).then(() => window.webContents.printToPDF({ printBackground: true, preferCSSPageSize: true }))])
  } catch (error) {
    throw new AppError('INTERNAL', `The report could not be printed: ${error instanceof Error ? error.message : String(error)}.`, { hint: 'Export it as HTML and print that in a browser.', cause: error })
  } finally {
    clearTimeout(timer)
    pages.delete(url)
    window.destroy()
  }
}

/** A session in memory that knows the waiting pages and nothing else. */
function printSession(): Session {
  const made = session.fromPartition('print')
  made.protocol.handle(scheme, ({ url }) => {
    const html = pages.get(url)
    return html === undefined ? new Response('There is no such page.', { status: 404 }) : new Response(html, { headers: { 'content-type': 'text/html; charset=utf-8' } })
  })
  made.webRequest.onBeforeRequest((request, answer) => answer({ cancel: !pages.has(request.url) }))
  return made
}
