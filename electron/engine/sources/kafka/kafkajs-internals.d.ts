/**
 * The few parts of KafkaJS behind its public interface that a consumer without a group needs: its cluster (connections,
 * authentication, metadata), its request encoders and its loggers. The version is pinned in package.json.
 */
declare module 'kafkajs/src/cluster/index.js' {
  import type { KafkaConfig } from 'kafkajs'

  interface Protocol {
    readonly request: { readonly apiVersion: number }
    readonly response: { readonly decode: (raw: Buffer) => Promise<unknown>; readonly parse: (decoded: unknown) => Promise<unknown> }
    readonly requestTimeout?: number
  }

  export interface InternalBroker {
    isConnected(): boolean
    lookupRequest(apiKey: number, definition: unknown): (input: unknown) => Protocol
    readonly connectionPool: { send(protocol: Protocol): Promise<unknown> }
  }

  export interface PartitionMetadata {
    readonly partitionId: number
    readonly leader: number
    readonly partitionErrorCode: number
  }

  export default class Cluster {
    constructor(options: Omit<KafkaConfig, 'brokers' | 'logLevel' | 'logCreator' | 'socketFactory'> & {
      readonly logger: unknown
      readonly brokers: unknown
      readonly socketFactory: unknown
      readonly metadataMaxAge: number
      readonly allowAutoTopicCreation: boolean
      readonly isolationLevel: number
      readonly maxInFlightRequests: number | null
    })
    readonly brokerPool: { readonly metadata: { readonly clusterId?: string | null } | null }
    connect(): Promise<void>
    disconnect(): Promise<void>
    refreshMetadata(): Promise<void>
    addTargetTopic(topic: string): Promise<void>
    findTopicPartitionMetadata(topic: string): readonly PartitionMetadata[]
    findBroker(options: { readonly nodeId: string }): Promise<InternalBroker>
    fetchTopicsOffset(topics: readonly { topic: string; partitions: { partition: number }[]; fromBeginning?: boolean; fromTimestamp?: number }[]): Promise<
      readonly { readonly topic: string; readonly partitions: readonly { readonly partition: number; readonly offset: string }[] }[]
    >
  }
}

declare module 'kafkajs/src/loggers/index.js' {
  const loggers: { createLogger(options: { readonly level: number; readonly logCreator: unknown }): unknown }
  export default loggers
}

declare module 'kafkajs/src/protocol/requests/fetch/index.js' {
  const definition: unknown
  export default definition
}

declare module 'lz4js' {
  export function decompress(input: Uint8Array, maxSize?: number): Uint8Array
}

declare module 'snappyjs' {
  export function uncompress(input: Uint8Array, maxLength?: number): Uint8Array
}
