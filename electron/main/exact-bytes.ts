/**
 * A value whose byte arrays own exactly their bytes. Between processes a view ships the whole buffer that it looks into,
 * which may be a pool of other things.
 */
export function exactBytes(value: unknown): unknown {
  if (value instanceof Uint8Array) return value.byteLength === value.buffer.byteLength ? new Uint8Array(value.buffer) : value.slice()
  if (Array.isArray(value)) return value.map(exactBytes)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, exactBytes(member)]))
}
