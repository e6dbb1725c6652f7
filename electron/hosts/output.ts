const grouped = new Intl.NumberFormat('en-US')

/**
 * Control characters (among them the one that starts a terminal's commands), invisible characters and those that turn the
 * direction of writing, separators that some readers take for the end of a line, and halves of characters.
 */
const unsafe = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu

/**
 * Text of a record as a terminal may show it: what could command the terminal or deceive the eye becomes a visible code,
 * written as JSON and JavaScript write it (`\u001b`).
 */
export function safeText(text: string): string {
  return text.replace(unsafe, (character) => character.split('').map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''))
}

/** Safe text that is cut, with `…`, where it is longer than `most` characters. */
export function shortText(text: string, most: number): string {
  // what lies far behind the cut need not be looked at: a record may hold megabytes
  const characters = Array.from(safeText(text.slice(0, 2 * most)))
  return characters.length > most || text.length > 2 * most ? `${characters.slice(0, most - 1).join('')}…` : characters.join('')
}

/** Writes a line to standard output; waits while a slow reader is behind. */
export async function printLine(line: string): Promise<void> {
  if (!process.stdout.write(`${line}\n`)) await new Promise<void>((resolve) => process.stdout.once('drain', resolve))
}

/** Writes what is no data: progress, notes and errors. */
export function printNote(line: string): void {
  process.stderr.write(`${line}\n`)
}

/**
 * One line of JSON. Integers that a double can hold are numbers, larger ones texts; bytes are base64. Control and invisible
 * characters are escaped, so that a line is as harmless on a terminal as in a pipe.
 */
export function toJsonLine(value: object): string {
  return safeText(JSON.stringify(value, toJsonMember))
}

/**
 * {@link toJsonLine} of an object with one more member, whose JSON text is taken over as it is: reading and writing it
 * again would round its large integers.
 *
 * @param value has at least one member
 * @param json valid JSON
 */
export function toJsonLineWith(value: object, name: string, json: string): string {
  // in valid JSON these characters stand between values only, where an escape would be wrong
  const oneLine = json.replace(/[\t\n\r]/g, ' ')
  return safeText(`${JSON.stringify(value, toJsonMember).slice(0, -1)},${JSON.stringify(name)}:${oneLine}}`)
}

function toJsonMember(this: unknown, name: string, member: unknown): unknown {
  if (typeof member === 'bigint') return Number.isSafeInteger(Number(member)) ? Number(member) : member.toString()
  // a Buffer has turned itself into an object by the time it is `member`
  const original = (this as Readonly<Record<string, unknown>>)[name]
  return original instanceof Uint8Array ? Buffer.from(original).toString('base64') : member
}

/** Longer texts are cut: one hostile key must not push every other column off the screen. */
const widestCell = 120

/** Columns of text with aligned edges; numbers to the right, with thousands separators. */
export function formatTable(names: readonly string[], rows: readonly (readonly (string | number)[])[]): readonly string[] {
  const cells = rows.map((row) => row.map((value) => (typeof value === 'number' ? formatNumber(value) : shortText(value, widestCell))))
  const width = (text: string): number => Array.from(text).length
  const widths = names.map((name, index) => cells.reduce((most, row) => Math.max(most, width(row[index] ?? '')), name.length))
  const isNumber = names.map((_, index) => rows.length > 0 && rows.every((row) => typeof row[index] === 'number'))
  const line = (texts: readonly string[]): string =>
    texts.map((text, index) => pad(text, (widths[index] ?? 0) - width(text), isNumber[index] === true)).join('  ').trimEnd()
  return [line(names), line(widths.map((size) => '─'.repeat(size))), ...cells.map(line)]
}

function pad(text: string, missing: number, toRight: boolean): string {
  const gap = ' '.repeat(missing)
  return toRight ? gap + text : text + gap
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

/** Microseconds since the epoch in the zone of this machine, with its distance from UTC: `2026-01-31 13:00:00.000+01:00`. */
export function formatLocal(micros: bigint): string {
  const date = new Date(Number(micros / 1000n - (micros % 1000n < 0n ? 1n : 0n)))
  const minutes = -Math.round(date.getTimezoneOffset())
  const local = new Date(date.getTime() + minutes * 60_000)
  if (Number.isNaN(local.getTime())) return formatTime(micros)
  const two = (amount: number): string => String(amount).padStart(2, '0')
  const size = Math.abs(minutes)
  const zone = minutes === 0 ? 'Z' : `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`
  return `${local.toISOString().slice(0, -1).replace('T', ' ')}${zone}`
}

/** Milliseconds as people say them: `3 h 12 min`. */
export function formatSpan(ms: number): string {
  const parts: string[] = []
  let rest = Math.round(ms / 1000)
  for (const [unit, seconds] of [['d', 86_400], ['h', 3_600], ['min', 60], ['s', 1]] as const) {
    const amount = Math.floor(rest / seconds)
    rest -= amount * seconds
    if (amount > 0) parts.push(`${formatNumber(amount)} ${unit}`)
  }
  return parts.slice(0, 2).join(' ') || '0 s'
}

/** Bytes as people say them. */
export function formatBytes(bytes: number): string {
  for (const [unit, size] of [['GB', 1e9], ['MB', 1e6], ['KB', 1e3]] as const) if (bytes >= size) return `${(bytes / size).toFixed(1)} ${unit}`
  return `${bytes} B`
}

/** A number with thousands separators. */
export function formatNumber(value: number): string {
  return grouped.format(value)
}

/** A count with thousands separators and its noun. */
export function formatCount(count: number, noun: string): string {
  return `${formatNumber(count)} ${noun}${count === 1 ? '' : 's'}`
}
