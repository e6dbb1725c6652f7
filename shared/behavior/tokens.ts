import { createToken, Lexer, type TokenType } from 'chevrotain'

/** What a token is for the editor's colours. */
export type TokenRole = 'keyword' | 'name' | 'number' | 'duration' | 'string' | 'operator' | 'punctuation' | 'comment'

const roles = new Map<TokenType, TokenRole>()

function token(name: string, pattern: NonNullable<Parameters<typeof createToken>[0]['pattern']>, role: TokenRole, options: Partial<Parameters<typeof createToken>[0]> = {}): TokenType {
  const made = createToken({ name, pattern, ...options })
  roles.set(made, role)
  return made
}

/** Chevrotain runs its patterns without the `u` flag, which letters of all languages need. */
function unicode(pattern: RegExp): (text: string, offset: number) => RegExpExecArray | null {
  const sticky = new RegExp(pattern.source, 'uy')
  return (text, offset) => {
    sticky.lastIndex = offset
    return sticky.exec(text)
  }
}

/** Whatever can stand where only a name can: names, and every keyword that is no literal and no operator of its own. */
export const AnyName = createToken({ name: 'AnyName', pattern: Lexer.NA, label: 'a name' })
/** What an event type may begin with unquoted: a name that is none of the words which follow a type. */
export const TypeStart = createToken({ name: 'TypeStart', pattern: Lexer.NA, label: 'an event type' })

/** A name: of a type, a field, a label. */
export const Name = token('Name', unicode(/[\p{L}_$][\p{L}\p{N}_$]*/u), 'name', { label: 'a name', line_breaks: false, categories: [AnyName, TypeStart] })
/** A name with characters that names do not have: `` `odd name` ``. */
export const QuotedName = token('QuotedName', /`(?:[^`\n\\]|\\.)+`/, 'name', { label: 'a quoted name', categories: [AnyName, TypeStart] })
export const Text = token('Text', /"(?:[^"\\\n]|\\.)*"/, 'string', { label: 'a text in quotes' })
export const Duration = token('Duration', unicode(/(?:\d+(?:\.\d+)?(?:ms|us|µs|[smhdw]))+(?![\p{L}\p{N}_])/u), 'duration', { label: 'a duration such as 10m', line_breaks: false })
export const NumberToken = token('Number', /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/, 'number', { label: 'a number' })

const words = ['sequence', 'by', 'from', 'within', 'session', 'then', 'next', 'any', 'order', 'optional', 'either', 'or', 'and', 'not', 'in', 'like', 'where', 'at', 'least', 'times', 'after', 'same', 'different', 'without', 'between', 'for', 'until', 'match', 'first', 'every', 'longest', 'skip', 'past', 'last', 'overlap', 'return', 'as', 'react', 'notify', 'webhook', 'publish', 'true', 'false', 'null'] as const

const notNames = new Set<string>(['true', 'false', 'null', 'not'])
const notTypes = new Set<string>([...notNames, 'where', 'within', 'after', 'at', 'for', 'between', 'without', 'until', 'then', 'optional', 'times', 'or', 'and'])

/** The words that mean something in the language, each a token. */
export const word = Object.fromEntries(words.map((text) => [text, token(`Word_${text}`, text, 'keyword', { longer_alt: Name, label: `\`${text}\``, categories: [...(notNames.has(text) ? [] : [AnyName]), ...(notTypes.has(text) ? [] : [TypeStart])] })])) as Readonly<Record<(typeof words)[number], TokenType>>

const sign = (name: string, pattern: string | RegExp, role: TokenRole, label?: string): TokenType => token(name, pattern, role, { label: label ?? `\`${String(pattern)}\`` })
export const Equal = sign('Equal', '==', 'operator')
export const Unequal = sign('Unequal', '!=', 'operator')
export const AtMost = sign('AtMost', '<=', 'operator')
export const AtLeast = sign('AtLeast', '>=', 'operator')
export const Less = sign('Less', '<', 'operator')
export const More = sign('More', '>', 'operator')
export const PlusMinus = sign('PlusMinus', /±|\+-/, 'operator', '`±`')
export const Plus = sign('Plus', '+', 'operator')
export const Minus = sign('Minus', '-', 'operator')
export const Star = sign('Star', '*', 'operator')
export const Slash = sign('Slash', '/', 'operator')
export const DotDot = sign('DotDot', '..', 'operator')
export const Dot = sign('Dot', '.', 'punctuation')
export const Comma = sign('Comma', ',', 'punctuation')
export const Semicolon = sign('Semicolon', ';', 'punctuation')
export const Colon = sign('Colon', ':', 'punctuation')
export const Open = sign('Open', '(', 'punctuation')
export const Close = sign('Close', ')', 'punctuation')
export const OpenBracket = sign('OpenBracket', '[', 'punctuation')
export const CloseBracket = sign('CloseBracket', ']', 'punctuation')

export const Comment = token('Comment', /#[^\n\r]*/, 'comment', { group: 'comments', label: 'a comment' })
const Blank = createToken({ name: 'Blank', pattern: /[ \t\r\n\f\u00a0\ufeff]+/, group: Lexer.SKIPPED, line_breaks: true })

/** Every token, the one that is tried first in front: `notify` before `not`. */
export const allTokens: TokenType[] = [AnyName, TypeStart, Blank, Comment, QuotedName, Text, Duration, NumberToken, ...Object.values(word).sort((a, b) => b.name.length - a.name.length), Name, Equal, Unequal, AtMost, AtLeast, Less, More, PlusMinus, Plus, Minus, Star, Slash, DotDot, Dot, Comma, Semicolon, Colon, Open, Close, OpenBracket, CloseBracket]

export const lexer = new Lexer(allTokens, { positionTracking: 'full', ensureOptimizations: false })

/** A stretch of a line with its role, for an editor that colours as one types. */
export interface ColoredToken {
  readonly start: number
  readonly end: number
  readonly role: TokenRole
}

/** The tokens of a text with their roles, comments included, in order. Text that is no token is left out. */
export function colorTokens(text: string): readonly ColoredToken[] {
  const { tokens, groups } = lexer.tokenize(text)
  return [...tokens, ...(groups.comments ?? [])]
    .map(({ startOffset, image, tokenType }) => ({ start: startOffset, end: startOffset + image.length, role: roles.get(tokenType) ?? 'name' }))
    .sort((a, b) => a.start - b.start)
}
