import type { MessagePortMain } from 'electron'
import type { Port } from '../../shared/contract/port.ts'
import { exactBytes } from './exact-bytes.ts'

/** Electron's message port as a {@link Port}. */
export function electronPort(port: MessagePortMain): Port {
  return {
    post: (message) => port.postMessage(exactBytes(message)),
    onMessage(listener) {
      port.on('message', ({ data }) => listener(data))
      port.start()
    },
    onClose(listener) {
      port.once('close', () => listener())
    },
    close: () => port.close(),
  }
}
