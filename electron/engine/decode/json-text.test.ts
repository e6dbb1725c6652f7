import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toJsonText } from './json-text.ts'

/** A 64-bit integer in the form that the `long` package gives it: two signed halves, and its mark on the prototype. */
class Long {
  readonly low: number
  readonly high: number
  readonly unsigned: boolean

  constructor(low: number, high: number, unsigned: boolean) {
    this.low = low
    this.high = high
    this.unsigned = unsigned
  }

  get __isLong__(): boolean {
    return true
  }
}

describe('a value as JSON text', () => {
  it('reads back as the same value', () => {
    fc.assert(fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
      expect(JSON.parse(toJsonText(value))).toEqual(JSON.parse(JSON.stringify(value)))
    }))
  })

  it('keeps every digit of 64-bit integers, of both kinds', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value) => {
        expect(toJsonText({ value })).toBe(`{"value":${value}}`)
        const bits = BigInt.asUintN(64, value)
        const halves = [Number(bits & 0xffff_ffffn) | 0, Number(bits >> 32n) | 0] as const
        expect(toJsonText([new Long(...halves, false)])).toBe(`[${value}]`)
        expect(toJsonText([new Long(...halves, true)])).toBe(`[${bits}]`)
      }),
    )
  })

  it('writes bytes as base64', () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => {
      expect(Buffer.from(JSON.parse(toJsonText(bytes)) as string, 'base64')).toEqual(Buffer.from(bytes))
    }))
  })

  it.each([NaN, Infinity, -Infinity, null, undefined])('has null for %s', (value) => {
    expect(toJsonText({ value })).toBe('{"value":null}')
  })

  it('takes the names of a map as data, whatever they are', () => {
    const map: Record<string, unknown> = Object.fromEntries<unknown>([['__proto__', 1], ['', 2], ['"', 3], ['__isLong__', true], ['constructor', 'x'], ['toJSON', 4]])
    expect(Object.entries(JSON.parse(toJsonText(map)) as object)).toEqual(Object.entries(map))
  })

  it('writes half of a surrogate pair as an escape, so that the text stays UTF-8', () => {
    expect(toJsonText('a\ud800')).toBe('"a\\ud800"')
  })

  it('holds a text of several megabytes', () => {
    const text = 'é"\n'.repeat(1_500_000)
    expect(JSON.parse(toJsonText({ text }))).toEqual({ text })
  })
})
