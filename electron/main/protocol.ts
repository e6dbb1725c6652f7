import { fileURLToPath } from 'node:url'
import { protocol, session } from 'electron'
import { readRendererFile } from '../web/renderer-files.ts'
import { isOwn, scheme } from './origin.ts'

const renderer = fileURLToPath(new URL('../../renderer/', import.meta.url))

/** Must be called before the app is ready: a standard, secure scheme has origins, fetch and workers as https has. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } }])
}

/** Answers requests of the app's own scheme from the built renderer, and lets nothing else out. */
export function serveRenderer(): void {
  protocol.handle(scheme, async (request) => {
    if (!isOwn(request.url)) return new Response('There is no such page.', { status: 404 })
    const { status, headers, body } = await readRendererFile(renderer, new URL(request.url).pathname)
    return new Response(new Uint8Array(body), { status, headers: { ...headers } })
  })
  // the window needs nothing from any network: whatever asks for it is refused
  session.defaultSession.webRequest.onBeforeRequest({ urls: ['http://*/*', 'https://*/*', 'ws://*/*', 'wss://*/*', 'ftp://*/*', 'file://*/*'] }, (_, answer) => answer({ cancel: true }))
}
