/** What may come next: a value, the name of a member, the colon behind it, or what follows a value. */
type Expected = 'value' | 'value or end' | 'name' | 'name or end' | 'colon' | 'after value'

/** A value without parts, or as much of it as is there: where it ends, and whether it is whole. */
interface Token {
  readonly end: number
  readonly isWhole: boolean
}

/**
 * Finds where a text stops being JSON (RFC 8259): the index of the first character that cannot stand there, or the
 * text's length where it was cut off. The messages of `JSON.parse` say it in words that change with the version, and for
 * short texts not at all. No nesting is too deep, because nothing here is recursive.
 *
 * @returns undefined for JSON
 */
export function whereJsonBreaks(text: string): number | undefined {
  const open: ('[' | '{')[] = []
  let expected: Expected = 'value'
  for (let at = 0; ; ) {
    at = endOf(/[ \t\n\r]*/y, text, at)
    const character = text[at]
    if (expected === 'after value' && open.length === 0) return character === undefined ? undefined : at
    if (character === undefined) return at
    if (isEnd(character, expected, open.at(-1))) {
      open.pop()
      expected = 'after value'
      at++
    } else if (expected === 'after value') {
      if (character !== ',') return at
      expected = open.at(-1) === '{' ? 'name' : 'value'
      at++
    } else if (expected === 'colon') {
      if (character !== ':') return at
      expected = 'value'
      at++
    } else if ((character === '[' || character === '{') && expected.startsWith('value')) {
      open.push(character)
      expected = character === '{' ? 'name or end' : 'value or end'
      at++
    } else {
      const isName = expected.startsWith('name')
      if (isName && character !== '"') return at
      const { end, isWhole } = readToken(text, at)
      if (!isWhole) return end
      expected = isName ? 'colon' : 'after value'
      at = end
    }
  }
}

function isEnd(character: string, expected: Expected, opened: '[' | '{' | undefined): boolean {
  if (character === ']') return opened === '[' && (expected === 'value or end' || expected === 'after value')
  return character === '}' && opened === '{' && (expected === 'name or end' || expected === 'after value')
}

function readToken(text: string, start: number): Token {
  if (text[start] === '"') return readString(text, start)
  const word = ['true', 'false', 'null'].find((known) => known[0] === text[start])
  if (word !== undefined) return readWord(text, start, word)
  // each part is there only behind a digit, so what matches could still become a number
  const end = endOf(/-?(?:0|[1-9]\d*)?(?:(?<=\d)\.\d*)?(?:(?<=\d)[eE][+-]?\d*)?/y, text, start)
  return { end, isWhole: end > start && /\d/.test(text[end - 1] ?? '') }
}

function readWord(text: string, start: number, word: string): Token {
  let length = 0
  while (length < word.length && text[start + length] === word[length]) length++
  return { end: start + length, isWhole: length === word.length }
}

function readString(text: string, start: number): Token {
  for (let at = start + 1; ; ) {
    at = endOf(/[^"\\\u0000-\u001f]*/y, text, at)
    if (text[at] === '"') return { end: at + 1, isWhole: true }
    const end = endOf(/\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y, text, at)
    if (end === at) return { end: endOf(/\\?(?:(?<=\\)u[0-9a-fA-F]*)?/y, text, at), isWhole: false }
    at = end
  }
}

/** Where what a sticky expression matches at a place ends; the place itself where it matches nothing. */
function endOf(expression: RegExp, text: string, at: number): number {
  expression.lastIndex = at
  return expression.test(text) ? expression.lastIndex : at
}
