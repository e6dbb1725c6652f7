import { randomBytes } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { compress as compressLz4 } from 'lz4js'
import { compress as compressSnappy } from 'snappyjs'
import { describe, expect, it } from 'vitest'
import { AppError } from '../../../../shared/errors.ts'
import { decompress } from './compression.ts'

const [none, gzip, snappy, lz4, zstd] = [0, 1, 2, 3, 4] as const

/** Snappy as the Java client writes it: a mark, two versions, blocks of at most 32 KB, each behind its length. */
function compressXerial(bytes: Buffer): Buffer {
  const parts = [Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0, 0, 0, 0, 1, 0, 0, 0, 1])]
  for (let at = 0; at < bytes.length; at += 32_768) {
    const block = Buffer.from(compressSnappy(bytes.subarray(at, at + 32_768)))
    const length = Buffer.alloc(4)
    length.writeInt32BE(block.length)
    parts.push(length, block)
  }
  return Buffer.concat(parts)
}

/** `i,user-(i%7),cart.add` for i from 0 to 199, a line each: what the golden bytes below were made of. */
const lines = Buffer.from(Array.from({ length: 200 }, (_, index) => `${index},user-${index % 7},cart.add\n`).join(''))

/** Made by the zstd 1.5 command line at level 19, with a checksum and without the size of its content. */
const goldenZstd = 'KLUv/QRorQoAFiA+FKCnmgPWjv0fAMhLS5tIWfoDwDgxQAA5ADEANTQzMh3OE3NiUkIyIlKhLCFXa5U6lbbsjR6NReJQWJIzeNs1Pcudf3xWRDMiLfkABkNBwOBQGCBEwIGg4IAQAfJ9/h9/scUVUzyxxI0ZH0d8Z1dHNyfX431xZ2ZlZGNiNdoWdmVVRTUl1WJdUUdGRURDQiXSFHRjEzXTPLPMnTk/x3yyySWTPLLIlSkvh3zdenXq06W3s9+jHzdenPhw4eXk8+D39vX08wF321033XPL3Zv3d9xnm1022WOLXZv2dthXW1011VNL3Zr1ddRHG1000UMLXZr0dNA32xyAzagRUHR+/wzgpTUQFEER9gNb1WxmK9vYqlYz29jGNrNqH8mRNjJGXmRFSlQ1nuEKN7jBDW04xSnOoBH5kA2pkAl5kARowwInLgRwAcAFABcAXAhAXGCBXQUv4uCd'

const codecs: Record<string, readonly [codec: number, compress: (bytes: Buffer) => Uint8Array]> = {
  none: [none, (bytes) => bytes],
  gzip: [gzip, (bytes) => gzipSync(bytes)],
  'snappy as librdkafka writes it': [snappy, (bytes) => compressSnappy(bytes)],
  'snappy as the Java client writes it': [snappy, compressXerial],
  lz4: [lz4, (bytes) => compressLz4(bytes)],
}

describe.each(Object.entries(codecs))('%s', (_, [codec, compress]) => {
  const unpacked = (bytes: Buffer): Buffer => decompress(codec, Buffer.from(compress(bytes)))

  it('unpacks whatever was packed', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 3000 }), (bytes) => unpacked(Buffer.from(bytes)).equals(bytes)))
  })

  it('unpacks more than one block, of bytes that pack well and of bytes that do not', () => {
    for (const bytes of [Buffer.concat(Array.from({ length: 60 }, () => lines)), randomBytes(300_000)]) expect(unpacked(bytes).equals(bytes)).toBe(true)
  })

  it('says so or ends where its bytes are damaged, and never goes beyond them', () => {
    const packed = Buffer.from(compress(lines))
    const damage = fc.array(fc.tuple(fc.nat(Math.min(40, packed.length - 1)), fc.nat(255)), { minLength: 1, maxLength: 4 })
    const property = fc.property(damage, fc.nat(packed.length), (changes, length) => {
      const bytes = Buffer.from(packed.subarray(0, length))
      for (const [at, byte] of changes) if (at < length) bytes[at] = byte
      try {
        expect(decompress(codec, bytes).length).toBeLessThanOrEqual(512 * 1024 * 1024)
      } catch (error) {
        expect(error).toBeInstanceOf(AppError)
      }
    })
    fc.assert(property, { numRuns: 300, interruptAfterTimeLimit: 20_000, markInterruptAsFailure: true })
  })
})

it('unpacks an lz4 frame of the reference implementation, with the size and a checksum of its content', () => {
  const golden = 'BCJNGGxA7gIAAAAAAABm5AAAAPIEMCx1c2VyLTAsY2FydC5hZGQKMRIAFjESABIyEgAWMhIAEjMSABYzEgASNBIAFjQSABI1EgAWNRIAEjYSABY2EgAdN34AHTh+AB05fgAtMTB/AC0xMYAALTEygQAtMTOCAC4xNAEBHTWEAC4xNoUAHjeFAB44hQAdOYUALTIwhQAtMjGFAC4yMocBHTOFAC0yNIUALTI1hQAuMjaFAB43hQAeOIUAHTmFAC4zMA0CHTGFAC0zMoUALTMzhQAtMzSFAC0zNYUALjM2hQAeN4UAHjiFAAO+ALA0LGNhcnQuYWRkCgAAAADMzsAH'
  const content = lines.subarray(0, lines.indexOf('40,user'))
  expect(decompress(lz4, Buffer.from(golden, 'base64')).equals(content)).toBe(true)
})

describe('zstd', () => {
  it('unpacks what the reference implementation has packed', () => {
    expect(decompress(zstd, Buffer.from(goldenZstd, 'base64')).equals(lines)).toBe(true)
  })

  it('refuses damaged bytes', () => {
    const packed = Buffer.from(goldenZstd, 'base64')
    expect(() => decompress(zstd, packed.subarray(4))).toThrow(AppError)
    expect(() => decompress(zstd, packed.subarray(0, 100))).toThrow(AppError)
  })
})

it('refuses a snappy block that is longer than the batch, or never ends', () => {
  for (const length of [-4, -1, 2 ** 31 - 1]) {
    const packed = compressXerial(lines)
    packed.writeInt32BE(length, 16)
    expect(() => decompress(snappy, packed), `length ${length}`).toThrow(AppError)
  }
})

it('names a codec that is not known', () => {
  expect(() => decompress(7, Buffer.alloc(0))).toThrow(expect.objectContaining({ code: 'CONNECT_PROTOCOL', message: 'A record batch is compressed by codec 7, which is not known.' }) as Error)
})
