import { decode, encode } from '@msgpack/msgpack'
import type { WebSocket } from 'ws'
import type { Port } from '../../../shared/contract/port.ts'

/** MessagePack keeps bigint and bytes apart from numbers and texts; the page's end has the same settings. */
const encoding = { useBigInt64: true, ignoreUndefined: true }
/** Status codes of a close (RFC 6455, section 7.4.1). */
const unsupportedData = 1003
const invalidData = 1007

/**
 * A WebSocket as a {@link Port}. A message that is no MessagePack closes it, and so does a peer that has not answered a
 * ping by the next one: it is gone, though nothing has told so.
 *
 * @param heartbeatMs the time between two pings
 */
export function webSocketPort(socket: WebSocket, heartbeatMs = 15_000): Port {
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
  socket.once('close', () => clearInterval(heartbeat))
  // ws closes the connection with the reason by itself, and that is what the port tells of
  socket.on('error', () => undefined)
  return {
    // to a socket that has closed nothing is sent, and nothing is thrown
    post: (message) => socket.send(encode(message, encoding)),
    onMessage(listener) {
      socket.on('message', (data, isBinary) => {
        if (!isBinary) { socket.close(unsupportedData); return }
        const message = read(data as Buffer)
        if (message === undefined) { socket.close(invalidData); return }
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
    // of a Buffer, bytes would come as Buffers
    return { value: decode(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), encoding) }
  } catch {
    // not of this protocol: the caller closes the connection
    return undefined
  }
}
