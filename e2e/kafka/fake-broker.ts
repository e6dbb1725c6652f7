import { createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, type TlsOptions } from 'node:tls'

export interface FakePartition {
  /** Node that leads it, -1 for none. */
  leader: number
  earliest?: bigint
  latest?: bigint
}

export interface FakeBrokerOptions {
  tls?: TlsOptions
  /** Where clients are told to find the brokers, by node; the fake itself, as node 1, by default. */
  advertised?: readonly { nodeId: number; host: string; port: number }[]
  topics?: Readonly<Record<string, readonly FakePartition[]>>
}

export interface FakeServer {
  host: string
  port: number
  /** `host:port` */
  address: string
  /** API keys of the requests in the order they came. */
  requests: number[]
  close: () => Promise<void>
}

/**
 * A broker that answers just enough of the Kafka protocol to be looked at (ApiVersions, SaslHandshake, Metadata v1,
 * ListOffsets v1), for clusters in a state that a real one cannot be brought into at will.
 */
export async function fakeBroker({ tls, advertised, topics = {} }: FakeBrokerOptions = {}): Promise<FakeServer> {
  const requests: number[] = []
  const serve = (socket: Socket): void => {
    let received: Buffer = Buffer.alloc(0)
    socket.on('data', (bytes: Buffer) => {
      received = Buffer.concat([received, bytes])
      // as a broker does with what is longer than socket.request.max.bytes, such as the first bytes of TLS
      if (received.length >= 4 && received.readInt32BE(0) > 100 * 2 ** 20) return void socket.destroy()
      while (received.length >= 4 && received.length >= 4 + received.readInt32BE(0)) {
        const end = 4 + received.readInt32BE(0)
        const apiKey = received.readInt16BE(4)
        const version = received.readInt16BE(6)
        requests.push(apiKey)
        const body = answer(apiKey, version)
        if (body === undefined) return void socket.destroy()
        socket.write(Buffer.concat([int32(4 + body.length), received.subarray(8, 12), body]))
        received = received.subarray(end)
      }
    })
  }
  const answer = (apiKey: number, version: number): Buffer | undefined => {
    switch (apiKey) {
      case 18: return Buffer.concat([int16(0), array([[2, 1, 1], [3, 1, 1], [18, 0, 2]].map(([key = 0, low = 0, high = 0]) => Buffer.concat([int16(key), int16(low), int16(high)]))), ...(version > 0 ? [int32(0)] : [])])
      case 17: return Buffer.concat([int16(34), int32(0)])
      case 3: return metadata(advertised ?? [{ nodeId: 1, host: server.host, port: server.port }], topics)
      // the latest offset is asked for first, then the earliest
      case 2: return listOffsets(topics, requests.filter((key) => key === 2).length % 2 === 1 ? 'latest' : 'earliest')
    }
    return undefined
  }
  const server = await listen(tls === undefined ? createServer(serve) : createTlsServer(tls, serve), requests)
  return server
}

/** A server on 127.0.0.1 that says the same to whoever connects, or nothing at all. */
export function mouthpiece(says?: string): Promise<FakeServer> {
  return listen(createServer((socket) => {
    socket.on('error', () => undefined)
    socket.once('data', () => (says === undefined ? undefined : socket.write(says)))
  }), [])
}

async function listen(server: Server, requests: number[]): Promise<FakeServer> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => sockets.add(socket.on('error', () => undefined)))
  server.on('tlsClientError', () => undefined)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const bound = server.address()
  if (bound === null || typeof bound === 'string') throw new Error('no port')
  return {
    host: '127.0.0.1', port: bound.port, address: `127.0.0.1:${bound.port}`, requests,
    close: () => new Promise((resolve) => {
      for (const socket of sockets) socket.destroy()
      server.close(() => resolve())
    }),
  }
}

function metadata(brokers: readonly { nodeId: number; host: string; port: number }[], topics: NonNullable<FakeBrokerOptions['topics']>): Buffer {
  return Buffer.concat([
    array(brokers.map(({ nodeId, host, port }) => Buffer.concat([int32(nodeId), string(host), int32(port), int16(-1)]))),
    int32(brokers[0]?.nodeId ?? -1),
    array(Object.entries(topics).map(([topic, partitions]) => Buffer.concat([
      int16(0), string(topic), Buffer.from([topic.startsWith('__') ? 1 : 0]),
      // 5 is LEADER_NOT_AVAILABLE
      array(partitions.map(({ leader }, index) => Buffer.concat([int16(leader < 0 ? 5 : 0), int32(index), int32(leader), int32(0), int32(0)]))),
    ]))),
  ])
}

function listOffsets(topics: NonNullable<FakeBrokerOptions['topics']>, which: 'earliest' | 'latest'): Buffer {
  return array(Object.entries(topics).map(([topic, partitions]) => Buffer.concat([
    string(topic),
    array(partitions.flatMap((partition, index) => (partition.leader < 0 ? [] : [Buffer.concat([int32(index), int16(0), int64(-1n), int64(partition[which] ?? 0n)])]))),
  ])))
}

function array(items: readonly Buffer[]): Buffer {
  return Buffer.concat([int32(items.length), ...items])
}

function string(text: string): Buffer {
  return Buffer.concat([int16(Buffer.byteLength(text)), Buffer.from(text)])
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeInt16BE(value)
  return bytes
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}

function int64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigInt64BE(value)
  return bytes
}
