import type { IRecognitionException, IToken } from 'chevrotain'
import { whatMayFollow } from './grammar.ts'
import { nearest } from './nearest.ts'
import type { Problem } from './problem.ts'

/** At most so many of the things that could stand somewhere are named. */
const mostNamed = 6

/**
 * What the parser found and what could stand there instead, in a sentence: `expected a duration such as 10m, found
 * "cart"`. What could stand is asked of the grammar itself (Chevrotain's content assist), not of the rule that failed.
 */
export function explainParseError(error: IRecognitionException, tokens: readonly IToken[], text: string): Problem {
  const found = error.token
  const atEnd = Number.isNaN(found.startOffset)
  const index = atEnd ? tokens.length : tokens.indexOf(found)
  const before = tokens.slice(0, index === -1 ? tokens.length : index)
  const last = before.at(-1)
  const adjacent = last !== undefined && last.startOffset + last.image.length === found.startOffset
  const following = whatMayFollow(before, adjacent)
  const expected = [...new Set(following.map((type) => type.LABEL ?? type.name))]
  const words = following.flatMap(({ PATTERN }) => (typeof PATTERN === 'string' && /^[a-z]/.test(PATTERN) ? [PATTERN] : []))
  const meant = atEnd ? undefined : nearest(found.image, words)
  const named = expected.length > mostNamed ? [...expected.slice(0, mostNamed), 'something else'] : expected
  const place = atEnd ? { start: text.trimEnd().length, end: text.length } : { start: found.startOffset, end: found.startOffset + found.image.length }
  const what = atEnd ? 'the text ends' : `found ${JSON.stringify(found.image)}`
  return { severity: 'error', message: named.length === 0 ? `${what}, where nothing more can stand` : `expected ${list(named)}, ${what}`, span: place, ...(meant === undefined ? {} : { suggestion: `\`${meant}\`` }) }
}

function list(names: readonly string[]): string {
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} or ${names.at(-1) ?? ''}`
}
