import type { ShellBridge } from '../../shared/contract/shell.ts'

// a sandboxed preload script is CommonJS and can load nothing but Electron
const { contextBridge, ipcRenderer, webUtils } = require('electron') as typeof import('electron')

type Listener = (value: unknown) => void

const listeners = new Map<string, Set<Listener>>()
/** What came before the page was ready to hear it, such as the file that the app was started with. */
const early: { readonly name: string; readonly value: unknown }[] = []

/** All that a window can reach of the shell. It never grows: new calls and events are names in the contract. */
const bridge: ShellBridge = {
  call: (name, input) => ipcRenderer.invoke('shell.call', name, input),
  on(name, listener) {
    const all = listeners.get(name) ?? new Set()
    listeners.set(name, all.add(listener))
    for (const event of early.splice(0)) deliver(event.name, event.value)
    return () => all.delete(listener)
  },
  port: () => ipcRenderer.send('shell.port'),
  pathOf: (file) => webUtils.getPathForFile(file as File),
}

function deliver(name: string, value: unknown): void {
  const all = listeners.get(name)
  if (all === undefined || all.size === 0) early.push({ name, value })
  else for (const listener of all) listener(value)
}

ipcRenderer.on('shell.event', (_event, name: string, value: unknown) => deliver(name, value))
ipcRenderer.on('shell.port', ({ ports }) => {
  // a port cannot cross the context bridge, but a message of this very window can carry it
  window.postMessage({ kind: 'undercurrent.port' }, window.location.origin, ports)
})
contextBridge.exposeInMainWorld('undercurrent', bridge)
