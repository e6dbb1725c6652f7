import type { ShellBridge, ShellCallInput, ShellCallName, ShellCallOutput, ShellEventName, ShellEventValue } from '../../shared/contract/shell.ts'
import { fromFailure } from '../../shared/errors.ts'
import type { Result } from '../../shared/result.ts'
import type { Host } from './host.ts'
import { messagePort } from './message-port.ts'

declare global {
  interface Window {
    /** Put there by the preload script; absent in a browser. */
    readonly undercurrent?: ShellBridge
  }
}

/** Electron's window. */
export function desktopHost(bridge: ShellBridge): Host {
  async function call<N extends ShellCallName>(name: N, input: ShellCallInput<N>): Promise<ShellCallOutput<N>> {
    const result = (await bridge.call(name, input)) as Result<ShellCallOutput<N>>
    if (!result.ok) throw fromFailure(result.error)
    return result.value
  }
  const on = <N extends ShellEventName>(name: N, listener: (value: ShellEventValue<N>) => void): (() => void) => bridge.on(name, (value) => listener(value as ShellEventValue<N>))

  return {
    info: () => call('shell.info', {}),
    connect: () =>
      new Promise((resolve) => {
        const receive = (event: MessageEvent<unknown>): void => {
          const [port] = event.ports
          if (event.source !== window || port === undefined || (event.data as { kind?: unknown } | null)?.kind !== 'undercurrent.port') return
          window.removeEventListener('message', receive)
          resolve(messagePort(port))
        }
        window.addEventListener('message', receive)
        bridge.port()
      }),
    pickFile: async () => (await call('shell.pickFile', {})).path,
    pathOf: (file) => Promise.resolve(bridge.pathOf(file)),
    workspaces: {
      recent: () => call('shell.recentWorkspaces', {}),
      pick: async () => {
        await call('shell.pickWorkspace', {})
      },
      open: async (path) => {
        await call('shell.openWorkspace', { path })
      },
    },
    setTheme: async (theme) => {
      await call('shell.setTheme', { theme })
    },
    notify: (title, body) => void call('shell.notify', { title, body }),
    onMenu: (listener) => on('menu.command', ({ command }) => listener(command)),
    onFileGiven: (listener) => on('file.given', ({ path }) => listener(path)),
    onViewGiven: (listener) => on('view.given', listener),
    onWorkspaceChanged: (listener) => on('workspace.changed', () => listener()),
  }
}
