/** The parts of KafkaJS behind its public interface with which one broker is asked, without a cluster around it. */
declare module 'kafkajs/src/broker/index.js' {
  interface Protocol {
    readonly request: { readonly apiVersion: number }
    readonly response: { readonly decode: (raw: Buffer) => Promise<unknown>; readonly parse: (decoded: unknown) => Promise<unknown> }
  }

  class Broker {
    constructor(options: { readonly connectionPool: unknown; readonly logger: unknown; readonly authenticationTimeout: number; readonly allowAutoTopicCreation: boolean })
    readonly connectionPool: { send(protocol: Protocol): Promise<unknown> }
    connect(): Promise<void>
    lookupRequest(apiKey: number, definition: unknown): (input: unknown) => Protocol
  }
  export = Broker
}

declare module 'kafkajs/src/network/connectionPool.js' {
  const ConnectionPool: new (options: object) => object
  export = ConnectionPool
}

declare module 'kafkajs/src/protocol/requests/metadata/index.js' {
  const definition: unknown
  export = definition
}

declare module 'kafkajs/src/protocol/requests/listOffsets/index.js' {
  const definition: unknown
  export = definition
}

declare module 'kafkajs/src/protocol/error.js' {
  const errors: { createErrorFromCode(code: number): Error & { readonly type: string } }
  export = errors
}
