import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { explainJson, printable } from './why-not-json.ts'

const explain = (text: string): string => explainJson(Buffer.from(text)).detail

/** The 1-based character that an explanation names. */
const place = (text: string): number => Number(/from character (\d+) on/.exec(explain(text))?.[1])

describe('the reason why a payload is not JSON', () => {
  it.each<[text: string, character: number]>([
    ['{"a": x}', 7],
    ['hello', 1],
    ["{'a': 1}", 2],
    ['{"a":1,}', 8],
    ['[1 2]', 4],
    ['{"a" 1}', 6],
    ['{"a":1}{"b":2}', 8],
    ['{"price": NaN}', 11],
    ['[1,,2]', 4],
    ['01', 2],
    ['"tab\there"', 5],
    ['\uFEFF{}', 1],
    ['"position 99" oops', 15],
    ['{"a":1} at position 3', 9],
  ])('names the place in %j', (text, character) => {
    expect(explainJson(Buffer.from(text)).reason).toBe('not_json')
    expect(place(text)).toBe(character)
  })

  it('shows what stands before and behind the place, on one line', () => {
    expect(explain('{"a":\n\u0007x}')).toBe('The payload is not JSON from character 7 on: {"a":\\u000a⟨here⟩\\u0007x}')
  })

  it('shows no more than a glimpse of a long payload', () => {
    const secret = 's'.repeat(100_000)
    const detail = explain(`{"a":"${secret}" oops, "b":"${secret}"}`)
    expect(detail).toContain(`is not JSON from character 100009 on`)
    expect(detail.length).toBeLessThan(200)
  })

  it('says that a payload was cut off, wherever the cut is', () => {
    const whole = '{"type":"view","tags":["a\\u00e9",{"n":-1.5e3}],"ok":true,"none":null}'
    fc.assert(
      fc.property(fc.integer({ min: 1, max: whole.length - 1 }), (length) => {
        const text = whole.slice(0, length)
        expect(explain(text)).toBe(`The payload ends at character ${length}, in the middle of a value: ${text.slice(-40)}⟨here⟩`)
      }),
    )
  })

  it('says that a payload is empty', () => {
    expect(explain('')).toBe('The payload is empty.')
  })

  it('names the place where something was put into good JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (before, behind) => {
        const good = JSON.stringify(before)
        const text = `[${good},@${JSON.stringify(behind)}]`
        expect(place(text)).toBe(good.length + 3)
      }),
    )
  })

  it('has an answer for every text, however deep, and never a line break', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json().map((text) => text.slice(1))), (text) => {
        const { reason, detail } = explainJson(Buffer.from(text))
        expect(reason).toBe('not_json')
        expect(detail).toMatch(/^The payload [^\n\r\u0000-\u001f]*$/u)
        expect(detail.length).toBeLessThan(700)
      }),
    )
    const deep = '['.repeat(200_000)
    expect(explain(deep)).toContain('ends at character 200000')
    expect(place(`${deep}x`)).toBe(200_001)
  })

  it('does not call JSON broken that is not', () => {
    expect(explain('{"half":"\\ud800"}')).toMatch(/^The payload has the form of JSON/)
  })
})

describe('a payload that is not UTF-8', () => {
  it('is told by its first byte that cannot be read', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.constantFrom(0xff, 0xfe, 0xc0, 0x80, 0xf5), fc.uint8Array(), (good, bad, rest) => {
        const bytes = Buffer.concat([Buffer.from(good), Buffer.from([bad]), Buffer.from(rest)])
        expect(explainJson(bytes)).toEqual({ reason: 'not_utf8', detail: `The payload is not UTF-8 text: byte ${Buffer.byteLength(good) + 1} of ${bytes.length} cannot be read.` })
      }),
    )
  })

  it('may be cut in the middle of a character', () => {
    expect(explainJson(Buffer.from('"é').subarray(0, 2))).toEqual({ reason: 'not_utf8', detail: 'The payload is not UTF-8 text: byte 2 of 2 cannot be read.' })
  })
})

describe('printable', () => {
  it('leaves nothing that could hide, break a line or turn the text around', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(printable(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u)
    }))
    expect(printable('a\u202Eb\u0000é🙂')).toBe('a\\u202eb\\u0000é🙂')
  })
})
