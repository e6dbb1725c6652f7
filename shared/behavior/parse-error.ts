import { tokenMatcher, type IRecognitionException, type IToken, type TokenType } from 'chevrotain'
import { whatMayFollow } from './grammar.ts'
import { nearest } from './nearest.ts'
import type { Problem } from './problem.ts'
import { Duration, Name, NumberToken, TypeStart, word } from './tokens.ts'

/** At most so many of the things that could stand somewhere are named. */
const mostNamed = 6

/** Units as people and other languages write them, by their first letters. */
const units: readonly (readonly [RegExp, string])[] = [[/^(?:ms|milli|msec)/i, 'ms'], [/^(?:us|µs|micro)/i, 'us'], [/^mo/i, ''], [/^m/i, 'm'], [/^s/i, 's'], [/^h/i, 'h'], [/^d/i, 'd'], [/^w/i, 'w']]

/** What people bring along from other languages, said in a sentence of its own. */
function knownMistake(tokens: readonly IToken[], index: number, following: readonly TokenType[]): Problem | undefined {
  const [found, next] = [tokens[index], tokens[index + 1]]
  if (found === undefined) return undefined
  const problem = (message: string, suggestion: string | undefined, last = found): Problem => ({ severity: 'error', message, span: { start: found.startOffset, end: last.startOffset + last.image.length }, ...(suggestion === undefined ? {} : { suggestion: `\`${suggestion}\`` }) })
  if (found.tokenType === NumberToken && following.includes(Duration)) {
    const hasUnit = next !== undefined && tokenMatcher(next, TypeStart) && next.startLine === found.startLine
    const unit = hasUnit ? units.find(([pattern]) => pattern.test(next.image))?.[1] : undefined
    return problem(`expected a duration such as 10m (units are ms, s, m, h, d, w), found ${JSON.stringify(hasUnit ? `${found.image}${next.startOffset === found.startOffset + found.image.length ? '' : ' '}${next.image}` : found.image)}`, unit === undefined || unit === '' ? undefined : `${found.image}${unit}`, hasUnit ? next : found)
  }
  const begins = tokens[index - 1]
  const isFirstInLine = begins !== undefined && begins.startLine !== found.startLine && begins.tokenType !== word.session
  if (isFirstInLine && following.includes(word.then) && (tokenMatcher(found, Name) || found.tokenType === word.either || found.tokenType === word.any)) {
    if (next?.image === 'by' || nearest(found.image, words(following)) === undefined) return problem(`a further step begins with \`then\`, found ${JSON.stringify(found.image)}`, undefined)
  }
  const opens = opensSequence(following)
  if (opens && found.tokenType === word.then) return problem('the first step has no `then`: it begins with the event type', undefined)
  if (opens && (found.tokenType === word.optional || found.tokenType === word.without)) return problem(`\`${found.image}\` stands behind a first step, which a sequence begins with`, undefined)
  if (found.image.toLowerCase() === 'is' && following.some(({ name }) => name === 'Equal')) return problem('null is asked for with `== null` or `!= null`', undefined)
  return undefined
}

/** Whether the first step of a sequence may stand here, behind its keys. */
function opensSequence(following: readonly TokenType[]): boolean {
  return following.includes(word.either) && !following.includes(word.then) && following.includes(word.within)
}

/** The words of the language among tokens. */
function words(types: readonly TokenType[]): string[] {
  return types.flatMap(({ PATTERN }) => (typeof PATTERN === 'string' && /^[a-z]/.test(PATTERN) ? [PATTERN] : []))
}

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
  const habit = knownMistake(tokens, index, following)
  if (habit !== undefined) return habit
  // where the rule can only go on in one way, the grammar says which
  const expected = error.name === 'MismatchedTokenException' && error.message !== 'EOF' ? [error.message] : [...new Set(following.map((type) => type.LABEL ?? type.name))]
  const meant = atEnd ? undefined : nearest(found.image, words(following))
  const named = expected.length > mostNamed ? [...expected.slice(0, mostNamed), 'something else'] : expected
  const place = atEnd ? { start: text.trimEnd().length, end: text.length } : { start: found.startOffset, end: found.startOffset + found.image.length }
  const what = atEnd ? 'the text ends' : `found ${JSON.stringify(found.image)}`
  return { severity: 'error', message: named.length === 0 ? `${what}, where nothing more can stand` : opensSequence(following) && atEnd ? 'a sequence needs a first step: the type of an event' : `expected ${list(named)}, ${what}`, span: place, ...(meant === undefined ? {} : { suggestion: `\`${meant}\`` }) }
}

function list(names: readonly string[]): string {
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} or ${names.at(-1) ?? ''}`
}

const meantSigns = new Map([['=', '=='], ['===', '=='], ['&&', 'and'], ['&', 'and'], ['||', 'or'], ['|', 'or'], ['!', 'not'], ['<>', '!=']])

/** What is no token of the language: mostly quotes of another kind, or the operators of other languages. */
export function explainLexError(text: string, offset: number, length: number): Problem {
  const image = text.slice(offset, offset + Math.min(length, 20))
  const place = { severity: 'error', span: { start: offset, end: offset + length } } as const
  const meant = meantSigns.get(image.trim())
  if (meant !== undefined) return { ...place, message: `${JSON.stringify(image)} means nothing here`, suggestion: `\`${meant}\`` }
  if (/^["`]/.test(image)) return { ...place, message: `this ${image.startsWith('"') ? 'text' : 'name'} is not closed: its second ${image.charAt(0)} is missing in the line` }
  if (/^['‘’“”„«»]/.test(image)) return { ...place, message: `${JSON.stringify(image)} means nothing here: texts stand in straight double quotes, as "text"` }
  return { ...place, message: `${JSON.stringify(image)} means nothing here` }
}
