import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { whereJsonBreaks } from './where-json-breaks.ts'

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** Texts that are JSON, nearly JSON, or made of JSON's characters. */
const texts = fc.oneof(
  fc.json(),
  fc.tuple(fc.json(), fc.nat(), fc.nat(2), fc.string({ maxLength: 2 })).map(([text, at, removed, put]) => text.slice(0, at % (text.length + 1)) + put + text.slice((at % (text.length + 1)) + removed)),
  fc.string({ unit: fc.constantFrom(...Array.from('[]{},:"\\u00-+.eE1 truefalsn\n')), maxLength: 12 }),
)

describe('where a text stops being JSON', () => {
  it('is nowhere in JSON, and somewhere in everything else', () => {
    fc.assert(fc.property(texts, (text) => {
      expect(whereJsonBreaks(text) === undefined).toBe(isJson(text))
    }), { numRuns: 5_000 })
  })

  it.each<[text: string, at: number]>([
    ['{"a":tru1}', 8],
    ['[1,2,x]', 5],
    ['{"a":"b\\x"}', 8],
    ['["\\u00g0"]', 6],
    ['[-]', 2],
    ['[1.e5]', 3],
    ['[1e+x]', 4],
    ['[01]', 2],
    ['[+1]', 1],
    ['{"a":[{}}', 8],
    ['{"a":1,}', 7],
    ['{1:2}', 1],
    ['[1,]', 3],
    ['"a" "b"', 4],
    ['["\n"]', 2],
  ])('is the first character that cannot stand there: %s', (text, at) => {
    expect(whereJsonBreaks(text)).toBe(at)
  })

  it('is the end of a text that was cut off, wherever the cut is', () => {
    fc.assert(fc.property(fc.json(), fc.nat(), (text, cut) => {
      const part = text.slice(0, cut % (text.length + 1))
      expect(whereJsonBreaks(part)).toBe(isJson(part) ? undefined : part.length)
    }), { numRuns: 2_000 })
  })

  it('stays where it is, whatever comes behind it', () => {
    fc.assert(fc.property(texts, texts, (text, more) => {
      const at = whereJsonBreaks(text)
      fc.pre(at !== undefined && at < text.length)
      expect(whereJsonBreaks(text.slice(0, (at ?? 0) + 1) + more)).toBe(at)
      expect([undefined, at]).toContain(whereJsonBreaks(text.slice(0, at)))
    }), { numRuns: 2_000 })
  })

  it('is found behind a string of 20 million characters and in 5 million open lists', () => {
    const long = `["${'é'.repeat(20_000_000)}"`
    expect(whereJsonBreaks(`${long}]`)).toBeUndefined()
    expect(whereJsonBreaks(`${long}x`)).toBe(long.length)
    expect(whereJsonBreaks('['.repeat(5_000_000))).toBe(5_000_000)
  })
})
