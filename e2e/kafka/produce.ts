import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { CompressionTypes, type IHeaders, type Message, Partitioners, type RecordMetadata, type Sender } from 'kafkajs'
import type { Broker } from './broker.ts'
import { kafkaClient } from './clients.ts'
import { endOffsets } from './topics.ts'

export interface TestRecord {
  key?: string | Buffer | null
  /** Null, also by default, is a tombstone. */
  value?: string | Buffer | null
  headers?: IHeaders
  /** Chosen by the hash of the key, or round-robin, when missing. */
  partition?: number
  /** Milliseconds since 1970; now by default. */
  timestamp?: number
}

export interface ProduceOptions {
  /** Most records in one request, 1000 by default; the broker gets one record batch per partition and request. */
  batch?: number
  /** kafkajs brings no other codec of its own. */
  compression?: 'none' | 'gzip'
  /** Sends each request in a transaction of its own and ends it so; both ways leave a marker that takes an offset. */
  transaction?: 'commit' | 'abort'
}

/** Bytes of keys and values after which a request is closed early: a quarter of what a record batch may have. */
const requestBytes = 4 * 2 ** 20

/**
 * Writes records to a topic, in order within each partition, and resolves when the broker has all of them.
 * @throws when the topic does not exist or the broker refuses a record
 */
export async function produce(broker: Broker, topic: string, records: Iterable<TestRecord>, options: ProduceOptions = {}): Promise<void> {
  const { batch = 1000, compression = 'none', transaction } = options
  const producer = kafkaClient(broker).producer({
    allowAutoTopicCreation: false,
    createPartitioner: Partitioners.DefaultPartitioner,
    // a request that a busy broker answers too late is sent once more
    idempotent: true,
    maxInFlightRequests: 1,
    ...(transaction === undefined ? {} : { transactionalId: `undercurrent-test-${randomUUID()}` }),
  })
  const send = (sender: Sender, messages: Message[]): Promise<RecordMetadata[]> =>
    sender.send({ topic, messages, compression: compression === 'gzip' ? CompressionTypes.GZIP : CompressionTypes.None })
  await producer.connect()
  try {
    for (const messages of requests(records, batch)) {
      if (transaction === undefined) {
        await send(producer, messages)
        continue
      }
      const open = await producer.transaction()
      const written = await send(open, messages)
      await open[transaction]()
      await whenDecided(broker, topic, written)
    }
  } finally {
    await producer.disconnect()
  }
}

/** The broker answers the end of a transaction before its markers are in the log; tests want to count on them. */
async function whenDecided(broker: Broker, topic: string, written: readonly RecordMetadata[]): Promise<void> {
  for (;;) {
    const ends = await endOffsets(broker, topic)
    // What `endOffsets` reads stays at the first record of the oldest open transaction.
    if (written.every(({ partition, baseOffset = '-1' }) => (ends[partition] ?? 0n) > BigInt(baseOffset))) return
    await sleep(20)
  }
}

function* requests(records: Iterable<TestRecord>, most: number): Generator<Message[]> {
  let messages: Message[] = []
  let bytes = 0
  for (const record of records) {
    const size = length(record.key) + length(record.value)
    if (messages.length > 0 && (messages.length >= most || bytes + size > requestBytes)) {
      yield messages
      messages = []
      bytes = 0
    }
    messages.push(toMessage(record))
    bytes += size
  }
  if (messages.length > 0) yield messages
}

function toMessage({ key = null, value = null, headers, partition, timestamp }: TestRecord): Message {
  return {
    key,
    value,
    ...(headers === undefined ? {} : { headers }),
    ...(partition === undefined ? {} : { partition }),
    ...(timestamp === undefined ? {} : { timestamp: String(timestamp) }),
  }
}

function length(data: string | Buffer | null | undefined): number {
  if (data === null || data === undefined) return 0
  return typeof data === 'string' ? Buffer.byteLength(data) : data.length
}
