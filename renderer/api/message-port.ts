import type { Port } from '../../shared/contract/port.ts'

/** The browser's MessagePort as a {@link Port}. */
export function messagePort(port: MessagePort): Port {
  return {
    post: (message) => port.postMessage(message),
    onMessage(listener) {
      port.onmessage = (event: MessageEvent<unknown>) => listener(event.data)
    },
    onClose(listener) {
      port.addEventListener('close', () => listener())
    },
    close: () => port.close(),
  }
}
