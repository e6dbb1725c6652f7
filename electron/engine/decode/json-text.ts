/**
 * Writes a decoded value as JSON text without losing anything JSON can say: 64-bit integers with all their digits, bytes
 * as base64. What JSON cannot say (NaN, infinity) is null. Map keys are data, so they are written as they are.
 */
export function toJsonText(value: unknown): string {
  if (value === null || value === undefined) return 'null'
  if (typeof value === 'bigint') return value.toString()
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : 'null'
  if (typeof value === 'boolean') return String(value)
  if (typeof value === 'string') return JSON.stringify(value)
  if (value instanceof Uint8Array) return JSON.stringify(Buffer.from(value).toString('base64'))
  if (Array.isArray(value)) return `[${value.map(toJsonText).join(',')}]`
  if (isLong(value)) return (BigInt(value.unsigned ? value.high >>> 0 : value.high) * 4_294_967_296n + BigInt(value.low >>> 0)).toString()
  return `{${Object.entries(value).map(([name, member]) => `${JSON.stringify(name)}:${toJsonText(member)}`).join(',')}}`
}

/** A 64-bit integer as protobufjs reads it (the `long` package), as two halves. Its mark is inherited: a map may have a key of that name. */
function isLong(value: object): value is { readonly high: number; readonly low: number; readonly unsigned: boolean } {
  return '__isLong__' in value && value.__isLong__ === true && !Object.hasOwn(value, '__isLong__')
}
