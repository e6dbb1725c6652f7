/** A setting as a snippet names it. */
export interface Entry {
  readonly key: string
  readonly value: string
}

/**
 * Reads Java's properties format: comments, continued lines and escapes, `=`, `:` or white space between key and value.
 * An INI section header (`[default]`), as some examples have it, is passed over.
 *
 * @see java.util.Properties, load(Reader)
 */
export function readProperties(text: string): Entry[] {
  return logicalLines(text).map((line) => {
    // a key ends at the first separator that no backslash escapes
    const key = /^(?:\\.|[^\\=:\s])*/s.exec(line)?.[0] ?? ''
    const value = line.slice(key.length).replace(/^\s*[=:]?\s*/, '')
    return { key: unescape(key), value: unescape(value) }
  })
}

/**
 * Reads lines of `key=value` in which a backslash means itself, as librdkafka's files have them. Quotes around a whole
 * value are taken off.
 */
export function readPlainLines(text: string): Entry[] {
  return text.split(/\r\n|\r|\n/).flatMap((line) => {
    const match = /^\s*([\w.-]+)\s*[=:]\s*(.*)$/.exec(line.trimEnd())
    if (match?.[1] === undefined || match[2] === undefined) return []
    return [{ key: match[1], value: match[2].replace(/^(["'])(.*)\1$/, '$2') }]
  })
}

/** Joins lines that end in an odd number of backslashes; a comment is never continued. */
function logicalLines(text: string): string[] {
  const lines: string[] = []
  let open: string | undefined
  for (const natural of text.split(/\r\n|\r|\n/)) {
    const line = natural.trimStart()
    if (open === undefined && (line === '' || /^[#!]/.test(line) || /^\[[^\]]*\]\s*$/.test(line))) continue
    const joined = (open ?? '') + line
    if (trailingBackslashes(line) % 2 === 1) open = joined.slice(0, -1)
    else {
      lines.push(joined)
      open = undefined
    }
  }
  if (open !== undefined) lines.push(open)
  return lines
}

function trailingBackslashes(line: string): number {
  let count = 0
  while (line.at(-1 - count) === '\\') count++
  return count
}

const controls: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f' }

function unescape(text: string): string {
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|(.))/gs, (_, hex: string | undefined, char: string) =>
    hex === undefined ? (controls[char] ?? char) : String.fromCharCode(parseInt(hex, 16)))
}
