import { describe, expect, it } from 'vitest'
import { csvLine } from './csv.ts'

describe('a line of CSV', () => {
  it.each([
    [['a', 1, true, null, undefined], 'a,1,true,,\r\n'],
    [['with, comma', 'with "quotes"', 'with\nline'], '"with, comma","with ""quotes""","with\nline"\r\n'],
    [[-5, -2.5], '-5,-2.5\r\n'],
    [[{ nested: '=1' }], '"{""nested"":""=1""}"\r\n'],
  ])('quotes what must be quoted: %j', (cells, line) => {
    expect(csvLine(cells)).toBe(line)
  })

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx'])('is no formula when a text is %j', (text) => {
    expect(csvLine([text])).toMatch(/^"?'/)
  })
})
