import { app, session, type WebContents } from 'electron'
import { openOutside } from './open-outside.ts'
import { isOwn } from './origin.ts'

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
  contents.on('will-frame-navigate', (event) => {
    if (!isOwn(event.url)) event.preventDefault()
  })
  contents.on('will-redirect', (event) => {
    if (!isOwn(event.url)) event.preventDefault()
  })
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.setWindowOpenHandler(({ url }) => {
    void openOutside(url)
    return { action: 'deny' }
  })
}
