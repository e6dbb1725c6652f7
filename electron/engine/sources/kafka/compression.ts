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
 * @throws AppError CONNECT_PROTOCOL for a codec that is not known and for bytes that it cannot unpack
 */
export function decompress(codec: number, packed: Buffer): Buffer {
  try {
    return unpack(codec, packed)
  } catch (cause) {
    if (cause instanceof AppError) throw cause
    throw new AppError('CONNECT_PROTOCOL', `A record batch cannot be unpacked: ${cause instanceof Error ? cause.message : String(cause)}`, { hint: 'The log is damaged on its way or on the broker; another client will tell which.', cause })
  }
}

function unpack(codec: number, packed: Buffer): Buffer {
  switch (codec) {
    case 0:
      return packed
    case 1:
      return gunzipSync(packed, { maxOutputLength: largestBatch })
    case 2:
      return unpackSnappy(packed)
    case 3:
      return asBuffer(decompressLz4(packed, Math.min(lz4Bound(packed), largestBatch)))
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
    const end = at + 4 + packed.readUInt32BE(at)
    if (end > packed.length) throw new RangeError(`a block ends at ${end} of ${packed.length} bytes`)
    blocks.push(asBuffer(decompressSnappy(packed.subarray(at + 4, end), largestBatch)))
    at = end
  }
  return Buffer.concat(blocks)
}

/**
 * The most bytes that an LZ4 frame can unpack to (LZ4 frame format 1.6, "Data Blocks"). lz4js believes every length that
 * it reads: behind the end of damaged bytes it would go on for minutes.
 *
 * @throws RangeError when the frame ends before its end mark, or is not as Kafka's clients write it
 */
function lz4Bound(packed: Buffer): number {
  const largestBlock = 2 ** (8 + 2 * ((packed.readUInt8(5) >> 4) & 0x07))
  const flags = packed.readUInt8(4)
  // no Kafka client writes them, and lz4js looks for them in the wrong place
  if ((flags & 0x10) !== 0) throw new RangeError('its blocks have checksums of their own')
  const hasContentSize = (flags & 0x08) !== 0
  let bound = 0
  for (let at = hasContentSize ? 15 : 7; ; bound += largestBlock) {
    const length = packed.readUInt32LE(at) & 0x7fff_ffff
    if (length === 0) return bound
    at += 4 + length
  }
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
