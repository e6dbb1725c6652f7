import type { Registry } from '../../../shared/model/connection.ts'
import type { PayloadFormat } from '../../../shared/model/source.ts'
import { dataContentType, isJsonType, readCloudEvent } from './cloudevents.ts'
import { readFraming, type Framed } from './framing.ts'
import type { Decoded, DecodedEvent, DeadRecord, Header } from './record.ts'
import { SchemaCache, type RegistryStatus } from './registry.ts'
import { explainJson } from './why-not-json.ts'

/** Records as columns; all of the same length. */
export interface RecordColumns {
  readonly size: number
  readonly values: readonly (Buffer | null)[]
  readonly headers: readonly (readonly Header[] | null)[]
}

/** Decodes the records of one source. */
export interface RecordDecoder {
  /** One result a record, in their order. Asks the registry for schemas that are not known yet. */
  decodeBatch(records: RecordColumns, signal: AbortSignal): Promise<readonly Decoded[]>
  /** How the schema registry is doing; undefined where there is none. */
  status(): RegistryStatus | undefined
}

/** A JSON payload without marks: whether it is valid JSON is found out by the store, which has to parse it anyway. */
const plainJson: DecodedEvent = Object.freeze({ kind: 'event', decoder: 'json', data: null, context: null, schema: null })
const tombstone: DecodedEvent = Object.freeze({ kind: 'event', decoder: 'tombstone', data: null, context: null, schema: null })

/** Makes a decoder. `format` says how payloads are read that carry no mark of their own. */
export function createDecoder({ format, registry }: { readonly format: PayloadFormat; readonly registry: Registry | undefined }): RecordDecoder {
  const schemas = registry === undefined ? undefined : new SchemaCache(registry)
  return {
    status: () => schemas?.status(),
    async decodeBatch({ size, values, headers }, signal) {
      const decoded: Decoded[] = new Array<Decoded>(size)
      const framed: { readonly row: number; readonly frame: Framed; readonly event: DecodedEvent | undefined }[] = []
      for (let row = 0; row < size; row++) {
        const value = values[row] ?? null
        const recordHeaders = headers[row] ?? null
        if (recordHeaders === null && value !== null && value[0] !== 0) {
          decoded[row] = format === 'json' ? plainJson : readText(value)
          continue
        }
        const event = readCloudEvent({ key: null, value, headers: recordHeaders })
        const frame = value === null || event?.kind === 'dead' || event?.decoder === 'cloudevents-structured' ? undefined : readFraming(recordHeaders, value)
        if (frame !== undefined) framed.push({ row, frame, event: event?.kind === 'event' ? event : undefined })
        else decoded[row] = event === undefined ? readPlain(value, format) : readBinaryData(event, value, recordHeaders ?? [])
      }
      if (framed.length === 0) return decoded
      await schemas?.load(new Set(framed.map(({ frame }) => frame.key)), signal)
      for (const { row, frame, event } of framed) decoded[row] = withContext(readFramed(schemas, frame), event)
      return decoded
    },
  }
}

function readPlain(value: Buffer | null, format: PayloadFormat): Decoded {
  if (value === null) return tombstone
  if (format === 'text') return readText(value)
  // JSON cannot begin with the magic byte, and a whole frame would have been read
  if (value[0] === 0) return { kind: 'dead', reason: 'bad_framing', detail: `The payload begins with the magic byte of a schema registry and has only ${value.length} byte${value.length === 1 ? '' : 's'}, which is too short for a schema id.`, schema: null }
  return plainJson
}

function readText(value: Buffer): Decoded {
  const text = value.toString('utf8')
  if (text.includes('\uFFFD') && !Buffer.from(text, 'utf8').equals(value)) return { ...explainJson(value), kind: 'dead', schema: null }
  return { kind: 'event', decoder: 'text', data: JSON.stringify({ text }), context: null, schema: null }
}

/** In binary mode the media type says what the value is; without one it is JSON, as everywhere else. */
function readBinaryData(event: DecodedEvent | DeadRecord, value: Buffer | null, headers: readonly Header[]): Decoded {
  if (event.kind === 'dead' || event.decoder !== 'cloudevents-binary' || value === null) return event
  const contentType = dataContentType(headers)
  // there are producers that write no data as no bytes, though only a null is a value that is not there
  if (contentType === undefined || isJsonType(contentType)) return value.length === 0 ? { ...event, data: '{}' } : event
  if (contentType.startsWith('text/')) {
    const read = readText(value)
    return read.kind === 'dead' ? read : { ...event, data: read.data }
  }
  return { ...event, data: JSON.stringify({ base64: value.toString('base64') }) }
}

function readFramed(schemas: SchemaCache | undefined, { key, payload }: Framed): Decoded {
  const id = /^\d+$/.test(key) ? Number(key) : null
  if (schemas === undefined) {
    return { kind: 'dead', reason: 'registry_missing', detail: `The payload is written with schema ${key}, and the connection names no schema registry.`, schema: id }
  }
  const schema = schemas.get(key)
  if (!('read' in schema)) return { kind: 'dead', reason: schema.reason, detail: schema.detail, schema: id }
  try {
    return { kind: 'event', decoder: schema.decoder, data: schema.read(payload), context: null, schema: schema.id }
  } catch (error) {
    const why = error instanceof Error ? error.message.slice(0, 200) : 'it cannot be read'
    return { kind: 'dead', reason: 'schema_mismatch', detail: `The payload does not fit schema ${schema.id}: ${why}`, schema: schema.id }
  }
}

function withContext(decoded: Decoded, event: DecodedEvent | undefined): Decoded {
  return event === undefined || decoded.kind === 'dead' ? decoded : { ...decoded, context: event.context }
}
