import { isLosslessNumber, parse, stringify } from 'lossless-json'
import type { DeadRecord, DecodedEvent, Header, RawRecord } from './record.ts'
import { explainJson } from './why-not-json.ts'

/** Attributes that every CloudEvent has (CloudEvents 1.0, "Required attributes"). */
const required = ['specversion', 'id', 'source', 'type'] as const

/**
 * Reads a CloudEvent (CloudEvents 1.0, Kafka protocol binding). The content mode is told from the headers: structured
 * where `content-type` begins with `application/cloudevents`, in any case; else binary where `ce_specversion` is there. A
 * structured format other than JSON cannot be read and is kept as a dead letter; batches do not exist on Kafka. Header
 * names are read in any case, as some bridges write them; of a name that comes twice the first counts.
 *
 * @returns undefined for a record that is no CloudEvent. In binary mode the payload is still to be read: `data` is null.
 */
export function readCloudEvent(record: RawRecord): DecodedEvent | DeadRecord | undefined {
  if (record.headers === null) return undefined
  const contentType = headerText(record.headers, 'content-type')?.toLowerCase().trim()
  if (contentType?.startsWith('application/cloudevents') === true) return readStructured(record, contentType)
  return headerText(record.headers, 'ce_specversion') === undefined ? undefined : readBinary(record.headers, record.value)
}

/** The media type of a record's data in binary mode, in lower case, without parameters. */
export function dataContentType(headers: readonly Header[]): string | undefined {
  return headerText(headers, 'content-type')?.toLowerCase().split(';')[0]?.trim()
}

function readStructured({ value }: RawRecord, contentType: string): DecodedEvent | DeadRecord {
  const format = contentType.split(';')[0]?.trim() ?? ''
  if (format.startsWith('application/cloudevents-batch')) return bad('Batches of CloudEvents are not allowed on Kafka (protocol binding, section 3).')
  if (format !== 'application/cloudevents+json' && format !== 'application/cloudevents') return bad(`The CloudEvents format ${format.slice(0, 80)} is not known; application/cloudevents+json is.`)
  if (value === null) return bad('A structured CloudEvent has its attributes in the value, and this record has no value.')
  try {
    // Numbers keep their digits: a 64-bit id or a price of 2.10 must come out as it went in. Of a name that comes twice the
    // store reads the first in plain JSON too.
    return readEnvelope(parse(new TextDecoder('utf-8', { fatal: true }).decode(value), undefined, { onDuplicateKey: ({ oldValue }) => oldValue }))
  } catch (error) {
    // reading and writing are recursive
    if (error instanceof RangeError) return bad('The CloudEvent is nested too deep to be read.')
    return { ...explainJson(value), kind: 'dead', schema: null }
  }
}

function readEnvelope(envelope: unknown): DecodedEvent | DeadRecord {
  if (typeof envelope !== 'object' || envelope === null || Array.isArray(envelope) || isLosslessNumber(envelope)) return bad('A structured CloudEvent is a JSON object.')
  const { data, data_base64: base64, ...attributes } = envelope as Record<string, unknown>
  const problem = checkAttributes(attributes)
  if (problem !== undefined) return bad(problem)
  const event = { kind: 'event', decoder: 'cloudevents-structured', context: stringify(attributes) ?? '{}', schema: null } as const
  if (base64 === undefined) return { ...event, data: data === undefined ? '{}' : (stringify(data) ?? '{}') }
  if (data !== undefined) return bad('A CloudEvent has either data or data_base64, not both.')
  if (typeof base64 !== 'string') return bad('The attribute data_base64 is not a text.')
  return { ...event, data: binaryData(base64, attributes.datacontenttype) }
}

/** Bytes that are JSON by their media type are that JSON; others stay base64. */
function binaryData(base64: string, contentType: unknown): string {
  const bytes = Buffer.from(base64, 'base64')
  if (isJsonType(typeof contentType === 'string' ? contentType : 'application/json')) {
    const text = bytes.toString('utf8')
    if (isJson(text) && Buffer.from(text, 'utf8').equals(bytes)) return text
  }
  return JSON.stringify({ base64 })
}

function readBinary(headers: readonly Header[], value: Buffer | null): DecodedEvent | DeadRecord {
  const found = new Map<string, string>()
  for (const { name, value: text } of headers) {
    const attribute = name.toLowerCase() === 'content-type' ? 'datacontenttype' : /^ce_/i.test(name) ? name.slice(3).toLowerCase() : undefined
    if (attribute !== undefined && text !== null && !found.has(attribute)) found.set(attribute, text.toString('utf8'))
  }
  const attributes = Object.fromEntries(found)
  const problem = checkAttributes(attributes)
  if (problem !== undefined) return bad(problem)
  return { kind: 'event', decoder: value === null ? 'tombstone' : 'cloudevents-binary', context: JSON.stringify(attributes), data: null, schema: null }
}

function checkAttributes(attributes: Record<string, unknown>): string | undefined {
  for (const name of required) {
    const value = attributes[name]
    if (value === undefined || value === null) return `The CloudEvent has no attribute ${name}.`
    if (typeof value !== 'string') return `The CloudEvent's attribute ${name} is not a text.`
    if (value === '') return `The CloudEvent's attribute ${name} is empty.`
  }
  if (attributes.specversion !== '1.0') return `The CloudEvent is of version ${String(attributes.specversion).slice(0, 20)}; 1.0 is known.`
  return undefined
}

/** True for `application/json`, `…+json` and text forms of it. */
export function isJsonType(contentType: string): boolean {
  return /^[^;]*[/+]json\s*(;|$)/i.test(contentType)
}

/** The value, as text, of the first header of a name that has one; names are compared in any case. */
export function headerText(headers: readonly Header[], name: string): string | undefined {
  return headers.find((header) => header.value !== null && header.name.length === name.length && header.name.toLowerCase() === name)?.value?.toString('utf8')
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function bad(detail: string): DeadRecord {
  return { kind: 'dead', reason: 'bad_cloudevent', detail, schema: null }
}
