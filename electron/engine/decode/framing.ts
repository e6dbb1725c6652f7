import type { Header } from './record.ts'

/** Which schema a payload was written with, and the payload without its frame. `key` is an id's text or a GUID. */
export interface Framed {
  readonly key: string
  readonly payload: Buffer
}

/** The header that carries a value's schema in Confluent's newer framing. */
const schemaHeader = '__value_schema_id'

/**
 * Finds the schema of a payload in Confluent's framing: a magic byte 0 and a 4-byte id in front of the payload, or a
 * header with the same, or with a magic byte 1 and a 16-byte GUID.
 *
 * @returns undefined for a payload without a frame
 */
export function readFraming(headers: readonly Header[] | null, value: Buffer): Framed | undefined {
  const header = headers?.find(({ name }) => name === schemaHeader)?.value ?? undefined
  if (header !== undefined) {
    if (header.length === 5 && header[0] === 0) return { key: String(header.readUInt32BE(1)), payload: value }
    if (header.length === 17 && header[0] === 1) return { key: guid(header.subarray(1)), payload: value }
  }
  return value.length >= 5 && value[0] === 0 ? { key: String(value.readUInt32BE(1)), payload: value.subarray(5) } : undefined
}

function guid(bytes: Buffer): string {
  const hex = bytes.toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
