import { existsSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { app, BrowserWindow, dialog, Menu, nativeTheme, Notification, screen } from 'electron'
import type { ShellEventName, ShellEventValue } from '../../shared/contract/shell.ts'
import { AppError } from '../../shared/errors.ts'
import { readArguments } from './arguments.ts'
import { EngineProcess } from './engine-process.ts'
import { lockDown } from './lockdown.ts'
import { buildMenu } from './menu.ts'
import { appOrigin } from './origin.ts'
import { registerScheme, serveRenderer } from './protocol.ts'
import { SettingsFile, visibleBounds } from './settings.ts'
import { serveShell } from './shell-ipc.ts'

/** The desktop shell: one window on one workspace. What can be done without a desktop is done by the engine. */
const preload = fileURLToPath(new URL('../preload/preload.cjs', import.meta.url))
const given = readArguments(process.argv)
// tests and second profiles keep their own settings
if (given.profile !== undefined) app.setPath('userData', resolve(given.profile))

registerScheme()
// as root, in a container, Chromium has no sandbox and says so when it is asked for one
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox()
if (app.requestSingleInstanceLock({ workspace: given.workspace, file: given.file })) void start()
// the instance that runs already takes over what this one was asked for
else app.quit()

async function start(): Promise<void> {
  await app.whenReady()
  const settings = new SettingsFile(join(app.getPath('userData'), 'settings.json'))
  nativeTheme.themeSource = settings.value.theme
  lockDown()
  serveRenderer()

  let engine = new EngineProcess(resolve(given.workspace ?? settings.value.recent.find(({ path }) => existsSync(path))?.path ?? join(app.getPath('userData'), 'workspace')), given.demo)
  settings.remember(engine.workspace, Date.now())
  const window = openWindow(settings)
  const send = <N extends ShellEventName>(name: N, value: ShellEventValue<N>): void => window.webContents.send('shell.event', name, value)

  const setMenu = (): void => Menu.setApplicationMenu(buildMenu(settings.value.recent.map(({ path }) => path), { command: (command) => send('menu.command', { command }), openWorkspace: () => void pickWorkspace(), openRecent: (path) => void openWorkspace(path) }))
  const openWorkspace = async (path: string): Promise<void> => {
    if (path === engine.workspace) return
    await engine.close()
    engine = new EngineProcess(path)
    settings.remember(path, Date.now())
    app.addRecentDocument(path)
    setMenu()
    send('workspace.changed', { path })
  }
  const pickWorkspace = async (): Promise<string | undefined> => {
    const { filePaths: [path] } = await dialog.showOpenDialog(window, { title: 'Open a workspace', properties: ['openDirectory', 'createDirectory'] })
    if (path !== undefined) await openWorkspace(path)
    return path
  }
  const give = (path: string | undefined): void => {
    if (path === undefined || !existsSync(path)) return
    if (statSync(path).isDirectory()) void openWorkspace(resolve(path))
    else send('file.given', { path: resolve(path) })
  }
  setMenu()

  serveShell(
    {
      'shell.info': () => Promise.resolve({ version: app.getVersion(), platform: process.platform, workspace: engine.workspace, theme: settings.value.theme }),
      'shell.pickFile': async () => {
        const { filePaths: [path] } = await dialog.showOpenDialog(window, { title: 'Import a file', properties: ['openFile'], filters: [{ name: 'Events', extensions: ['csv', 'tsv', 'ndjson', 'jsonl', 'json', 'parquet'] }, { name: 'All files', extensions: ['*'] }] })
        return path === undefined ? {} : { path }
      },
      'shell.pickWorkspace': async () => {
        const path = await pickWorkspace()
        return path === undefined ? {} : { path }
      },
      'shell.openWorkspace': async ({ path }) => {
        // a page may only go back to where the user has been
        if (!settings.value.recent.some((one) => one.path === path)) throw new AppError('NOT_FOUND', 'This workspace was not open before.', { hint: 'Open its folder from the menu.' })
        await openWorkspace(path)
        return {}
      },
      'shell.recentWorkspaces': () => Promise.resolve([...settings.value.recent]),
      'shell.setTheme': ({ theme }) => {
        nativeTheme.themeSource = theme
        settings.change({ theme })
        return Promise.resolve({})
      },
      'shell.notify': ({ title, body }) => {
        if (!window.isFocused() && Notification.isSupported()) new Notification({ title, body }).show()
        return Promise.resolve({})
      },
    },
    ({ sender }) => engine.connect(sender),
  )
  app.on('second-instance', (_event, _argv, _folder, data) => {
    if (window.isMinimized()) window.restore()
    window.focus()
    const { workspace, file } = data as { readonly workspace?: string; readonly file?: string }
    give(workspace)
    give(file)
  })
  app.on('open-file', (event, path) => {
    event.preventDefault()
    give(path)
  })
  window.webContents.once('did-finish-load', () => give(given.file))
  let closing = false
  app.on('before-quit', (event) => {
    if (closing) return
    // the engine writes down what it holds before the app is gone
    closing = true
    event.preventDefault()
    void engine.close().finally(() => app.quit())
  })
  app.on('window-all-closed', () => app.quit())
  await window.loadURL(`${appOrigin}/`)
}

function openWindow(settings: SettingsFile): BrowserWindow {
  const bounds = visibleBounds(settings.value.window, screen.getAllDisplays().map(({ workArea }) => workArea))
  const window = new BrowserWindow({
    ...bounds,
    minWidth: 900,
    minHeight: 600,
    show: false,
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#242424' : '#ffffff',
    title: 'Undercurrent',
    webPreferences: { preload, sandbox: true, contextIsolation: true, nodeIntegration: false, webSecurity: true, webviewTag: false, navigateOnDragDrop: false, spellcheck: false },
  })
  if (settings.value.window?.maximized === true) window.maximize()
  window.once('ready-to-show', () => window.show())
  window.on('close', () => settings.change({ window: { ...window.getNormalBounds(), maximized: window.isMaximized() } }))
  return window
}
