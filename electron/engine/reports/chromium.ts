import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { AppError } from '../../../shared/errors.ts'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome', 'microsoft-edge', 'msedge']
const places = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
]
/** Drawing a report takes a second or two; this is for a machine under load. */
const longest = 120_000

/** A Chromium of this machine: the one that UNDERCURRENT_CHROMIUM names, or the system's. @throws AppError NOT_FOUND */
export function findChromium(): string {
  const named = process.env['UNDERCURRENT_CHROMIUM']
  if (named !== undefined && named !== '') {
    if (existsSync(named)) return named
    throw new AppError('NOT_FOUND', `UNDERCURRENT_CHROMIUM names ${named}, which is not there.`, { hint: 'Correct it, or ask for HTML, which every browser prints.' })
  }
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')
  const found = [...folders.flatMap((folder) => names.flatMap((name) => [join(folder, name), join(folder, `${name}.exe`)])), ...places].find((path) => existsSync(path))
  if (found === undefined) throw new AppError('NOT_FOUND', 'PDF and PNG are printed by Chromium, and there is none on this machine.', { hint: 'Install Chromium or Chrome, or name one in UNDERCURRENT_CHROMIUM. HTML and SVG need neither: every browser prints them.' })
  return found
}

/**
 * The PDF of a report's HTML.
 *
 * @throws AppError NOT_FOUND without a Chromium, INTERNAL when it fails, CANCELLED
 */
export function printPdf(html: string, signal: AbortSignal): Promise<Uint8Array> {
  return draw({ name: 'report.html', text: html, becomes: 'report.pdf' }, (target) => ['--no-pdf-header-footer', `--print-to-pdf=${target}`], signal)
}

/** A drawing as a picture, of twice its size so that it prints well. @throws AppError as {@link printPdf} */
export function drawPng(svg: string, { width, height }: { readonly width: number; readonly height: number }, signal: AbortSignal): Promise<Uint8Array> {
  return draw({ name: 'figure.svg', text: svg, becomes: 'figure.png' }, (target) => [`--screenshot=${target}`, `--window-size=${width},${height}`, '--force-device-scale-factor=2', '--hide-scrollbars'], signal)
}

/** What a Chromium of its own makes of a page: it has a profile of its own, no network and no scripts. */
async function draw(page: { readonly name: string; readonly text: string; readonly becomes: string }, options: (target: string) => readonly string[], signal: AbortSignal): Promise<Uint8Array> {
  const program = findChromium()
  const folder = await mkdtemp(join(tmpdir(), 'uc-'))
  try {
    const [path, target] = [join(folder, page.name), join(folder, page.becomes)]
    await writeFile(path, page.text, { mode: 0o600 })
    const said = await run(program, [...commonArguments(folder), ...options(target), pathToFileURL(path).href], folder, signal)
    const bytes = await readFile(target).catch(() => Buffer.alloc(0))
    if (bytes.length === 0) throw new AppError('INTERNAL', `${program} has printed nothing: ${said.trim().split('\n').at(-1)?.slice(0, 300) ?? ''}`, { hint: 'Try another Chromium with UNDERCURRENT_CHROMIUM, or print the HTML in a browser.' })
    return bytes
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
  }
}

function commonArguments(folder: string): readonly string[] {
  // Chromium refuses its sandbox to root, as in a container; the page itself can run nothing
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  return ['--headless', ...sandbox, '--disable-gpu', '--disable-dev-shm-usage', '--disable-extensions', '--disable-background-networking', '--disable-sync', '--no-first-run', '--host-resolver-rules=MAP * ~NOTFOUND', `--user-data-dir=${join(folder, 'profile')}`]
}

function run(program: string, args: readonly string[], folder: string, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(new AppError('CANCELLED', 'Cancelled.'))
      return
    }
    // what it leaves behind when it is ended goes with the folder, whose name is short: it makes a socket there
    const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, TMPDIR: folder, TMP: folder, TEMP: folder } })
    let said = ''
    let failure: AppError | undefined
    const end = (reason: AppError): void => {
      failure = reason
      child.kill('SIGKILL')
    }
    const timer = setTimeout(() => end(new AppError('INTERNAL', `${program} has not printed the report within ${longest / 1000} s.`, { hint: 'Print the HTML in a browser.' })), longest)
    const cancel = (): void => end(new AppError('CANCELLED', 'Cancelled.'))
    signal.addEventListener('abort', cancel, { once: true })
    child.stderr.on('data', (text: Buffer) => {
      said = (said + text.toString()).slice(-4000)
    })
    child.on('error', (cause) => {
      failure = new AppError('NOT_FOUND', `${program} cannot be started.`, { hint: 'Name another Chromium in UNDERCURRENT_CHROMIUM.', cause })
    })
    child.on('close', () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', cancel)
      if (failure === undefined) resolve(said)
      else reject(failure)
    })
  })
}
