import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { csvRow } from './csv.ts'

describe('a row of CSV', () => {
  it('keeps numbers, tells nothing from an empty text, and quotes what needs it', () => {
    expect(csvRow([1, -2.5, 3n, true, null, '', 'plain', 'a "b"', 'c,d', 'e\nf', 'g;h'])).toBe('1,-2.5,3,true,,"",plain,"a ""b""","c,d","e\nf","g;h"\r\n')
  })

  it.each(['=1', '+1', '-1', '@a', '|a', '%a', '＝1', ' =1', '\u00a0=1', '\u200b=1', '\u202e=1', '\u0000=1', '\ufeff=1', '\u0085=1', '\tx', '\rx', '\nx'])('marks %j, which a spreadsheet might run', (text) => {
    expect(csvRow([text]).replace(/^"/, '').startsWith("'")).toBe(true)
  })

  it('marks no other text', () => {
    fc.assert(fc.property(fc.string().filter((text) => /^[\p{L}\p{N}_.:/(]/u.test(text)), (text) => {
      expect(csvRow([text]).replace(/^"/, '').startsWith("'")).toBe(false)
    }))
  })

  it('is one row of so many cells, whatever the texts', () => {
    fc.assert(fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1 }), (texts) => {
      // by RFC 4180: cells between quotes, in which quotes are doubled
      const cells = [...csvRow(texts).slice(0, -2).matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/g)].map(([, quoted, bare]) => (quoted ?? bare ?? '').replaceAll('""', '"'))
      expect(cells.map((cell, index) => (texts[index]?.startsWith("'") === true ? cell : cell.replace(/^'/, '')))).toEqual(texts.map((text) => text.replaceAll('\0', '␀')))
    }))
  })
})
