import net from 'node:net'
import tls from 'node:tls'
import type { BrokerAddress } from '../../../../shared/connection/broker-address.ts'
import { isTlsAlert } from './sockets.ts'
import { plainToTlsCode } from './tls-failures.ts'
import { serverName } from './tls-options.ts'

/** A connection is open, and a request answered, within this time or never. */
const patienceMs = 4_000
const correlation = 0x756e6463
const clientId = Buffer.from('undercurrent')
/** No answer that is asked for here is larger; what says so is not Kafka. */
const largestAnswer = 1_000_000

export interface WireOptions {
  /** TLS, or none. */
  readonly tls?: tls.ConnectionOptions | undefined
  readonly signal?: AbortSignal | undefined
}

/** An answer that no Kafka broker gives; `speaks` names what it is, where it can be told. */
export class NotKafka extends Error {
  override readonly name = 'NotKafka'
  readonly speaks: string | undefined

  constructor(speaks?: string) {
    super('the answer is not Kafka\'s')
    this.speaks = speaks
  }
}

/**
 * A bare connection to a port that may or may not be Kafka's, for the questions that come before a client can do its
 * work: whether the port speaks at all, TLS or plain text, Kafka or something else, and which logins it takes.
 */
export class Wire {
  readonly socket: net.Socket | tls.TLSSocket

  private constructor(socket: net.Socket) {
    this.socket = socket
  }

  /** @throws the socket's error; ETIMEDOUT after 4 s */
  static async open({ host, port }: BrokerAddress, { tls: options, signal }: WireOptions = {}): Promise<Wire> {
    const socket = options === undefined ? net.connect({ host, port }) : tls.connect({ host, port, ...options, ...serverName(options, host) })
    await settle(socket, signal, (on, resolve) => on(options === undefined ? 'connect' : 'secureConnect', resolve))
    return new Wire(socket)
  }

  /**
   * Sends one request and gives the body of its answer (Kafka protocol, request header v1, response header v0).
   *
   * @throws the socket's error; an error with `plainToTlsCode`; NotKafka; ECONNRESET when the other end closes, ETIMEDOUT
   */
  async request(apiKey: number, apiVersion: number, body: Buffer, signal?: AbortSignal): Promise<Buffer> {
    const { socket } = this
    let received: Buffer = Buffer.alloc(0)
    return settle(socket, signal, (on, resolve, reject) => {
      on('data', (bytes: Buffer) => {
        received = Buffer.concat([received, bytes])
        const wrong = recognize(received, socket instanceof tls.TLSSocket)
        if (wrong !== undefined) reject(wrong)
        else if (received.length >= 8 && received.length >= 4 + received.readInt32BE(0)) resolve(received.subarray(8, 4 + received.readInt32BE(0)))
      })
      socket.write(encode(apiKey, apiVersion, body))
    })
  }

  close(): void {
    this.socket.destroy()
  }
}

type Listen = (event: string, listener: (bytes: Buffer) => void) => void

/** Waits for one outcome of a socket: what `start` listens for, or its failure, its end, silence, the signal. */
async function settle<T>(socket: net.Socket, signal: AbortSignal | undefined, start: (on: Listen, resolve: (value: T) => void, reject: (error: Error) => void) => void): Promise<T> {
  const timeout = AbortSignal.timeout(patienceMs)
  const listeners: Parameters<Listen>[] = []
  const on: Listen = (event, listener) => {
    listeners.push([event, listener])
    socket.on(event, listener)
  }
  try {
    return await new Promise<T>((resolve, reject) => {
      // stays when all is settled: what else a dying socket has to say is of no interest, but must not go unheard
      socket.on('error', reject)
      on('close', () => reject(withCode('ECONNRESET', 'the other end closed the connection')))
      timeout.addEventListener('abort', () => reject(withCode('ETIMEDOUT', `no answer within ${patienceMs / 1000} s`)))
      signal?.addEventListener('abort', () => reject(withCode('ECANCELED', 'cancelled')), { signal: timeout })
      if (signal?.aborted === true) reject(withCode('ECANCELED', 'cancelled'))
      start(on, resolve, reject)
    })
  } catch (error) {
    socket.destroy()
    throw error
  } finally {
    for (const [event, listener] of listeners) socket.off(event, listener)
  }
}

/** Tells from the first bytes whether an answer cannot be Kafka's. */
function recognize(received: Buffer, encrypted: boolean): Error | undefined {
  if (!encrypted && isTlsAlert(received)) return withCode(plainToTlsCode, 'TLS is expected')
  if (received.length >= 5 && received.toString('latin1', 0, 5) === 'HTTP/') return new NotKafka('HTTP')
  if (received.length >= 4 && received.toString('latin1', 0, 4) === 'SSH-') return new NotKafka('SSH')
  if (received.length < 4) return undefined
  const length = received.readInt32BE(0)
  if (length < 4 || length > largestAnswer) return new NotKafka()
  return received.length >= 8 && received.readInt32BE(4) !== correlation ? new NotKafka() : undefined
}

function encode(apiKey: number, apiVersion: number, body: Buffer): Buffer {
  const header = Buffer.alloc(14)
  header.writeInt32BE(10 + clientId.length + body.length, 0)
  header.writeInt16BE(apiKey, 4)
  header.writeInt16BE(apiVersion, 6)
  header.writeInt32BE(correlation, 8)
  header.writeInt16BE(clientId.length, 12)
  return Buffer.concat([header, clientId, body])
}

function withCode(code: string, message: string): Error {
  return Object.assign(new Error(message), { code })
}
