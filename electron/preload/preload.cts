import type { ShellBridge } from '../../shared/contract/shell.ts'

// a sandboxed preload script is CommonJS and can load nothing but Electron
const { contextBridge, ipcRenderer, webUtils } = require('electron') as typeof import('electron')

/** All that a window can reach of the shell. It never grows: new calls and events are names in the contract. */
const bridge: ShellBridge = {
  call: (name, input) => ipcRenderer.invoke('shell.call', name, input),
  on(name, listener) {
    const receive = (_event: unknown, event: string, value: unknown): void => {
      if (event === name) listener(value)
    }
    ipcRenderer.on('shell.event', receive)
    return () => ipcRenderer.off('shell.event', receive)
  },
  port: () => ipcRenderer.send('shell.port'),
  pathOf: (file) => webUtils.getPathForFile(file as File),
}

ipcRenderer.on('shell.port', ({ ports }) => {
  // a port cannot cross the context bridge, but a message of this very window can carry it
  window.postMessage({ kind: 'undercurrent.port' }, window.location.origin, ports as MessagePort[])
})
contextBridge.exposeInMainWorld('undercurrent', bridge)
