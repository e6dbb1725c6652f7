import { whereJsonBreaks } from './where-json-breaks.ts'

/** How much of a payload an explanation shows, in characters. */
const excerptLength = 40

/**
 * Says why a payload is not JSON: that its bytes are not UTF-8, or where the text stops being JSON, with what stands
 * there. For the rare record that somebody looks at.
 */
export function explainJson(payload: Buffer): { readonly reason: 'not_json' | 'not_utf8'; readonly detail: string } {
  let text: string
  try {
    // a byte order mark is no JSON, so it has to be seen
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(payload)
  } catch {
    // TextDecoder says that the bytes are wrong, not where
    return { reason: 'not_utf8', detail: `The payload is not UTF-8 text: byte ${firstBadByte(payload)} of ${payload.length} cannot be read.` }
  }
  if (text === '') return { reason: 'not_json', detail: 'The payload is empty.' }
  const at = whereJsonBreaks(text)
  if (at === undefined) return { reason: 'not_json', detail: 'The payload has the form of JSON, but holds what no reader has to take, such as half of a surrogate pair.' }
  const before = text.slice(Math.max(0, at - excerptLength), at)
  const where = at === text.length ? `ends at character ${text.length}, in the middle of a value` : `is not JSON from character ${at + 1} on`
  return { reason: 'not_json', detail: `The payload ${where}: ${printable(before)}⟨here⟩${printable(text.slice(at, at + excerptLength))}` }
}

/** Shows text on one line: control characters as escapes. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/gu, (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`)
}

/** Where the longest beginning of the bytes that is UTF-8 ends. */
function firstBadByte(payload: Buffer): number {
  let good = 0
  let bad = payload.length
  while (bad - good > 1) {
    const middle = (good + bad) >> 1
    // a character cut in two is no fault: `stream` lets it wait for the rest
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(payload.subarray(0, middle), { stream: true })
      good = middle
    } catch {
      bad = middle
    }
  }
  return bad
}
