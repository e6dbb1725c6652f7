import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readFraming } from './framing.ts'
import type { Header } from './record.ts'

const bytes = (...values: number[]): Buffer => Buffer.from(values)
const header = (value: Buffer | null, name = '__value_schema_id'): Header[] => [{ name, value }]
const json = Buffer.from('{"a":1}')
const guidBytes = Buffer.from('00112233445566778899aabbccddeeff', 'hex')
const guid = '00112233-4455-6677-8899-aabbccddeeff'

describe('the frame of a payload', () => {
  it('is a magic byte and a 4-byte id, big-endian and unsigned, in front of it', () => {
    fc.assert(
      fc.property(fc.nat({ max: 0xffff_ffff }), fc.uint8Array(), (id, rest) => {
        const front = Buffer.alloc(5)
        front.writeUInt32BE(id, 1)
        expect(readFraming(null, Buffer.concat([front, rest]))).toEqual({ key: String(id), payload: Buffer.from(rest) })
      }),
    )
  })

  it.each([[[0]], [[0, 0, 0, 1]], [[]], [[1, 0, 0, 0, 1, 9]], [[...json]]])('is not in %j', (value) => {
    expect(readFraming(null, bytes(...value))).toBeUndefined()
  })

  it('may be a header, with an id or a GUID; the payload then stays whole', () => {
    expect(readFraming(header(bytes(0, 0, 0, 1, 2)), json)).toEqual({ key: '258', payload: json })
    expect(readFraming(header(Buffer.concat([bytes(1), guidBytes])), json)).toEqual({ key: guid, payload: json })
    const zero = bytes(0, 0, 0, 0, 9, 1)
    expect(readFraming(header(bytes(0, 0, 0, 0, 7)), zero)).toEqual({ key: '7', payload: zero })
  })

  it.each<[what: string, headers: Header[]]>([
    ['is the key\'s', header(bytes(0, 0, 0, 0, 7), '__key_schema_id')],
    ['has no value', header(null)],
    ['is too short', header(bytes(0, 0, 7))],
    ['is too long', header(bytes(0, 0, 0, 0, 7, 1))],
    ['has an unknown magic byte', header(bytes(2, 0, 0, 0, 7))],
    ['has a GUID that is cut off', header(Buffer.concat([bytes(1), guidBytes.subarray(1)]))],
  ])('is looked for in the payload where the header %s', (_, headers) => {
    expect(readFraming(headers, json)).toBeUndefined()
    expect(readFraming(headers, bytes(0, 0, 0, 0, 9, 1))).toEqual({ key: '9', payload: bytes(1) })
  })
})
