import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { _electron, type ElectronApplication, type Page } from '@playwright/test'
import type { Availability } from '../kafka/availability.ts'

/** Tests run in the app's folder. */
const appFolder = process.cwd()
const folders = [process.env.UNDERCURRENT_ELECTRON_DIST, process.env.ELECTRON_OVERRIDE_DIST_PATH, join(appFolder, '.cache/electron-dist'), join(appFolder, 'node_modules/electron/dist')]

/** An Electron of this machine: what the environment names, what `.ci/make-electron-dist` has made, or the downloaded one. */
const electronPath = folders.flatMap((folder) => (folder === undefined || folder === '' ? [] : [join(folder, 'electron')])).find((path) => existsSync(path))

/** Whether journeys through the desktop app can run here. */
export const desktopAvailability: Availability =
  electronPath === undefined
    ? { available: false, reason: 'no Electron runtime: run .ci/make-electron-dist, or name one in UNDERCURRENT_ELECTRON_DIST' }
    : process.platform === 'linux' && (process.env.DISPLAY ?? '') === '' && (process.env.WAYLAND_DISPLAY ?? '') === ''
      ? { available: false, reason: 'no display: run the tests under xvfb-run' }
      : { available: true, how: electronPath }

/** The desktop app, started as its user does, with a profile of its own. */
interface StartedDesktop {
  readonly app: ElectronApplication
  readonly close: () => Promise<void>
}

/** The desktop app with its window. */
export interface Desktop extends StartedDesktop {
  readonly page: Page
}

interface LaunchOptions {
  readonly workspace: string
  readonly args?: readonly string[]
}

/** Starts the app on a workspace, and does not wait for its window. */
export async function startDesktop({ workspace, args = [] }: LaunchOptions): Promise<StartedDesktop> {
  if (electronPath === undefined) throw new Error('no Electron runtime')
  const profile = mkdtempSync(join(tmpdir(), 'undercurrent-profile-'))
  // Chromium refuses its sandbox to root
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  // an Electron that Playwright has looked up is held until Playwright has connected, which else can miss the window's first navigation and wait for it for ever
  process.env.ELECTRON_OVERRIDE_DIST_PATH = dirname(electronPath)
  const app = await _electron.launch({ args: [...sandbox, appFolder, '--workspace', workspace, '--profile', profile, ...args] })
  return {
    app,
    async close() {
      await app.close()
      rmSync(profile, { recursive: true, force: true })
    },
  }
}

/** Starts the app on a workspace and waits for its window. */
export async function launchDesktop(options: LaunchOptions): Promise<Desktop> {
  const desktop = await startDesktop(options)
  return { ...desktop, page: await desktop.app.firstWindow() }
}
