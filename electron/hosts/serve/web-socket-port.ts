import { decode, encode } from '@msgpack/msgpack'
import type { RawData, WebSocket } from 'ws'
import type { Port } from '../../../shared/contract/port.ts'

/** MessagePack keeps bigint and bytes apart from numbers and texts; the page's end has the same settings. */
const encoding = { useBigInt64: true, ignoreUndefined: true }
/** A peer that does not answer for so long is gone, though nothing has told so. */
const heartbeatMs = 15_000

/** A WebSocket as a {@link Port}. What is no MessagePack closes it. */
export function webSocketPort(socket: WebSocket): Port {
  let alive = true
  socket.on('pong', () => {
    alive = true
  })
  const heartbeat = setInterval(() => {
    if (!alive) { socket.terminate(); return }
    alive = false
    socket.ping()
  }, heartbeatMs)
  heartbeat.unref()
  socket.on('close', () => clearInterval(heartbeat))
  // an error is always followed by the close that the port tells of
  socket.on('error', () => socket.terminate())
  return {
    post(message) {
      if (socket.readyState === socket.OPEN) socket.send(encode(message, encoding))
    },
    onMessage(listener) {
      socket.on('message', (data: RawData, isBinary) => {
        const message = isBinary ? read(data as Buffer) : undefined
        if (message === undefined) { socket.close(1007); return }
        listener(message.value)
      })
    },
    onClose(listener) {
      socket.once('close', () => listener())
    },
    close: () => socket.close(),
  }
}

function read(data: Buffer): { readonly value: unknown } | undefined {
  try {
    return { value: decode(data, encoding) }
  } catch {
    // not of this protocol: the caller closes the connection
    return undefined
  }
}
