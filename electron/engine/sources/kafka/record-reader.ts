import type { Header } from '../../decode/record.ts'
import { AppError } from '../../../../shared/errors.ts'
import type { RecordBatchBuilder } from '../record-batch.ts'
import { decompress } from './compression.ts'

/** A transaction that was aborted: the producer's records from this offset up to its abort marker do not count. */
export interface AbortedTransaction {
  readonly producerId: bigint
  readonly firstOffset: bigint
}

/** What to take of a partition's log: records at `next` and later, before `end` where there is one. */
export interface Wanted {
  readonly partition: number
  readonly next: number
  readonly end: number | undefined
}

/** Bytes of a batch in front of its records, and of the part of them that its own length does not count. */
const headerBytes = 61
const uncountedBytes = 12

/**
 * Reads the record batches of one partition as a fetch response carries them (Kafka protocol, "Record Batch", magic 2)
 * straight into columns. KafkaJS's own decoder makes an object, a bigint text and a header map of every record, which
 * costs several times the rest of the pipeline, and it loses the order of headers; this one keeps views on the bytes.
 *
 * Control records and records of aborted transactions are skipped; a batch cut off by the fetch's size limit is left for
 * the next fetch.
 *
 * @returns the offset behind the last complete batch: where the next fetch begins
 * @throws AppError CONNECT_PROTOCOL for bytes that are no record batches; what was read before them is in the builder
 */
export function readRecords(log: Buffer, wanted: Wanted, aborted: readonly AbortedTransaction[], builder: RecordBatchBuilder): number {
  const pendingAborts = [...aborted].sort((a, b) => (a.firstOffset < b.firstOffset ? -1 : 1))
  const abortedProducers = new Set<bigint>()
  let next = wanted.next
  let at = 0
  while (at + 17 <= log.length) {
    const magic = log.readInt8(at + 16)
    if (magic !== 2) {
      throw new AppError('CONNECT_PROTOCOL', `Partition ${wanted.partition} holds records in the message format ${magic} of Kafka before 0.11, which is not read.`, {
        hint: 'Let the broker rewrite the topic, or copy it into a new one.',
      })
    }
    const baseOffset = Number(log.readBigInt64BE(at))
    const where = `partition ${wanted.partition} at offset ${baseOffset}`
    const end = at + uncountedBytes + log.readInt32BE(at + 8)
    if (end < at + headerBytes) throw broken(where, 'is shorter than its own header')
    if (end > log.length) break
    const attributes = log.readInt16BE(at + 21)
    const lastOffset = baseOffset + log.readInt32BE(at + 23)
    if (lastOffset < baseOffset || lastOffset >= Number.MAX_SAFE_INTEGER) throw broken(where, 'ends at an offset that cannot be')
    const producerId = log.readBigInt64BE(at + 43)
    while (pendingAborts[0] !== undefined && pendingAborts[0].firstOffset <= lastOffset) {
      abortedProducers.add(pendingAborts[0].producerId)
      pendingAborts.shift()
    }
    const isControl = (attributes & 0x20) !== 0
    const isTransactional = (attributes & 0x10) !== 0
    const packed = log.subarray(at + headerBytes, end)
    if (isControl) {
      if (isAbortMarker(packed, where)) abortedProducers.delete(producerId)
    } else if (!(isTransactional && abortedProducers.has(producerId))) {
      const appendTime = (attributes & 0x08) !== 0
      readBatch(decompress(attributes & 0x07, packed), {
        where,
        count: log.readInt32BE(at + 57),
        baseOffset,
        lastOffset,
        baseTime: Number(log.readBigInt64BE(appendTime ? at + 35 : at + 27)),
        appendTime,
        // a batch that begins again where the one before it had been gives nothing twice
        wanted: { ...wanted, next },
        builder,
      })
    }
    next = Math.max(next, lastOffset + 1)
    at = end
    if (wanted.end !== undefined && next >= wanted.end) return wanted.end
  }
  return next
}

interface BatchContext {
  /** Names the batch in an error. */
  readonly where: string
  readonly count: number
  readonly baseOffset: number
  readonly lastOffset: number
  /** Milliseconds since the epoch; with `appendTime` the time of every record. */
  readonly baseTime: number
  readonly appendTime: boolean
  readonly wanted: Wanted
  readonly builder: RecordBatchBuilder
}

function readBatch(records: Buffer, { where, count, baseOffset, lastOffset, baseTime, appendTime, wanted, builder }: BatchContext): void {
  const cursor = new Cursor(records, where)
  let previous = baseOffset - 1
  for (let index = 0; index < count; index++) {
    const length = cursor.varint()
    const end = cursor.at + length
    if (length < 0 || end > records.length) throw broken(where, 'is cut off')
    cursor.at++ // the record's own attributes: none are defined
    const timeDelta = cursor.varint()
    const offset = baseOffset + cursor.varint()
    if (offset <= previous || offset > lastOffset) throw broken(where, `has a record at offset ${offset}`)
    previous = offset
    if (offset < wanted.next || (wanted.end !== undefined && offset >= wanted.end)) {
      cursor.at = end
      continue
    }
    const key = cursor.bytes()
    const value = cursor.bytes()
    const headerCount = cursor.varint()
    const headers = headerCount > 0 ? readHeaders(cursor, headerCount) : null
    if (cursor.at > end) throw broken(where, 'has a record that is longer than it says')
    builder.add(wanted.partition, offset, (appendTime ? baseTime : baseTime + timeDelta) * 1000, key, value, headers)
    cursor.at = end
  }
}

function readHeaders(cursor: Cursor, count: number): readonly Header[] {
  const headers: Header[] = []
  for (let index = 0; index < count; index++) {
    const name = cursor.bytes()
    headers.push({ name: name === null ? '' : name.toString('utf8'), value: cursor.bytes() })
  }
  return headers
}

/** A control record's key is a version and a type, 0 for an abort (KIP-98). Control batches are never compressed. */
function isAbortMarker(records: Buffer, where: string): boolean {
  // the log cleaner leaves a batch without its records where it must remember the producer
  if (records.length === 0) return false
  const cursor = new Cursor(records, where)
  cursor.varint()
  cursor.at++
  cursor.varint()
  cursor.varint()
  const key = cursor.bytes()
  return key !== null && key.length >= 4 && key.readInt16BE(2) === 0
}

function broken(where: string, what: string): AppError {
  return new AppError('CONNECT_PROTOCOL', `The record batch of ${where} ${what}.`, { hint: 'The log is damaged on its way or on the broker; another client will tell which.' })
}

/** Reads the variable-length numbers of the protocol: zigzag, seven bits a byte, lowest first. */
class Cursor {
  at = 0
  private readonly buffer: Buffer
  private readonly where: string

  constructor(buffer: Buffer, where: string) {
    this.buffer = buffer
    this.where = where
  }

  /** Exact to 53 bits. One or two bytes nearly always; beyond 28 bits a double takes over from 32-bit arithmetic. */
  varint(): number {
    let value = 0
    for (let scale = 1; scale <= 2 ** 63; scale *= 128) {
      const byte = this.buffer[this.at++]
      if (byte === undefined) throw broken(this.where, 'is cut off')
      value += (byte & 0x7f) * scale
      if (byte < 0x80) return value % 2 === 0 ? value / 2 : -(value + 1) / 2
    }
    throw broken(this.where, 'has a number that does not end')
  }

  /** A length and that many bytes, as a view; null where the length is negative. */
  bytes(): Buffer | null {
    const length = this.varint()
    if (length < 0) return null
    const start = this.at
    this.at += length
    if (this.at > this.buffer.length) throw broken(this.where, 'is cut off')
    return this.buffer.subarray(start, this.at)
  }
}
