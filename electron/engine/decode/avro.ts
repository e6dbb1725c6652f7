import avsc, { type Schema, type Type } from 'avsc'
import { toJsonText } from './json-text.ts'

/** Elements that take no bytes (null) are bounded by this, others by the payload's length. */
const mostElements = 10_000_000

/** Turns Avro bytes into JSON text. @throws Error where the bytes do not fit the schema */
export type PayloadReader = (payload: Buffer) => string

/**
 * Makes a reader for an Avro schema (Avro 1.11 specification). Longs keep all digits, `timestamp-*` becomes ISO 8601 in
 * UTC, `date` and `decimal` their text, unions the bare value, bytes and fixed base64.
 *
 * @param references schemas that this one names, in the order in which they build on each other
 */
export function avroReader(schema: string, references: readonly string[]): PayloadReader {
  const registry: Record<string, Type> = { long: bigLong }
  const options = { registry, logicalTypes, typeHook } as never
  for (const reference of references) avsc.Type.forSchema(parseSchema(reference), options)
  const type = avsc.Type.forSchema(parseSchema(schema), options)
  return (payload) => toJsonText(type.fromBuffer(payload))
}

/** Without defaults: payloads are read with the schema that wrote them, and avsc would try to write each default. */
function parseSchema(text: string): Schema {
  return JSON.parse(text, (name, value: unknown) => (name === 'default' ? undefined : value)) as Schema
}

const bigLong = avsc.types.LongType.__with({
  fromBuffer: (bytes: Buffer) => bytes.readBigInt64LE(),
  toBuffer: (value: bigint) => {
    const bytes = Buffer.alloc(8)
    bytes.writeBigInt64LE(value)
    return bytes
  },
  fromJSON: BigInt,
  toJSON: Number,
  isValid: (value: unknown) => typeof value === 'bigint',
  compare: (a: bigint, b: bigint) => (a === b ? 0 : a < b ? -1 : 1),
})

/** A logical type that is only ever read. */
function readAs(read: (value: never, type: LogicalSchema) => unknown): typeof avsc.types.LogicalType {
  return class extends avsc.types.LogicalType {
    private readonly schema_: LogicalSchema
    constructor(schema: Schema, options: never) {
      // avsc looks the registry's long up by name only, and a logical type names its own in an object
      super(isLong(schema) ? (bigLong) : schema, options)
      this.schema_ = schema as unknown as LogicalSchema
    }
    protected override _fromValue(value: never): unknown {
      return read(value, this.schema_)
    }
    protected override _toValue(): never {
      throw new Error('this type is only read')
    }
  }
}

interface LogicalSchema {
  readonly scale?: number
}

const logicalTypes = {
  'timestamp-millis': readAs((value: bigint) => isoTime(value * 1000n)),
  'timestamp-micros': readAs((value: bigint) => isoTime(value)),
  'local-timestamp-millis': readAs((value: bigint) => isoTime(value * 1000n).slice(0, -1)),
  'local-timestamp-micros': readAs((value: bigint) => isoTime(value).slice(0, -1)),
  date: readAs((value: number) => isoTime(BigInt(value) * 86_400_000_000n).slice(0, 10)),
  decimal: readAs((value: Buffer, { scale }) => decimalText(value, scale ?? 0)),
}

/** Microseconds since the epoch as ISO 8601 in UTC; a time that no calendar date can say stays a number's text. */
export function isoTime(micros: bigint): string {
  const millis = micros / 1000n - (micros % 1000n < 0n ? 1n : 0n)
  const date = new Date(Number(millis))
  if (Number.isNaN(date.getTime())) return micros.toString()
  const rest = micros - millis * 1000n
  return rest === 0n ? date.toISOString() : `${date.toISOString().slice(0, -1)}${rest.toString().padStart(3, '0')}Z`
}

/** Two's complement bytes with a scale as the decimal's text. */
function decimalText(bytes: Buffer, scale: number): string {
  const unscaled = bytes.length === 0 ? 0n : BigInt.asIntN(bytes.length * 8, BigInt(`0x${bytes.toString('hex')}`))
  if (scale === 0) return unscaled.toString()
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, '0')
  return `${unscaled < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`
}

function isLogical(schema: unknown): boolean {
  return typeof schema === 'object' && schema !== null && 'logicalType' in schema && String(schema.logicalType) in logicalTypes
}

interface Tap {
  readonly buf: Buffer
  pos: number
  readLong(): number
  skipLong(): void
  readString(): string
}

interface Elements {
  readonly itemsType: { _read(tap: Tap): unknown }
  readonly valuesType: { _read(tap: Tap): unknown }
}

function isLong(schema: unknown): boolean {
  return typeof schema === 'object' && schema !== null && 'type' in schema && schema.type === 'long'
}

/**
 * Replaces the types that avsc reads in another way. It believes an array's or map's count and reads behind the end of the
 * payload, which a hostile count would keep busy for ever; it refuses a bare union of two records, or of an int and a
 * double, because such a value could not be written back; and it rounds a long that is not named plainly.
 */
function typeHook(schema: unknown, options: never): Type | undefined {
  if (Array.isArray(schema)) return new BareUnion(schema as never, options) as never
  if (isLong(schema) && !isLogical(schema)) return bigLong
  const kind = typeof schema === 'object' && schema !== null && 'type' in schema ? schema.type : undefined
  if (kind === 'array') return new BoundedArray(schema as never, options) as never
  if (kind === 'map') return new BoundedMap(schema as never, options) as never
  return undefined
}

const ArrayType = avsc.types.ArrayType as unknown as new (schema: never, options: never) => Elements
const MapType = avsc.types.MapType as unknown as new (schema: never, options: never) => Elements

class BoundedArray extends ArrayType {
  _read(tap: Tap): unknown[] {
    const items: unknown[] = []
    readBlocks(tap, () => items.push(this.itemsType._read(tap)))
    return items
  }
}

class BoundedMap extends MapType {
  _read(tap: Tap): Record<string, unknown> {
    const entries: [string, unknown][] = []
    readBlocks(tap, () => entries.push([tap.readString(), this.valuesType._read(tap)]))
    return Object.fromEntries(entries)
  }
}

const WrappedUnionType = avsc.types.WrappedUnionType as unknown as new (schema: never, options: never) => { readonly types: readonly { _read(tap: Tap): unknown }[] }

/** A union whose value is that of its branch. */
class BareUnion extends WrappedUnionType {
  _read(tap: Tap): unknown {
    const branch = this.types[tap.readLong()]
    if (branch === undefined) throw new RangeError('a union names a branch that it does not have')
    return branch._read(tap)
  }
}

function readBlocks(tap: Tap, readElement: () => void): void {
  let elements = 0
  for (let count = tap.readLong(); count !== 0; count = tap.readLong()) {
    if (count < 0) {
      count = -count
      tap.skipLong()
    }
    for (; count > 0; count--) {
      readElement()
      if (tap.pos > tap.buf.length || ++elements > mostElements) throw new RangeError('a list goes on behind the end of the payload')
    }
    if (tap.pos > tap.buf.length) throw new RangeError('a list goes on behind the end of the payload')
  }
}
