import { gunzipSync } from 'node:zlib'
import { decompress as decompressZstd } from 'fzstd'
import { decompress as decompressLz4 } from 'lz4js'
import { uncompress as decompressSnappy } from 'snappyjs'
import { AppError } from '../../../../shared/errors.ts'

/** A batch may not unpack to more than this: a broken or hostile one must not take the memory of the machine. */
const largestBatch = 512 * 1024 * 1024

/** Snappy as Java writes it: this mark, two version numbers, then blocks, each behind its length. */
const xerialMark = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00])

/**
 * Unpacks the records of a batch. Codecs are numbered as in the record batch's attributes (Kafka protocol, "Record Batch").
 *
 * @throws AppError CONNECT_PROTOCOL for a codec that is not known, Error where the bytes are broken
 */
export function decompress(codec: number, packed: Buffer): Buffer {
  switch (codec) {
    case 0:
      return packed
    case 1:
      return gunzipSync(packed, { maxOutputLength: largestBatch })
    case 2:
      return unpackSnappy(packed)
    case 3:
      return asBuffer(decompressLz4(packed, largestBatch))
    case 4:
      return asBuffer(decompressZstd(packed))
    default:
      throw new AppError('CONNECT_PROTOCOL', `A record batch is compressed by codec ${codec}, which is not known.`, { hint: 'Known are none, gzip, snappy, lz4 and zstd.' })
  }
}

function unpackSnappy(packed: Buffer): Buffer {
  if (!packed.subarray(0, xerialMark.length).equals(xerialMark)) return asBuffer(decompressSnappy(packed, largestBatch))
  const blocks: Buffer[] = []
  let at = xerialMark.length + 8
  while (at < packed.length) {
    const length = packed.readInt32BE(at)
    blocks.push(asBuffer(decompressSnappy(packed.subarray(at + 4, at + 4 + length), largestBatch)))
    at += 4 + length
  }
  return Buffer.concat(blocks)
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
