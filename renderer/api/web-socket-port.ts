import { decode, encode } from '@msgpack/msgpack'
import type { Port } from '../../shared/contract/port.ts'

/** MessagePack keeps bigint and bytes apart from numbers and texts; the server's end has the same settings. */
const encoding = { useBigInt64: true, ignoreUndefined: true }

/** Opens a WebSocket to the server that this page came from. @throws Error when it cannot be opened */
export function openWebSocketPort(path: string): Promise<Port> {
  const url = new URL(path, window.location.href)
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  const socket = new WebSocket(url)
  socket.binaryType = 'arraybuffer'
  return new Promise((resolve, reject) => {
    socket.addEventListener('error', () => reject(new Error('The server does not answer. It may have been stopped: start it again with `undercurrent serve`.')), { once: true })
    socket.addEventListener('open', () => resolve(webSocketPort(socket)), { once: true })
  })
}

function webSocketPort(socket: WebSocket): Port {
  return {
    post(message) {
      if (socket.readyState === WebSocket.OPEN) socket.send(encode(message, encoding))
    },
    onMessage(listener) {
      socket.onmessage = (event: MessageEvent<ArrayBuffer>) => {
        try {
          listener(decode(new Uint8Array(event.data), encoding))
        } catch (error) {
          // what cannot be read would leave a question waiting for ever: a new connection asks again
          socket.close()
          throw error
        }
      }
    },
    onClose(listener) {
      socket.addEventListener('close', () => listener(), { once: true })
    },
    close: () => socket.close(),
  }
}
