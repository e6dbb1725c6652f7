import { ShellInfo } from '../../shared/contract/shell.ts'
import type { Host } from './host.ts'
import { openWebSocketPort } from './web-socket-port.ts'

const never = (): (() => void) => () => undefined

/** A browser that shows what `undercurrent serve` serves. */
export function browserHost(): Host {
  return {
    info: async () => ShellInfo.parse(await (await answered(fetch('./shell'))).json()),
    connect: () => openWebSocketPort('./engine'),
    async pickFile() {
      const file = await chooseFile()
      return file === undefined ? undefined : upload(file)
    },
    pathOf: upload,
    workspaces: undefined,
    // a page in a browser follows the browser; what the user chose is kept by the page itself
    setTheme: () => Promise.resolve(),
    notify(title, body) {
      if (document.hidden && 'Notification' in window && Notification.permission === 'granted') new Notification(title, { body })
    },
    onMenu: never,
    onFileGiven: never,
    onViewGiven: never,
    onWorkspaceChanged: never,
  }
}

function chooseFile(): Promise<File | undefined> {
  const input = document.createElement('input')
  input.type = 'file'
  return new Promise((resolve) => {
    input.addEventListener('change', () => resolve(input.files?.[0]))
    input.addEventListener('cancel', () => resolve(undefined))
    input.click()
  })
}

/** A page knows no paths, so the file is brought to where the engine can read it: a folder of this server run. */
async function upload(file: File): Promise<string> {
  const response = await answered(fetch(`./upload?name=${encodeURIComponent(file.name)}`, { method: 'POST', headers: { 'x-undercurrent': '1' }, body: file }))
  return ((await response.json()) as { readonly path: string }).path
}

async function answered(request: Promise<Response>): Promise<Response> {
  const response = await request
  if (!response.ok) throw new Error(await response.text())
  return response
}
