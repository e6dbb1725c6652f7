import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { readCsvHeader, refuseOpenQuote } from './csv.ts'
import { readLines } from './lines.ts'

const folder = mkdtempSync(join(tmpdir(), 'undercurrent-csv-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const { signal } = new AbortController()
let files = 0
function file(content: string | Buffer, ending = 'csv'): string {
  const path = join(folder, `${files++}.${ending}`)
  writeFileSync(path, content)
  return path
}

describe('the header of a CSV file', () => {
  it.each([
    ['user,type\n', undefined, { delimiter: ',', names: ['user', 'type'] }],
    ['\ufeffuser;"a;b";c,d\r\n', undefined, { delimiter: ';', names: ['user', 'a;b', 'c,d'] }],
    ['a\tb\tc', undefined, { delimiter: '\t', names: ['a', 'b', 'c'] }],
    ['a,b,c|d\n', '|', { delimiter: '|', names: ['a,b,c', 'd'] }],
    ['', undefined, { delimiter: ',', names: [''] }],
  ])('%j tells its columns and what separates them', async (text, told, header) => {
    expect(await readCsvHeader(file(text), told, signal)).toEqual(header)
  })
})

describe('a quote that is never closed', () => {
  it.each(['a,b\n1,"2\n3,4\n', 'a,b\n1,"2""\n', '"a,b\n', 'a,b\n"x\ny",1\n2,"\n'])('is refused in %j', async (text) => {
    await expect(refuseOpenQuote(file(text), ',', signal)).rejects.toMatchObject({ code: 'FILE_UNREADABLE', message: expect.stringContaining('never closed') as string })
  })

  it.each(['a,b\n1,"2"', 'a,b\n1,""\n', 'a,b\n1,5" pipe\n', 'a,b\n"x ""y""\nz",1\n', 'a,b\n1,"a\\"b"\n', ''])('is not seen in %j', async (text) => {
    await refuseOpenQuote(file(text), ',', signal)
  })

  it('is named by its line, and quotes at the end of what is read at once are read right', async () => {
    const chunk = 1024 * 1024
    const filled = `a,b\n1,"${'x'.repeat(chunk - 8)}`
    expect(filled.length).toBe(chunk - 1)
    await refuseOpenQuote(file(`${filled}"\n3,4\n`), ',', signal)
    await refuseOpenQuote(file(`${filled}"""\n3,"4"\n`), ',', signal)
    await expect(refuseOpenQuote(file(`${filled}""\n3,4\n`), ',', signal)).rejects.toMatchObject({ message: expect.stringContaining('line 2 ') as string })
    await expect(refuseOpenQuote(file(`a,b\n${'1,2\n'.repeat(400_000)}3,"4\n5,6\n`), ',', signal)).rejects.toMatchObject({ message: expect.stringContaining('line 400002 ') as string })
  })
})

describe('a file of text', () => {
  it('that is compressed must be whole', async () => {
    const whole = gzipSync(Array.from({ length: 1000 }, (_, index) => `u${index},click\n`).join(''))
    await refuseOpenQuote(file(whole, 'csv.gz'), ',', signal)
    await expect(refuseOpenQuote(file(whole.subarray(0, -20), 'csv.gz'), ',', signal)).rejects.toMatchObject({ code: 'FILE_UNREADABLE', message: expect.stringContaining('unexpected end') as string })
  })

  it('that is compressed or UTF-16 without its name saying so is refused with what to do', async () => {
    await expect(readCsvHeader(file(gzipSync('a,b\n')), undefined, signal)).rejects.toMatchObject({ code: 'FILE_UNREADABLE', hint: expect.stringContaining('.gz') as string })
    await expect(readCsvHeader(file(Buffer.from('\ufeffa,b\n', 'utf16le')), undefined, signal)).rejects.toMatchObject({ code: 'FILE_UNREADABLE', hint: expect.stringContaining('iconv') as string })
  })

  it('loses the mark in front of UTF-8, in lines too', async () => {
    const lines: string[] = []
    for await (const some of readLines(file('\ufeff{"a":1}\n{"a":2}', 'ndjson'), signal)) lines.push(...some.map(String))
    expect(lines).toEqual(['{"a":1}', '{"a":2}'])
  })
})
