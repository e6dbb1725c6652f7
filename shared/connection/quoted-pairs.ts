import type { Entry } from './properties.ts'

// a quote behind a backslash opens nothing; without that check a hostile text takes quadratic time
const quoted = String.raw`(?<!\\)(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|` + '`(?:\\\\.|[^`\\\\])*`)'
/** `'key': 'value'` or `key: "value"`; also `key: ['a', 'b']` and `key: true`. Python's `key='value'` too. */
const pair = new RegExp(String.raw`(${quoted}|\b[A-Za-z_]\w*)\s*[:=]\s*(${quoted}|\[\s*${quoted}(?:\s*,\s*${quoted})*\s*,?\s*\]|true\b|false\b)`, 'gs')

/** Tells whether a text holds settings as a Python dictionary or a JavaScript object has them. */
export function hasQuotedPairs(text: string): boolean {
  return new RegExp(String.raw`${quoted}\s*:\s*${quoted}|\bbrokers\s*:\s*\[|\bbootstrap_servers\s*=`).test(withoutComments(text))
}

/** Reads the settings out of a piece of Python or JavaScript: every pair of a key and a literal, wherever it stands. */
export function readQuotedPairs(text: string): Entry[] {
  return [...withoutComments(text).matchAll(pair)].map(([, key = '', value = '']) => ({ key: literal(key), value: value.startsWith('[') ? list(value) : literal(value) }))
}

function withoutComments(text: string): string {
  return text.replace(/^[ \t]*(?:#|\/\/).*$/gm, '')
}

function list(text: string): string {
  return [...text.matchAll(new RegExp(quoted, 'gs'))].map(([item]) => literal(item)).join(',')
}

const controls: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' }

function literal(text: string): string {
  if (!/^["'`]/.test(text)) return text
  return text.slice(1, -1).replace(/\\(?:u([0-9a-fA-F]{4})|(.))/gs, (_, hex: string | undefined, char: string) =>
    hex === undefined ? (controls[char] ?? char) : String.fromCharCode(parseInt(hex, 16)))
}
