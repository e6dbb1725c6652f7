import type { KafkaConfig } from 'kafkajs'
import Broker from 'kafkajs/src/broker/index.js'
import loggers from 'kafkajs/src/loggers/index.js'
import ConnectionPool from 'kafkajs/src/network/connectionPool.js'
import fetchDefinition from 'kafkajs/src/protocol/requests/fetch/index.js'
import listOffsetsDefinition from 'kafkajs/src/protocol/requests/listOffsets/index.js'
import metadataDefinition from 'kafkajs/src/protocol/requests/metadata/index.js'
import type { BrokerAddress } from '../../../../shared/connection/broker-address.ts'
import { AppError } from '../../../../shared/errors.ts'
import { throwIfCancelled } from './cancellation.ts'
import { oldestFetchVersion, readFetchResponse } from './fetch-response.ts'
import { createSocketFactory, trackSockets } from './sockets.ts'

const api = { fetch: 1, listOffsets: 2, metadata: 3 } as const
const timestamps = { earliest: -2, latest: -1 } as const
const readCommitted = 1

/** What a broker knows of the cluster. Error codes are those of the Kafka protocol, 0 for none. */
export interface ClusterMetadata {
  readonly clusterId?: string | null
  /** Where clients are told to find each broker: its advertised listener. */
  readonly brokers: readonly (BrokerAddress & { readonly nodeId: number })[]
  readonly topicMetadata: readonly {
    readonly topic: string
    readonly topicErrorCode: number
    readonly isInternal?: boolean
    readonly partitionMetadata: readonly { readonly partitionId: number; readonly leader: number; readonly partitionErrorCode: number }[]
  }[]
}

export interface TopicPartitions {
  readonly topic: string
  readonly partitions: readonly number[]
}

export interface PartitionOffset {
  readonly topic: string
  readonly partition: number
  readonly errorCode: number
  readonly offset: bigint
}

/**
 * A logged-in connection to one broker. KafkaJS's admin client will not do where something is wrong: it fails for the
 * whole cluster when a single partition has no leader, wants to reach the advertised brokers before it tells them, and
 * hides a broker's refusal behind a TypeError. Here every answer comes with its error codes; nothing is tried twice.
 */
export class BrokerLink {
  private readonly broker: Broker
  private readonly closeSockets: () => void

  private constructor(broker: Broker, closeSockets: () => void) {
    this.broker = broker
    this.closeSockets = closeSockets
  }

  /**
   * Connects and logs in. When the signal aborts, the link closes and whatever waits for it fails.
   *
   * @throws what KafkaJS throws: see `toConnectFailure`
   */
  static async open(config: KafkaConfig, address: BrokerAddress, signal?: AbortSignal): Promise<BrokerLink> {
    throwIfCancelled(signal)
    const { socketFactory, closeAll } = trackSockets(config.socketFactory ?? createSocketFactory())
    const logger = loggers.createLogger({ level: config.logLevel ?? 0, logCreator: config.logCreator })
    const connectionPool = new ConnectionPool({ ...config, ...address, logger, socketFactory })
    const link = new BrokerLink(new Broker({ connectionPool, logger, authenticationTimeout: config.authenticationTimeout ?? 10_000, allowAutoTopicCreation: false }), closeAll)
    signal?.addEventListener('abort', () => link.close(), { once: true })
    try {
      await link.broker.connect()
      return link
    } catch (error) {
      link.close()
      throw error
    }
  }

  /** What the broker knows of the named topics, or of all that this user may see. */
  async metadata(topics: readonly string[] = []): Promise<ClusterMetadata> {
    return (await this.send(api.metadata, metadataDefinition, { topics, allowAutoTopicCreation: false })) as ClusterMetadata
  }

  /** The first offset, or the one behind the last committed record, of partitions that this broker leads. */
  async offsets(topics: readonly TopicPartitions[], which: 'earliest' | 'latest'): Promise<PartitionOffset[]> {
    const timestamp = timestamps[which]
    const asked = topics.map(({ topic, partitions }) => ({ topic, partitions: partitions.map((partition) => ({ partition, timestamp })) }))
    const { responses } = (await this.send(api.listOffsets, listOffsetsDefinition, { isolationLevel: readCommitted, topics: asked })) as OffsetsAnswer
    return responses.flatMap(({ topic, partitions }) => partitions.map(({ partition, errorCode, offset }) => ({ topic, partition, errorCode, offset: BigInt(offset ?? -1) })))
  }

  /** Asks for records at an offset, for one at most, and gives the error code: whether this user may read here. */
  async tryRead(topic: string, partition: number, offset: bigint): Promise<number> {
    const partitions = [{ partition, fetchOffset: String(offset), maxBytes: 1 }]
    const protocol = this.broker.lookupRequest(api.fetch, fetchDefinition)({ isolationLevel: readCommitted, maxWaitTime: 0, minBytes: 0, maxBytes: 1, topics: [{ topic, partitions }], rackId: '' })
    const version = protocol.request.apiVersion
    if (version < oldestFetchVersion) throw new AppError('CONNECT_PROTOCOL', 'The broker is older than Kafka 0.11, which is not read.', { hint: 'Use a broker of version 0.11 or newer.' })
    const answer = await this.broker.connectionPool.send({ ...protocol, response: { decode: (raw) => Promise.resolve(readFetchResponse(raw, version)), parse: (decoded) => Promise.resolve(decoded) } })
    const { errorCode, partitions: [first] } = answer as ReturnType<typeof readFetchResponse>
    return errorCode !== 0 ? errorCode : (first?.errorCode ?? 0)
  }

  /** Ends the connection at once, and with it whatever still waits for an answer. */
  close(): void {
    this.closeSockets()
  }

  /** Sends a request and gives the answer as decoded: KafkaJS's `parse` would throw at the first error code in it. */
  private async send(apiKey: number, definition: unknown, input: object): Promise<unknown> {
    const protocol = this.broker.lookupRequest(apiKey, definition)(input)
    return this.broker.connectionPool.send({ ...protocol, response: { ...protocol.response, parse: (decoded) => Promise.resolve(decoded) } })
  }
}

interface OffsetsAnswer {
  readonly responses: readonly { readonly topic: string; readonly partitions: readonly { readonly partition: number; readonly errorCode: number; readonly offset?: string }[] }[]
}
