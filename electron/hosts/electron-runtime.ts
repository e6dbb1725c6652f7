import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** An Electron to run the app with, or why there is none. */
export type ElectronRuntime = { readonly found: true; readonly path: string } | { readonly found: false; readonly reason: string }

/** A download that has not come by then will be had another time. */
const downloadMs = 120_000

/**
 * Finds Electron's runtime: the one that ELECTRON_OVERRIDE_DIST_PATH names, the one that was downloaded before, or the one
 * that its package downloads now. Installing the app does not download it, so that installing never fails for it.
 */
export async function findElectron(notice: (line: string) => void): Promise<ElectronRuntime> {
  const named = process.env.ELECTRON_OVERRIDE_DIST_PATH
  const executable = process.platform === 'win32' ? 'electron.exe' : process.platform === 'darwin' ? 'Electron.app/Contents/MacOS/Electron' : 'electron'
  if (named !== undefined && named !== '') {
    const path = join(named, executable)
    return existsSync(path) ? { found: true, path } : { found: false, reason: `ELECTRON_OVERRIDE_DIST_PATH names ${named}, where there is no Electron` }
  }
  const folder = electronPackage()
  if (folder === undefined) return { found: false, reason: 'the package electron is not installed' }
  const downloaded = (): string | undefined => {
    const pathFile = join(folder, 'path.txt')
    const path = existsSync(pathFile) ? join(folder, 'dist', readFileSync(pathFile, 'utf8')) : undefined
    return path !== undefined && existsSync(path) ? path : undefined
  }
  const before = downloaded()
  if (before !== undefined) return { found: true, path: before }
  notice('Electron is needed once: downloading it…')
  const problem = await download(join(folder, 'install.js'))
  const after = downloaded()
  return after === undefined ? { found: false, reason: `Electron could not be downloaded (${problem ?? 'no reason was given'})` } : { found: true, path: after }
}

function electronPackage(): string | undefined {
  try {
    return dirname(createRequire(import.meta.url).resolve('electron/package.json'))
  } catch {
    // an installation without development dependencies has none
    return undefined
  }
}

/** Runs the package's own download. Resolves with what went wrong, or undefined. */
function download(script: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [script], { stdio: ['ignore', 'ignore', 'pipe'] })
    let notes = ''
    child.stderr.on('data', (text: Buffer) => {
      notes += text.toString()
    })
    const timer = setTimeout(() => child.kill(), downloadMs)
    child.once('error', (error) => resolve(error.message))
    child.once('exit', (code) => {
      clearTimeout(timer)
      const line = notes.split('\n').find((text) => /error/i.test(text))?.trim()
      resolve(code === 0 ? undefined : (line ?? 'it took too long, or the network cannot be reached').slice(0, 200))
    })
  })
}
