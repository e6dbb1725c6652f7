import { setTimeout as sleep } from 'node:timers/promises'
import type { Producer } from 'kafkajs'
import type { Mapping } from '../../shared/model/mapping.ts'
import type { Broker } from '../kafka/broker.ts'
import { kafkaClient } from '../kafka/clients.ts'
import type { TestRecord } from '../kafka/produce.ts'

/** The mapping of numbered events. */
export const numberedMapping: Mapping = {
  key: 'user', type: 'type', time: 'at', timeFormat: 'epoch_ms',
  attributes: [{ name: 'n', path: 'n', type: 'integer' }],
}

/** The sum of the numbers of so many numbered events: it tells whether each has arrived once. */
export function sumOfNumbers(count: number): bigint {
  return (BigInt(count) * BigInt(count + 1)) / 2n
}

/** Events numbered from `first` on (the first of all is 1), over the partitions of a topic in turn. */
export function numberedEvents(first: number, count: number, partitions: number): (TestRecord & { readonly value: string })[] {
  return Array.from({ length: count }, (_, index) => {
    const n = first + index
    const user = `user-${n % 97}`
    return { key: user, value: JSON.stringify({ user, type: n % 3 === 0 ? 'page.view' : 'cart.add', at: 1_700_000_000_000 + n, n, note: 'x'.repeat(n % 200) }), partition: n % partitions }
  })
}

/** Produces numbered events to every partition of a topic until it is stopped. */
export class NumberedProducer {
  /** Events that the broker has acknowledged. */
  produced = 0
  private readonly producer: Producer
  private readonly topic: string
  private readonly partitions: number
  private stopping = false
  private running: Promise<void> = Promise.resolve()

  constructor(broker: Broker, topic: string, partitions: number) {
    // idempotent: a request that is repeated because its answer came late must not write its records again
    this.producer = kafkaClient(broker).producer({ allowAutoTopicCreation: false, idempotent: true, maxInFlightRequests: 1 })
    this.topic = topic
    this.partitions = partitions
  }

  /** Starts to produce batches of so many events, so many milliseconds apart. */
  async start(batch: number, pauseMs: number): Promise<void> {
    await this.producer.connect()
    this.running = this.run(batch, pauseMs)
    // whoever stops it sees the failure
    this.running.catch(() => undefined)
  }

  /** Ends the producing; every event that was begun is in the log. */
  async stop(): Promise<void> {
    this.stopping = true
    try {
      await this.running
    } finally {
      await this.producer.disconnect()
    }
  }

  private async run(batch: number, pauseMs: number): Promise<void> {
    while (!this.stopping) {
      const messages = numberedEvents(this.produced + 1, batch, this.partitions).map(({ key = null, value, partition = 0 }) => ({ key, value, partition }))
      await this.producer.send({ topic: this.topic, messages })
      this.produced += batch
      await sleep(pauseMs)
    }
  }
}
