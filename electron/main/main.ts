import { mkdirSync } from 'node:fs'
import { app, dialog } from 'electron'
import { toFailure } from '../../shared/errors.ts'
import { Arguments, readArguments } from './arguments.ts'
import { Desktop } from './desktop.ts'
import { lockDown } from './lockdown.ts'
import { registerScheme, serveRenderer } from './protocol.ts'

/** Starts the desktop app, or hands what it was asked for to the instance that runs already. */
const given = readArguments(process.argv, app.isPackaged)
// tests and second profiles keep their own settings
if (given.profile !== undefined) {
  mkdirSync(given.profile, { recursive: true })
  app.setPath('userData', given.profile)
}
app.setAppUserModelId('io.github.undercurrent')
registerScheme()
// root, in a container, has no sandbox and must say so; everyone else cannot do without
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox()

if (app.requestSingleInstanceLock(given)) void start()
else app.quit()

async function start(): Promise<void> {
  // macOS names the files that the app is started with before it is ready
  let give = (path: string): unknown => early.push(path)
  const early: string[] = []
  app.on('open-file', (event, path) => {
    event.preventDefault()
    give(path)
  })
  try {
    await app.whenReady()
    lockDown()
    serveRenderer()
    const desktop = new Desktop(given)
    app.on('second-instance', (_event, _argv, _folder, data) => desktop.takeOver(Arguments.parse(data)))
    closeBeforeQuit(desktop)
    await desktop.load()
    give = (path) => desktop.give(path)
    for (const path of early) give(path)
  } catch (error) {
    dialog.showErrorBox('Undercurrent cannot start', toFailure(error).message)
    app.exit(1)
  }
}

/** Lets the engine write down what it holds before the app is gone. */
function closeBeforeQuit(desktop: Desktop): void {
  let closed = false
  app.on('before-quit', (event) => {
    if (closed) return
    event.preventDefault()
    void desktop.close().then(() => {
      closed = true
      app.quit()
    })
  })
  app.on('window-all-closed', () => app.quit())
}
