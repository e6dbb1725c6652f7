import { AppError } from '../../../../shared/errors.ts'
import type { AbortedTransaction } from './record-reader.ts'

/** What a broker answers for one partition. `log` is a view on the response: whole record batches, the last one perhaps cut off. */
export interface FetchedPartition {
  readonly partition: number
  readonly errorCode: number
  /** Behind the last committed record: where a reader of committed records stands still. */
  readonly lastStableOffset: bigint
  readonly highWatermark: bigint
  readonly logStartOffset: bigint
  readonly aborted: readonly AbortedTransaction[]
  readonly log: Buffer
}

/** A broker's answer to a fetch, for one topic. */
export interface FetchResponse {
  readonly errorCode: number
  /** Milliseconds the broker asks the client to wait (KIP-219); KafkaJS's connection does so. */
  readonly clientSideThrottleTime: number
  readonly partitions: readonly FetchedPartition[]
}

/** The versions of the Fetch response that are read here: from the record batches of Kafka 0.11 on. */
export const oldestFetchVersion = 4

/**
 * Reads a Fetch response (Kafka protocol, Fetch API, versions 4 to 11) without touching the records.
 *
 * @throws AppError CONNECT_PROTOCOL when the bytes end before the response does
 */
export function readFetchResponse(raw: Buffer, version: number): FetchResponse {
  try {
    return read(raw, version)
  } catch (cause) {
    // a Buffer refuses every read outside of it
    if (cause instanceof RangeError) throw new AppError('CONNECT_PROTOCOL', 'The broker\'s answer to a fetch is cut off.', { hint: 'Something between here and the broker changes what is sent, or the port is not Kafka\'s.', cause })
    throw cause
  }
}

function read(raw: Buffer, version: number): FetchResponse {
  let at = 0
  const int16 = (): number => raw.readInt16BE((at += 2) - 2)
  const int32 = (): number => raw.readInt32BE((at += 4) - 4)
  const int64 = (): bigint => raw.readBigInt64BE((at += 8) - 8)
  const view = (length: number): Buffer => {
    const start = at
    at += Math.max(0, length) // null has the length -1
    if (at > raw.length) throw new RangeError(`${length} bytes at ${start} of ${raw.length}`)
    return raw.subarray(start, at)
  }
  const clientSideThrottleTime = int32()
  const errorCode = version >= 7 ? int16() : 0
  if (version >= 7) int32() // session id: sessions are not used
  const partitions: FetchedPartition[] = []
  const topics = int32()
  for (let topic = 0; topic < topics; topic++) {
    view(int16()) // one topic is asked for at a time, so its name is known
    const count = int32()
    for (let index = 0; index < count; index++) {
      const partition = int32()
      const partitionError = int16()
      const highWatermark = int64()
      const lastStableOffset = int64()
      const logStartOffset = version >= 5 ? int64() : 0n
      const aborted: AbortedTransaction[] = []
      const abortedCount = int32()
      for (let transaction = 0; transaction < abortedCount; transaction++) aborted.push({ producerId: int64(), firstOffset: int64() })
      if (version >= 11) int32() // preferred read replica
      const log = view(int32())
      partitions.push({ partition, errorCode: partitionError, lastStableOffset, highWatermark, logStartOffset, aborted, log })
    }
  }
  return { errorCode, clientSideThrottleTime, partitions }
}
