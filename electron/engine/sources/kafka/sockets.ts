import net from 'node:net'
import tls from 'node:tls'
import type { ISocketFactory } from 'kafkajs'
import { formatBrokerAddress } from '../../../../shared/connection/broker-address.ts'
import { plainToTlsCode } from './tls-failures.ts'
import { serverName } from './tls-options.ts'

const keepAliveMs = 60_000

/**
 * Writes a broker as KafkaJS can take it. KafkaJS splits `host:port` at the first colon, so an IPv6 address goes without
 * brackets and with `;`, which no host has, for `:`. {@link createSocketFactory} undoes it.
 */
export function seedName(broker: string): string {
  return broker.replace(/^\[(.*)\]:/, (_, host: string) => `${host.replaceAll(':', ';')}:`)
}

/** The inverse of {@link seedName}, for a host alone. */
export function realHost(host: string): string {
  return host.replaceAll(';', ':')
}

/** A broker as people write it, from how KafkaJS names it in an error. */
export function readableBroker(broker: string): string {
  const colon = broker.lastIndexOf(':')
  return formatBrokerAddress({ host: realHost(broker.slice(0, colon)), port: Number(broker.slice(colon + 1)) })
}

/** Opens KafkaJS's connections, to IPv6 addresses too. */
export function createSocketFactory(): ISocketFactory {
  return ({ host: name, port, ssl, onConnect }) => {
    const host = realHost(name)
    // KafkaJS's types leave out that the options are absent without TLS
    const options = ssl as tls.ConnectionOptions | undefined | null
    const socket = options === undefined || options === null
      ? refuseTls(net.connect({ host, port }, onConnect))
      : tls.connect({ host, port, ...options, ...serverName(options, host) }, onConnect)
    return socket.setKeepAlive(true, keepAliveMs)
  }
}

/**
 * Remembers the sockets of a factory, to close them all at once. KafkaJS's own way to disconnect waits for every open
 * answer, which with a broker that hangs takes as long as a request may.
 */
export function trackSockets(create: ISocketFactory): { readonly socketFactory: ISocketFactory; readonly closeAll: () => void } {
  const sockets = new Set<net.Socket>()
  const socketFactory: ISocketFactory = (request) => {
    const socket = create(request)
    sockets.add(socket)
    return socket.once('close', () => sockets.delete(socket))
  }
  const closeAll = (): void => {
    // KafkaJS listens for errors, not for "close"
    for (const socket of sockets) socket.destroy(new Error('The connection was closed here.'))
  }
  return { socketFactory, closeAll }
}

/** Ends a plain connection that is answered by a TLS alert, which KafkaJS would take for the length of an answer and wait. */
function refuseTls(socket: net.Socket): net.Socket {
  return socket.once('data', (bytes) => {
    if (isTlsAlert(bytes)) socket.destroy(Object.assign(new Error('TLS is expected'), { code: plainToTlsCode }))
  })
}

/** An alert record of TLS (RFC 8446, section 5.1): type 21, version 3.x. An answer of Kafka never begins so: it would be 350 MB long. */
export function isTlsAlert(bytes: Buffer): boolean {
  return bytes[0] === 0x15 && bytes[1] === 0x03
}
