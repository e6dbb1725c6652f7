import { app, session, shell, type WebContents } from 'electron'
import { appOrigin } from './origin.ts'

/** What a page may be given though it asks: nothing but writing to the clipboard, which "copy" needs. */
const permitted = new Set(['clipboard-sanitized-write'])

/** Denies every page what none of them needs: navigation, windows, permissions, devices, webviews. Call it before a window opens. */
export function lockDown(): void {
  app.on('web-contents-created', (_, contents) => lockContents(contents))
  session.defaultSession.setPermissionRequestHandler((_contents, permission, answer) => answer(permitted.has(permission)))
  session.defaultSession.setPermissionCheckHandler((_contents, permission) => permitted.has(permission))
  session.defaultSession.setDevicePermissionHandler(() => false)
}

function lockContents(contents: WebContents): void {
  contents.on('will-navigate', (event) => {
    if (!isOwn(event.url)) event.preventDefault()
  })
  contents.on('will-redirect', (event) => {
    if (!isOwn(event.url)) event.preventDefault()
  })
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.setWindowOpenHandler(({ url }) => {
    // documentation and the like opens in the system's browser, and only over https
    if (URL.canParse(url) && new URL(url).protocol === 'https:') void shell.openExternal(url)
    return { action: 'deny' }
  })
}

/** Whether a URL is the app's own page. */
export function isOwn(url: string): boolean {
  return url === appOrigin || url.startsWith(`${appOrigin}/`)
}
