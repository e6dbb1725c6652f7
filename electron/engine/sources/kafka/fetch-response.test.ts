import Encoder from 'kafkajs/src/protocol/encoder.js'
import { describe, expect, it } from 'vitest'
import { AppError } from '../../../../shared/errors.ts'
import { oldestFetchVersion, readFetchResponse, type FetchedPartition } from './fetch-response.ts'

const partitions: readonly FetchedPartition[] = [
  { partition: 0, errorCode: 0, lastStableOffset: 2n ** 40n, highWatermark: 2n ** 40n + 5n, logStartOffset: 17n, aborted: [{ producerId: 9n, firstOffset: 2n ** 33n }, { producerId: 4n, firstOffset: 1n }], log: Buffer.from('the first log') },
  { partition: 2, errorCode: 1, lastStableOffset: -1n, highWatermark: -1n, logStartOffset: -1n, aborted: [], log: Buffer.alloc(0) },
  { partition: 1, errorCode: 0, lastStableOffset: 3n, highWatermark: 3n, logStartOffset: 0n, aborted: [], log: Buffer.from([0xff]) },
]

/** A response as the protocol says it, version by version (Kafka protocol, "Fetch API"). */
function encode(version: number, given: readonly FetchedPartition[]): Buffer {
  const response = new Encoder().writeInt32(250)
  if (version >= 7) response.writeInt16(71).writeInt32(12)
  response.writeInt32(1).writeString('shop').writeInt32(given.length)
  for (const { partition, errorCode, highWatermark, lastStableOffset, logStartOffset, aborted, log } of given) {
    response.writeInt32(partition).writeInt16(errorCode).writeInt64(highWatermark).writeInt64(lastStableOffset)
    if (version >= 5) response.writeInt64(logStartOffset)
    // no aborted transactions are a list of none or no list
    response.writeInt32(aborted.length === 0 && partition === 2 ? -1 : aborted.length)
    for (const { producerId, firstOffset } of aborted) response.writeInt64(producerId).writeInt64(firstOffset)
    if (version >= 11) response.writeInt32(-1)
    response.writeBytes(log)
  }
  return Buffer.from(response.buffer)
}

describe.each([4, 5, 6, 7, 8, 9, 10, 11])('a fetch response of version %d', (version) => {
  it('is read whole', () => {
    expect(readFetchResponse(encode(version, partitions), version)).toEqual({
      clientSideThrottleTime: 250,
      errorCode: version >= 7 ? 71 : 0,
      partitions: version >= 5 ? partitions : partitions.map((partition) => ({ ...partition, logStartOffset: 0n })),
    })
  })

  it('is refused wherever it is cut off', () => {
    const whole = encode(version, partitions)
    for (let cut = 0; cut < whole.length; cut++) {
      expect(() => readFetchResponse(whole.subarray(0, cut), version), `cut at ${cut}`).toThrow(AppError)
    }
  })

  it('never takes longer than its bytes, whatever numbers they hold', () => {
    const whole = encode(version, partitions)
    for (let at = 0; at + 4 <= whole.length; at++) {
      for (const number of [2 ** 31 - 1, -1, -(2 ** 31)]) {
        const damaged = Buffer.from(whole)
        damaged.writeInt32BE(number, at)
        try {
          const read = readFetchResponse(damaged, version)
          expect(read.partitions.length).toBeLessThan(whole.length)
          expect(read.partitions.reduce((sum, { log }) => sum + log.length, 0)).toBeLessThanOrEqual(whole.length)
        } catch (error) {
          expect(error).toBeInstanceOf(AppError)
        }
      }
    }
  })
})

it('begins with the version that brought record batches', () => {
  expect(oldestFetchVersion).toBe(4)
})
