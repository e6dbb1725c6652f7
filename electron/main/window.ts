import { fileURLToPath } from 'node:url'
import { app, BrowserWindow, dialog, nativeTheme, screen } from 'electron'
import { visibleBounds, type SettingsFile } from './settings.ts'

const preload = fileURLToPath(new URL('../preload/preload.cjs', import.meta.url))

/** Opens the window where it was, still empty; it shows itself when there is something to see, and remembers its place when it closes. */
export function openWindow(settings: SettingsFile): BrowserWindow {
  const window = new BrowserWindow({
    ...visibleBounds(settings.value.window, screen.getAllDisplays().map(({ workArea }) => workArea)),
    minWidth: 900,
    minHeight: 600,
    show: false,
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#242424' : '#ffffff',
    title: 'Undercurrent',
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      devTools: !app.isPackaged,
    },
  })
  if (settings.value.window?.maximized === true) window.maximize()
  window.once('ready-to-show', () => window.show())
  window.on('close', () => {
    try {
      settings.change({ window: { ...window.getNormalBounds(), maximized: window.isMaximized() } })
    } catch (error) {
      // a full disk must not keep the window from closing
      console.error(error)
    }
  })
  window.webContents.on('render-process-gone', (_event, { reason }) => void offerReload(window, reason))
  return window
}

/** A page that has crashed is empty for ever, unless it is loaded again. */
async function offerReload(window: BrowserWindow, reason: string): Promise<void> {
  if (reason === 'clean-exit' || window.isDestroyed()) return
  const { response } = await dialog.showMessageBox(window, { type: 'error', message: 'The window has crashed.', detail: `Nothing that was stored is lost (${reason}).`, buttons: ['Load it again', 'Quit'], defaultId: 0, cancelId: 1, noLink: true })
  if (response === 0) window.reload()
  else app.quit()
}
