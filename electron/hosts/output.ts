/**
 * Text of a record as a terminal may show it: control characters, among them the escape that starts a terminal's
 * commands, and marks that turn the direction of writing become visible codes.
 */
export function safeText(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`)
}

/** Writes a line to standard output; waits while a slow reader is behind. */
export async function printLine(line: string): Promise<void> {
  if (!process.stdout.write(`${line}\n`)) await new Promise<void>((resolve) => process.stdout.once('drain', resolve))
}

/** Writes what is no data: progress, notes and errors. */
export function printNote(line: string): void {
  process.stderr.write(`${line}\n`)
}

/** One line of JSON. Integers that a double can hold are numbers, larger ones texts; bytes are base64. */
export function toJsonLine(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) => {
    if (typeof member === 'bigint') return Number.isSafeInteger(Number(member)) ? Number(member) : member.toString()
    if (member instanceof Uint8Array) return Buffer.from(member).toString('base64')
    return isSerializedBuffer(member) ? Buffer.from(member.data).toString('base64') : member
  })
}

/** A Buffer turns itself into this before the replacer sees it. */
function isSerializedBuffer(value: unknown): value is { readonly data: readonly number[] } {
  return typeof value === 'object' && value !== null && 'type' in value && value.type === 'Buffer' && 'data' in value && Array.isArray(value.data)
}

/** Columns of text with aligned edges; numbers to the right, with thousands separators. */
export function formatTable(names: readonly string[], rows: readonly (readonly (string | number)[])[]): readonly string[] {
  const cell = (value: string | number | undefined): string => (typeof value === 'number' ? value.toLocaleString('en-US') : safeText(value ?? ''))
  const widths = names.map((name, index) => Math.max(name.length, ...rows.map((row) => cell(row[index]).length)))
  const isNumber = names.map((_, index) => rows.length > 0 && rows.every((row) => typeof row[index] === 'number'))
  const line = (cells: readonly string[]): string => cells.map((text, index) => (isNumber[index] === true ? text.padStart(widths[index] ?? 0) : text.padEnd(widths[index] ?? 0))).join('  ').trimEnd()
  return [line(names), line(widths.map((width) => '─'.repeat(width))), ...rows.map((row) => line(row.map(cell)))]
}

/** Microseconds since the epoch as ISO 8601 in UTC, with microseconds where there are any. */
export function formatTime(micros: bigint): string {
  const millis = micros / 1000n - (micros % 1000n < 0n ? 1n : 0n)
  const rest = micros - millis * 1000n
  const date = new Date(Number(millis))
  // beyond the calendar of JavaScript the number itself is all that can be said
  if (Number.isNaN(date.getTime())) return `${micros} µs`
  const text = date.toISOString()
  return rest === 0n ? text : `${text.slice(0, -1)}${rest.toString().padStart(3, '0')}Z`
}

/** Milliseconds as people say them: `3 h 12 min`. */
export function formatSpan(ms: number): string {
  const parts: string[] = []
  let rest = Math.round(ms / 1000)
  for (const [unit, seconds] of [['d', 86_400], ['h', 3_600], ['min', 60], ['s', 1]] as const) {
    const amount = Math.floor(rest / seconds)
    rest -= amount * seconds
    if (amount > 0) parts.push(`${amount.toLocaleString('en-US')} ${unit}`)
  }
  return parts.slice(0, 2).join(' ') || '0 s'
}

/** Bytes as people say them. */
export function formatBytes(bytes: number): string {
  for (const [unit, size] of [['GB', 1e9], ['MB', 1e6], ['KB', 1e3]] as const) if (bytes >= size) return `${(bytes / size).toFixed(1)} ${unit}`
  return `${bytes} B`
}

/** A count with thousands separators and its noun. */
export function formatCount(count: number, noun: string): string {
  return `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`
}
