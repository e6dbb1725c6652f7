import { mkdirSync } from 'node:fs'
import { app, dialog } from 'electron'
import { toFailure } from '../../shared/errors.ts'
import { viewScheme } from '../../shared/model/view-file.ts'
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
// what is not packaged would register the Electron that it is developed with
if (app.isPackaged) app.setAsDefaultProtocolClient(viewScheme.slice(0, -1))
// root, in a container, has no sandbox and must say so; everyone else cannot do without
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox()

if (app.requestSingleInstanceLock(given)) void start()
else app.quit()

async function start(): Promise<void> {
  // macOS names what the app is started with, files and links, before it is ready
  let take = (work: (desktop: Desktop) => void): unknown => early.push(work)
  const early: ((desktop: Desktop) => void)[] = []
  app.on('open-file', (event, path) => {
    event.preventDefault()
    take((desktop) => desktop.give(path))
  })
  app.on('open-url', (event, link) => {
    event.preventDefault()
    take((desktop) => desktop.giveView(link))
  })
  try {
    await app.whenReady()
    lockDown()
    serveRenderer()
    const desktop = new Desktop(given)
    app.on('second-instance', (_event, _argv, _folder, data) => desktop.takeOver(Arguments.parse(data)))
    closeBeforeQuit(desktop)
    await desktop.load()
    take = (work) => work(desktop)
    for (const work of early) work(desktop)
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
      // not from within the event: the first quit, which was prevented, would end the second as well
      setImmediate(() => app.quit())
    })
  })
  app.on('window-all-closed', () => app.quit())
}
