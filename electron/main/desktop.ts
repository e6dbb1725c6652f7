import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { app, dialog, nativeTheme, Notification, type BrowserWindow } from 'electron'
import type { ShellEventName, ShellEventValue } from '../../shared/contract/shell.ts'
import { AppError } from '../../shared/errors.ts'
import { isViewFile, largestView } from '../../shared/model/view-file.ts'
import type { Arguments } from './arguments.ts'
import { EngineProcess } from './engine-process.ts'
import { setMenu } from './menu.ts'
import { appOrigin } from './origin.ts'
import { SecretVault } from './secret-vault.ts'
import { SettingsFile } from './settings.ts'
import { serveShell, type ShellHandlers } from './shell-ipc.ts'
import { systemCipher } from './system-cipher.ts'
import { openWindow } from './window.ts'

const eventFiles = [
  { name: 'Events', extensions: ['csv', 'tsv', 'ndjson', 'jsonl', 'json', 'parquet'] },
  { name: 'All files', extensions: ['*'] },
]

/** The desktop shell: one window on one workspace. What can be done without a desktop is done by the engine. */
export class Desktop {
  private readonly settings = new SettingsFile(join(app.getPath('userData'), 'settings.json'))
  private readonly secrets = new SecretVault(join(app.getPath('userData'), 'secrets.json'), systemCipher)
  /** The workspaces in which the demo shop runs. */
  private readonly demos = new Set<string>()
  private readonly given: Arguments
  private readonly window: BrowserWindow
  private engine: EngineProcess

  constructor(given: Arguments) {
    this.given = given
    nativeTheme.themeSource = this.settings.value.theme
    const last = this.settings.value.recent.find(({ path }) => existsSync(path))?.path
    const workspace = given.workspace ?? last ?? join(app.getPath('userData'), 'workspace')
    if (given.demo) this.demos.add(workspace)
    this.engine = this.engineOn(workspace)
    this.window = openWindow(this.settings)
    this.remember(workspace)
    serveShell(this.handlers(), ({ sender }) => void this.engine.connect(sender))
  }

  /** Shows the app, and what it was started with. */
  async load(): Promise<void> {
    const { webContents } = this.window
    try {
      await webContents.loadURL(`${appOrigin}/`)
    } catch (error) {
      // who quits while it loads wants no error
      if (webContents.isDestroyed()) return
      throw error
    }
    if (this.given.file !== undefined) this.give(this.given.file)
    if (this.given.link !== undefined) this.giveView(this.given.link)
  }

  /** Opens a view that somebody has shared, by its link. */
  giveView(link: string): void {
    // one character more than a view has is refused by the window, with a sentence
    this.send('view.given', { text: link.slice(0, largestView + 1), isFile: false })
  }

  /** Takes a file to import, the file of a view, or the folder of a workspace, from outside of the app. */
  give(path: string): void {
    if (!existsSync(path)) void dialog.showMessageBox(this.window, { type: 'warning', message: 'There is no such file.', detail: path })
    else if (statSync(path).isDirectory()) this.openWorkspace(path)
    else if (isViewFile(path)) this.giveViewFile(path)
    else this.send('file.given', { path })
  }

  private giveViewFile(path: string): void {
    try {
      if (statSync(path).size > largestView) throw new Error('It is too large to be a view.')
      this.send('view.given', { text: readFileSync(path, 'utf8'), isFile: true })
    } catch (error) {
      void dialog.showMessageBox(this.window, { type: 'warning', message: 'This view cannot be opened.', detail: `${path}\n${error instanceof Error ? error.message : String(error)}` })
    }
  }

  /** Does what a second start of the app was asked for. */
  takeOver({ workspace, demo, file, link }: Arguments): void {
    if (this.window.isMinimized()) this.window.restore()
    this.window.focus()
    if (workspace !== undefined && demo) this.demos.add(workspace)
    if (workspace !== undefined) this.openWorkspace(workspace)
    if (file !== undefined) this.give(file)
    if (link !== undefined) this.giveView(link)
  }

  /** Closes the workspace; the window stays as it is. */
  async close(): Promise<void> {
    await this.engine.close()
  }

  private engineOn(workspace: string, after?: Promise<void>): EngineProcess {
    return new EngineProcess({ workspace, demo: this.demos.has(workspace), secrets: this.secrets, ...(after === undefined ? {} : { after }) })
  }

  private openWorkspace(path: string): void {
    if (path === this.engine.workspace) {
      this.engine.openAgain()
      return
    }
    this.engine = this.engineOn(path, this.engine.close())
    // the window lets go of its port and asks for another before it sees the former engine end
    this.send('workspace.changed', { path })
    this.remember(path)
  }

  private remember(path: string): void {
    this.settings.remember(path, Date.now())
    app.addRecentDocument(path)
    setMenu(this.settings.value.recent.map((one) => one.path), {
      command: (command) => this.send('menu.command', { command }),
      openWorkspace: () => void this.pickWorkspace(),
      openRecent: (recent) => this.openWorkspace(recent),
    })
  }

  private async pickWorkspace(): Promise<string | undefined> {
    const { filePaths: [path] } = await dialog.showOpenDialog(this.window, { title: 'Open a workspace', properties: ['openDirectory', 'createDirectory'] })
    if (path !== undefined) this.openWorkspace(path)
    return path
  }

  private send<N extends ShellEventName>(name: N, value: ShellEventValue<N>): void {
    if (!this.window.isDestroyed()) this.window.webContents.send('shell.event', name, value)
  }

  private handlers(): ShellHandlers {
    const { settings, window } = this
    return {
      'shell.info': () => Promise.resolve({ version: app.getVersion(), platform: process.platform, workspace: this.engine.workspace, theme: settings.value.theme }),
      'shell.pickFile': async () => {
        const { filePaths: [path] } = await dialog.showOpenDialog(window, { title: 'Import a file', properties: ['openFile'], filters: eventFiles })
        return path === undefined ? {} : { path }
      },
      'shell.pickWorkspace': async () => {
        const path = await this.pickWorkspace()
        return path === undefined ? {} : { path }
      },
      'shell.openWorkspace': async ({ path }) => {
        // a page may only go back to where the user has been
        if (!settings.value.recent.some((one) => one.path === path)) throw new AppError('NOT_FOUND', 'This workspace was not open before.', { hint: 'Open its folder from the menu.' })
        this.openWorkspace(path)
        return Promise.resolve({})
      },
      'shell.recentWorkspaces': () => Promise.resolve([...settings.value.recent]),
      'shell.setTheme': ({ theme }) => {
        nativeTheme.themeSource = theme
        settings.change({ theme })
        return Promise.resolve({})
      },
      'shell.notify': ({ title, body }) => {
        if (!window.isFocused() && Notification.isSupported()) {
          const notification = new Notification({ title, body })
          notification.on('click', () => window.focus())
          notification.show()
        }
        return Promise.resolve({})
      },
    }
  }
}
