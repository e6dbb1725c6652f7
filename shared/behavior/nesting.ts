import { tokenMatcher, type IToken } from 'chevrotain'
import type { Problem } from './problem.ts'
import * as t from './tokens.ts'

/** Parentheses inside of each other; the parser, and all that walks a tree, goes as deep as these. */
const deepest = 50
/** Operators that one expression joins. */
const longest = 2000

const operators = [t.word.and, t.word.or, t.word.not, t.Plus, t.Minus, t.Star, t.Slash]

/**
 * The first place at which a text nests or joins more than anybody writes, where the stack would end before the tree
 * does. Operators are counted from the begin of an expression, without those of the values of a list before: the tree of
 * `a and b and c …` is as deep as it is long.
 */
export function tooDeep(tokens: readonly IToken[]): Problem | undefined {
  const outer: number[] = []
  let joined = 0
  for (const token of tokens) {
    const is = (type: (typeof operators)[number]): boolean => tokenMatcher(token, type)
    if (is(t.Open)) outer.push(joined)
    else if (is(t.Close)) outer.pop()
    else if (is(t.Comma)) joined = outer.at(-1) ?? 0
    else if (is(t.word.where) || is(t.word.sequence) || is(t.word.return)) joined = 0
    else if (operators.some(is)) joined++
    const message = outer.length > deepest ? `more than ${deepest} parentheses inside of each other` : joined > longest ? `more than ${longest} operators in one expression` : undefined
    if (message !== undefined) return { severity: 'error', message: `${message} are not read; make several steps or behaviors of it, or name values with \`in (…)\``, span: { start: token.startOffset, end: token.startOffset + token.image.length } }
  }
  return undefined
}
