import type { DeadReason, Decoder } from '../../../shared/model/decoder.ts'

/** A record header as it came. The value's bytes are sacred. */
export interface Header {
  readonly name: string
  readonly value: Buffer | null
}

/** A record as it came from a source, before anything has been made of it. */
export interface RawRecord {
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: readonly Header[] | null
}

/** What a decoder makes of a record. */
export type Decoded = DecodedEvent | DeadRecord

export interface DecodedEvent {
  readonly kind: 'event'
  readonly decoder: Decoder
  /** JSON text of the data where it is not the payload itself (Avro, Protobuf, CloudEvents envelopes); null where the payload is the data. */
  readonly data: string | null
  /** CloudEvents context attributes and extensions as the JSON text of one flat object; null for other records. */
  readonly context: string | null
  /** Schema registry id. */
  readonly schema: number | null
}

export interface DeadRecord {
  readonly kind: 'dead'
  readonly reason: DeadReason
  /** One sentence for people: what is wrong with this very record. Never holds more than 300 characters of the record. */
  readonly detail: string
  readonly schema: number | null
}
