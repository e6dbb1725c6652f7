import type protobuf from 'protobufjs'
import { isoTime } from './avro.ts'

/** How a message of a well-known type is shown, from its fields by name; those that are not on the wire have their defaults. */
type Show = (fields: Readonly<Record<string, unknown>>) => unknown

/**
 * Shows some of Google's well-known types as the values that they stand for, as ProtoJSON does: a Timestamp is ISO 8601 in
 * UTC with microseconds, a wrapper its bare value, a Struct the object that it describes. Other types show their fields.
 */
export function showWellKnownTypes(root: protobuf.Root): void {
  for (const [name, show] of Object.entries(shown)) {
    // after its setup, a type keeps what is put in the place of its method
    root.lookupType(`google.protobuf.${name}`).setup().toObject = (message) => show(message as unknown as Record<string, unknown>) as never
  }
}

const bareValue: Show = ({ value }) => value
const wrappers = ['DoubleValue', 'FloatValue', 'Int64Value', 'UInt64Value', 'Int32Value', 'UInt32Value', 'BoolValue', 'StringValue', 'BytesValue']

const shown: Readonly<Record<string, Show>> = {
  Timestamp: ({ seconds, nanos }) => isoTime(BigInt(String(seconds)) * 1_000_000n + BigInt(Math.floor(Number(nanos) / 1000))),
  ...Object.fromEntries(wrappers.map((name) => [name, bareValue])),
  Struct: showStruct,
  ListValue: showList,
  Value: showValue,
}

function showStruct({ fields }: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields as Record<string, Record<string, unknown>>).map(([name, value]) => [name, showValue(value)]))
}

function showList({ values }: Readonly<Record<string, unknown>>): unknown[] {
  return (values as Record<string, unknown>[]).map(showValue)
}

function showValue(value: Readonly<Record<string, unknown>>): unknown {
  // a message inherits its defaults, so what it has itself was on the wire
  const [kind, of] = Object.entries(value).at(-1) ?? []
  if (kind === 'structValue') return showStruct(of as Record<string, unknown>)
  if (kind === 'listValue') return showList(of as Record<string, unknown>)
  return kind === 'nullValue' ? null : of
}
