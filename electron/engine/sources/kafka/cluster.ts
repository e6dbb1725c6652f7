import type { KafkaConfig } from 'kafkajs'
import Cluster, { type InternalBroker } from 'kafkajs/src/cluster/index.js'
import loggers from 'kafkajs/src/loggers/index.js'
import fetchDefinition from 'kafkajs/src/protocol/requests/fetch/index.js'
import { AppError } from '../../../../shared/errors.ts'
import { createSocketFactory, trackSockets } from './sockets.ts'
import { oldestFetchVersion, readFetchResponse, type FetchResponse } from './fetch-response.ts'

const fetchApi = 1
const readCommitted = 1

/** One partition to fetch from. */
export interface FetchPartition {
  readonly partition: number
  readonly offset: number
}

/**
 * Reads a cluster without a consumer group: partitions are assigned by us, nothing is ever committed to the broker. It
 * stands on KafkaJS's connections, authentication and metadata, because KafkaJS's own consumer always joins a group.
 * Only committed records are read (isolation level read_committed).
 */
export class KafkaCluster {
  private readonly cluster: Cluster
  private readonly closeSockets: () => void

  constructor(config: KafkaConfig) {
    const { logLevel, logCreator, brokers, socketFactory, ...rest } = config
    const tracked = trackSockets(socketFactory ?? createSocketFactory())
    this.closeSockets = tracked.closeAll
    this.cluster = new Cluster({
      ...rest,
      brokers,
      logger: loggers.createLogger({ level: logLevel ?? 0, logCreator }),
      socketFactory: tracked.socketFactory,
      metadataMaxAge: 300_000,
      allowAutoTopicCreation: false,
      isolationLevel: readCommitted,
      maxInFlightRequests: null,
    })
  }

  /** Connects and learns where the topic's partitions live. */
  async connect(topic: string): Promise<void> {
    await this.cluster.connect()
    await this.cluster.addTargetTopic(topic)
  }

  /** The cluster's own name for itself; undefined where the brokers do not tell. Known once connected. */
  get clusterId(): string | undefined {
    return this.cluster.brokerPool.metadata?.clusterId ?? undefined
  }

  /** The broker that leads each partition of a topic; -1 where there is none just now. */
  leaders(topic: string): ReadonlyMap<number, number> {
    return new Map(this.cluster.findTopicPartitionMetadata(topic).map(({ partitionId, leader }) => [partitionId, leader]))
  }

  /** Asks anew where the topic's partitions live; until then what was learned last holds. */
  async refresh(): Promise<void> {
    await this.cluster.refreshMetadata()
  }

  /** The first offset that each partition still has. */
  async earliest(topic: string, partitions: readonly number[]): Promise<ReadonlyMap<number, bigint>> {
    return this.offsets(topic, partitions, { fromBeginning: true })
  }

  /** The offset behind the last committed record of each partition. */
  async latest(topic: string, partitions: readonly number[]): Promise<ReadonlyMap<number, bigint>> {
    return this.offsets(topic, partitions, { fromBeginning: false })
  }

  /** The first offset at or after a time (epoch milliseconds); undefined for a partition with no such record. */
  async at(topic: string, partitions: readonly number[], time: number): Promise<ReadonlyMap<number, bigint | undefined>> {
    const found = await this.offsets(topic, partitions, { fromTimestamp: time })
    return new Map([...found].map(([partition, offset]) => [partition, offset < 0n ? undefined : offset]))
  }

  private async offsets(topic: string, partitions: readonly number[], which: { fromBeginning?: boolean; fromTimestamp?: number }): Promise<ReadonlyMap<number, bigint>> {
    const [answer] = await this.cluster.fetchTopicsOffset([{ topic, partitions: partitions.map((partition) => ({ partition })), ...which }])
    return new Map((answer?.partitions ?? []).map(({ partition, offset }) => [partition, BigInt(offset)]))
  }

  /**
   * Fetches from the partitions that one broker leads; the broker answers when it has something or after `maxWaitMs`.
   *
   * @param maxBytes of the whole answer; a single larger batch still comes, so that no record can block the log
   */
  async fetch(node: number, topic: string, partitions: readonly FetchPartition[], limits: { readonly maxWaitMs: number; readonly maxBytes: number }): Promise<FetchResponse> {
    const broker = await this.cluster.findBroker({ nodeId: String(node) })
    const protocol = fetchProtocol(broker)({
      isolationLevel: readCommitted,
      maxWaitTime: limits.maxWaitMs,
      minBytes: 1,
      maxBytes: limits.maxBytes,
      topics: [{ topic, partitions: partitions.map(({ partition, offset }) => ({ partition, fetchOffset: String(offset), maxBytes: limits.maxBytes })) }],
      rackId: '',
    })
    const version = protocol.request.apiVersion
    if (version < oldestFetchVersion) throw new AppError('CONNECT_PROTOCOL', 'The broker is older than Kafka 0.11, which is not read.', { hint: 'Use a broker of version 0.11 or newer.' })
    const answer = await broker.connectionPool.send({
      ...protocol,
      response: { decode: (raw) => Promise.resolve(readFetchResponse(raw, version)), parse: (decoded) => Promise.resolve(decoded) },
      // a broker under load may answer later than it was asked to wait; that alone is no failure
      requestTimeout: limits.maxWaitMs + 30_000,
    })
    return answer as FetchResponse
  }

  /** Ends every connection at once: KafkaJS by itself waits for answers that are still open, for as long as 30 s. */
  async disconnect(): Promise<void> {
    this.closeSockets()
    await this.cluster.disconnect()
  }
}

function fetchProtocol(broker: InternalBroker): ReturnType<InternalBroker['lookupRequest']> {
  return broker.lookupRequest(fetchApi, fetchDefinition)
}
