import { dialog, shell } from 'electron'

/**
 * Opens a page in the system's browser, if it is one of the web and the user agrees: a link may come out of an event, and
 * other schemes start other programs.
 */
export async function openOutside(url: string): Promise<void> {
  if (!isWebPage(url)) return
  const { response } = await dialog.showMessageBox({ type: 'question', message: 'Open this page in the browser?', detail: new URL(url).href, buttons: ['Open', 'Cancel'], defaultId: 1, cancelId: 1, noLink: true })
  if (response === 0) await shell.openExternal(new URL(url).href)
}

/** Whether a URL names a page that a browser fetches over TLS. */
function isWebPage(url: string): boolean {
  return URL.canParse(url) && new URL(url).protocol === 'https:'
}
