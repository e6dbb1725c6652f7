import fc from 'fast-check'
import { CompressionCodecs, CompressionTypes } from 'kafkajs'
import encodeWithKafkaJS from 'kafkajs/src/protocol/recordBatch/record/v0/index.js'
import { RecordBatch as encodeWholeBatch } from 'kafkajs/src/protocol/recordBatch/v0/index.js'
import { compress as compressLz4 } from 'lz4js'
import { compress as compressSnappy } from 'snappyjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { batchField, encodeBatch, encodeMarker } from '../../../../e2e/fixtures/log-bytes.ts'
import { AppError } from '../../../../shared/errors.ts'
import { RecordBatchBuilder, type RecordBatch } from '../record-batch.ts'
import { readRecords, type AbortedTransaction } from './record-reader.ts'

interface Read {
  readonly next: number
  readonly batch: RecordBatch
}

function read(log: Buffer, { from = 0, end, aborted = [] }: { from?: number; end?: number; aborted?: readonly AbortedTransaction[] } = {}): Read {
  const builder = new RecordBatchBuilder()
  const next = readRecords(log, { partition: 3, next: from, end }, aborted, builder)
  return { next, batch: builder.take() }
}

const texts = (column: readonly (Buffer | null)[]): (string | null)[] => column.map((bytes) => bytes?.toString() ?? null)
const values = (...names: string[]): { value: Buffer }[] => names.map((name) => ({ value: Buffer.from(name) }))

beforeAll(() => {
  // KafkaJS packs with any codec it is given; gzip is its own
  const codec = (pack: (bytes: Uint8Array) => Uint8Array) => () => ({ compress: ({ buffer }: { buffer: Buffer }) => Promise.resolve(Buffer.from(pack(buffer))), decompress: () => Promise.reject(new Error('not asked')) })
  CompressionCodecs[CompressionTypes.Snappy] = codec(compressSnappy)
  CompressionCodecs[CompressionTypes.LZ4] = codec(compressLz4)
})

describe('what a producer has written', () => {
  const codecs = { none: 0, gzip: 1, snappy: 2, lz4: 3 }

  it.each(Object.entries(codecs))('is read back whole from a batch packed with %s', async (_, compression) => {
    const record = fc.record({ timestampDelta: fc.nat(100_000), key: fc.option(fc.uint8Array()), value: fc.option(fc.uint8Array({ maxLength: 300 })), header: fc.string() })
    const property = fc.asyncProperty(fc.array(record, { minLength: 1, maxLength: 40 }), fc.nat(2 ** 40), async (made, firstOffset) => {
      const bytes = (value: Uint8Array | null): Buffer | null => (value === null ? null : Buffer.from(value))
      const { buffer } = await encodeWholeBatch({
        compression, firstOffset, firstTimestamp: 1_700_000_000_000, lastOffsetDelta: made.length - 1,
        records: made.map(({ timestampDelta, key, value, header }, offsetDelta) => encodeWithKafkaJS({ offsetDelta, timestampDelta, key: bytes(key), value: bytes(value), headers: { header } })),
      })
      const { next, batch } = read(buffer)
      expect(next).toBe(firstOffset + made.length)
      expect([...batch.partitions]).toEqual(made.map(() => 3))
      expect([...batch.offsets]).toEqual(made.map((_record, index) => BigInt(firstOffset + index)))
      expect([...batch.brokerTimes]).toEqual(made.map(({ timestampDelta }) => BigInt(1_700_000_000_000 + timestampDelta) * 1000n))
      expect(batch.keys).toEqual(made.map(({ key }) => bytes(key)))
      expect(batch.values).toEqual(made.map(({ value }) => bytes(value)))
      expect(batch.headers).toEqual(made.map(({ header }) => [{ name: 'header', value: Buffer.from(header) }]))
    })
    await fc.assert(property, { numRuns: 60 })
  })

  it('keeps headers in their order, with doubles, null values and bytes that are no text', async () => {
    const headers = [['b', Buffer.from('1')], ['a', null], ['b', Buffer.from([0xff, 0x00])], ['', Buffer.alloc(0)], ['ключ', Buffer.from('é')]] as const
    const { batch } = read(await encodeBatch({ records: [{ headers }, {}] }))
    expect(batch.headers).toEqual([headers.map(([name, value]) => ({ name, value })), null])
  })

  it('tells null keys and values from empty ones', async () => {
    const { batch } = read(await encodeBatch({ records: [{ key: null, value: null }, { key: Buffer.alloc(0), value: Buffer.alloc(0) }] }))
    expect(batch.keys).toEqual([null, Buffer.alloc(0)])
    expect(batch.values).toEqual([null, Buffer.alloc(0)])
  })

  it('reads every difference of times that a record may have', async () => {
    const exact = 2 ** 52 / 1000
    await fc.assert(
      fc.asyncProperty(fc.array(fc.maxSafeInteger().map((number) => Math.trunc(number % exact)), { minLength: 1, maxLength: 20 }), async (deltas) => {
        const { batch } = read(await encodeBatch({ records: deltas.map((timestampDelta) => ({ timestampDelta })) }))
        expect([...batch.brokerTimes]).toEqual(deltas.map((delta) => BigInt(delta) * 1000n))
      }),
    )
  })

  it('reads times before 1970', async () => {
    const { batch } = read(await encodeBatch({ firstTimestamp: -1, records: [{}, { timestampDelta: -86_400_000 }] }))
    expect([...batch.brokerTimes]).toEqual([-1000n, -86_400_001_000n])
  })

  it('gives every record the time at which the broker appended its batch, where the topic is set so', async () => {
    const { batch } = read(await encodeBatch({ firstTimestamp: 1000, maxTimestamp: 5000, logAppendTime: true, records: [{ timestampDelta: 0 }, { timestampDelta: 7 }] }))
    expect([...batch.brokerTimes]).toEqual([5_000_000n, 5_000_000n])
  })

  it('reads offsets beyond 32 bits, exactly', async () => {
    const { next, batch } = read(await encodeBatch({ firstOffset: 2 ** 45 + 1, records: values('a', 'b') }), { from: 2 ** 45 })
    expect([...batch.offsets]).toEqual([2n ** 45n + 1n, 2n ** 45n + 2n])
    expect(next).toBe(2 ** 45 + 3)
  })
})

describe('a part of a log', () => {
  it('begins inside of a batch and ends inside of another, on the offsets that were asked for', async () => {
    const log = Buffer.concat([await encodeBatch({ firstOffset: 10, records: values('a', 'b', 'c') }), await encodeBatch({ firstOffset: 13, records: values('d', 'e', 'f') })])
    expect(read(log, { from: 11, end: 15 })).toMatchObject({ next: 15, batch: { size: 4, values: ['b', 'c', 'd', 'e'].map((name) => Buffer.from(name)) } })
  })

  it('goes on behind offsets that the log cleaner has removed', async () => {
    const log = await encodeBatch({ firstOffset: 100, lastOffsetDelta: 50, records: [{ offsetDelta: 3, value: Buffer.from('kept') }] })
    const { next, batch } = read(log, { from: 90 })
    expect(next).toBe(151)
    expect([...batch.offsets]).toEqual([103n])
  })

  it('leaves a batch that was cut off for the next fetch, wherever it was cut', async () => {
    const whole = await encodeBatch({ firstOffset: 0, records: values('a', 'b') })
    const log = Buffer.concat([whole, await encodeBatch({ firstOffset: 2, records: values('c', 'd') })])
    for (let cut = whole.length; cut < log.length; cut++) expect(read(log.subarray(0, cut))).toMatchObject({ next: 2, batch: { size: 2 } })
    expect(read(log)).toMatchObject({ next: 4, batch: { size: 4 } })
  })

  it('leaves out aborted transactions and markers, and nothing else', async () => {
    const [mine, other] = [7, 8]
    const transactional = (firstOffset: number, producerId: number, ...names: string[]): Promise<Buffer> => encodeBatch({ firstOffset, producerId, transactional: true, records: values(...names) })
    const log = Buffer.concat([
      await encodeBatch({ firstOffset: 0, producerId: mine, records: values('plain') }),
      await transactional(1, mine, 'aborted-1', 'aborted-2'),
      await transactional(3, other, 'committed-1'),
      await encodeMarker(4, mine, 'abort'),
      await transactional(5, mine, 'committed-2'),
      await encodeMarker(6, other, 'commit'),
      await encodeMarker(7, mine, 'commit'),
      await transactional(8, other, 'aborted-3'),
      await encodeMarker(9, other, 'abort'),
    ])
    const aborted = [{ producerId: BigInt(other), firstOffset: 8n }, { producerId: BigInt(mine), firstOffset: 1n }]
    const { next, batch } = read(log, { aborted })
    expect(texts(batch.values)).toEqual(['plain', 'committed-1', 'committed-2'])
    expect([...batch.offsets]).toEqual([0n, 3n, 5n])
    expect(next).toBe(10)
  })

  it('takes a control batch that the log cleaner has emptied for no end of a transaction', async () => {
    const emptied = await encodeBatch({ firstOffset: 1, producerId: 7, transactional: true, control: true, lastOffsetDelta: 0, records: [] })
    // the bytes of this offset, read as the record that is not there, are the key of an abort marker
    const following = await encodeBatch({ firstOffset: 0x0800_0000, producerId: 7, transactional: true, records: values('aborted') })
    const log = Buffer.concat([emptied, following])
    expect(read(log, { aborted: [{ producerId: 7n, firstOffset: 1n }] })).toMatchObject({ next: 0x0800_0001, batch: { size: 0 } })
  })
})

describe('bytes that are no log', () => {
  /** What reading says about broken bytes; it must say it in the end. */
  function failure(log: Buffer): unknown {
    try {
      read(log)
    } catch (error) {
      return error
    }
    return undefined
  }
  const refused = (log: Buffer): void => {
    const error = failure(log)
    expect(error).toBeInstanceOf(AppError)
    expect(error).toMatchObject({ code: 'CONNECT_PROTOCOL' })
  }
  const changed = async (change: (bytes: Buffer) => void): Promise<Buffer> => {
    const bytes = await encodeBatch({ firstOffset: 5, records: values('first', 'second') })
    change(bytes)
    return bytes
  }

  it.each([-1, -12, -13, 0, 40, -(2 ** 31)])('are refused where a batch says that it is %d bytes long', async (length) => {
    refused(await changed((bytes) => bytes.writeInt32BE(length, batchField.length)))
  })

  it.each([0, 1, 3])('are refused in the message format %d, however short they are', async (magic) => {
    const log = await changed((bytes) => bytes.writeInt8(magic, batchField.magic))
    refused(log)
    const short = Buffer.from(log.subarray(0, 34))
    short.writeInt32BE(22, batchField.length)
    refused(short)
  })

  it('are refused where they name a codec that nobody knows', async () => {
    refused(await changed((bytes) => bytes.writeInt16BE(5, batchField.attributes)))
  })

  it.each([3, 1000, 2 ** 31 - 1])('are refused where a batch promises %d records and has two', async (count) => {
    refused(await changed((bytes) => bytes.writeInt32BE(count, batchField.count)))
  })

  it('are refused where a record lies outside of its batch', async () => {
    refused(await changed((bytes) => bytes.writeInt32BE(0, batchField.lastOffsetDelta)))
  })

  it.each([
    ['a length that never ends', Buffer.alloc(1000, 0xff)],
    ['a length behind the end', Buffer.from([0x80, 0x80, 0x80, 0x01])],
    ['a negative length', Buffer.from([0x05, 0, 0, 0, 0, 0])],
    ['a key behind the record', Buffer.from([0x0c, 0, 0, 0, 0x40, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])],
    ['more headers than bytes', Buffer.from([0x14, 0, 0, 0, 1, 1, 0xfe, 0xff, 0xff, 0xff, 0x0f])],
    ['nothing at all', Buffer.alloc(0)],
  ])('are refused where a record has %s', async (_, record) => {
    const empty = await encodeBatch({ records: [{}] })
    const log = Buffer.concat([empty.subarray(0, batchField.records), record])
    log.writeInt32BE(log.length - 12, batchField.length)
    for (const count of [1, 2 ** 31 - 1]) {
      log.writeInt32BE(count, batchField.count)
      refused(log)
    }
  })

  it('never make the reader hang, crash or read more records than there are bytes', async () => {
    const whole = Buffer.concat([await encodeBatch({ firstOffset: 5, compression: 1, records: values('a', 'b') }), await encodeBatch({ firstOffset: 7, records: [{ key: Buffer.from('k'), headers: [['h', Buffer.from('v')]] }] })])
    const damage = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(damage, fc.nat(whole.length), (changes, length) => {
        const log = Buffer.from(whole.subarray(0, length))
        for (const [at, byte] of changes) if (at < length) log[at] = byte
        const builder = new RecordBatchBuilder()
        try {
          const next = readRecords(log, { partition: 0, next: 0, end: undefined }, [], builder)
          const batch = builder.take()
          expect(batch.size).toBeLessThan(whole.length)
          // what is read is covered by what the next fetch leaves out
          for (const offset of batch.offsets) expect(offset < BigInt(next)).toBe(true)
        } catch (error) {
          expect(error).toBeInstanceOf(AppError)
          expect(error).toMatchObject({ code: 'CONNECT_PROTOCOL' })
        }
      }),
      { numRuns: 3000 },
    )
  })
})
