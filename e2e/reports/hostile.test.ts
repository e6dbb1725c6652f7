import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ExportFormat } from '../../shared/report/export.ts'
import { chromiumAvailability } from '../app/chromium.ts'
import { describeIf } from '../kafka/describe-if.ts'
import { TestWorkspace } from '../specs/workspace.ts'
import { hostileTexts, longText } from './hostile-texts.ts'
import { parseCsv } from './parse-csv.ts'
import { readDocument } from './read-document.ts'

const hostileName = 'begin <script>window.owned=1</script> =1+1 \u202e & "end"'
const behavior = `sequence ${JSON.stringify(hostileName)} by user, note
  a: begin
  then b: end within 1h
return b.other as other, a.note as said
`

describeIf(chromiumAvailability, 'a report of hostile events', () => {
  let folder = ''
  let workspace: TestWorkspace
  const paths = new Map<ExportFormat, string>()
  const read = (format: ExportFormat): string => readFileSync(paths.get(format) ?? '', 'utf8')

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'undercurrent-hostile-'))
    mkdirSync(join(folder, 'out'))
    const at = (index: number, second: number): string => new Date(Date.UTC(2026, 0, 1, index, 0, second)).toISOString()
    const events = hostileTexts.flatMap((text, index) => [
      { at: at(index, 0), type: 'begin', user: text, note: text, other: text },
      { at: at(index, 1), type: text === '' ? 'empty' : text, user: text, note: text, other: text },
      { at: at(index, 2), type: 'end', user: text, note: text, other: text },
    ])
    const file = join(folder, `<img src=x onerror=window.owned=1> =cmd'; rm.ndjson`)
    writeFileSync(file, events.map((event) => `${JSON.stringify(event)}\n`).join(''))
    workspace = await TestWorkspace.open(join(folder, 'W'))
    await workspace.import({ path: file, file: { format: 'ndjson' }, force: false, source: '</script><script>window.owned=1</script>', mapping: { key: 'user', type: 'type', time: 'at', timeFormat: 'iso', attributes: [{ name: 'note', path: 'note', type: 'text' }, { name: 'other', path: 'other', type: 'text' }] } })
    const formats: ExportFormat[] = ['html', 'pdf', 'md', 'json', 'figures', 'csv', 'ndjson', 'parquet', 'cloudevents']
    const { files } = await workspace.call('reports.export', {
      request: { text: behavior, title: `\ud800 ${hostileTexts.join(' ').slice(0, 297)}`, notes: ['\udc00', ...hostileTexts].filter((text) => text !== longText).join('\n'), attributes: ['note', 'other'], examples: 50 },
      formats, folder: join(folder, 'out'),
    })
    for (const { format, path } of files) paths.set(format, path)
    expect([...paths.keys()].sort()).toEqual([...formats].sort())
  })
  afterAll(async () => {
    await workspace.close()
    rmSync(folder, { recursive: true, force: true })
  })

  it('runs nothing, asks for nothing and complains of nothing in a browser', async () => {
    const document = await readDocument(paths.get('html') ?? '', true)
    expect(document).toMatchObject({ isOwned: false, requests: [], said: [], scripts: 0 })
    expect(document.text).toContain('<img src=x onerror=window.owned=1>')
    expect(document.tables.filter(({ name }) => name === 'events').length).toBe(hostileTexts.length)
    // what turns the direction of writing stands there as a sign
    expect(document.text).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/)
    expect(document.text).toContain('\\u202e')
  })

  it('stays small and whole whatever the length of a value', async () => {
    expect(read('html').length).toBeLessThan(3_000_000)
    expect(read('html')).not.toContain(longText.slice(0, 2000))
    expect((await workspace.call('reports.verify', { document: read('html') })).verdict).toBe('proven')
    expect((await workspace.call('reports.verify', { document: read('md') })).verdict).toBe('proven')
  })

  it('has markup in no Markdown, outside of code and its comment', () => {
    const text = read('md').replace(/^(`{3,})\n[\s\S]*?\n\1$/gm, '').replace(/<!-- undercurrent-report [^<>]* -->/, '')
    expect(text).not.toMatch(/(?<!\\)[<`]/)
    expect(text).not.toMatch(/(?<!\\)!?(?<!\\)\[[^\]]*(?<!\\)\]\(/)
  })

  it('draws figures that run nothing either', async () => {
    const drawn = readdirSync(join(folder, 'out')).filter((name) => name.endsWith('-by-note.svg'))
    expect(drawn).toHaveLength(1)
    const document = await readDocument(join(folder, 'out', drawn[0] ?? ''), true)
    expect(document).toMatchObject({ isOwned: false, requests: [], said: [] })
  })

  it('has no formula in any cell of CSV, and the values behind the marks', () => {
    const [header = [], ...rows] = parseCsv(read('csv'))
    expect(header).toEqual(['behavior', 'state', 'until', 'start', 'end', 'tied', 'user', 'note', 'other', 'said', 'steps'])
    expect(rows).toHaveLength(hostileTexts.length)
    const figures = readdirSync(join(folder, 'out')).filter((name) => name.endsWith('.csv')).flatMap((name) => parseCsv(readFileSync(join(folder, 'out', name), 'utf8')))
    for (const cell of [...rows, ...figures].flat()) expect(cell).not.toMatch(/^[\s\p{C}]*[=+\-@|%＝＋－＠]|^[\t\r\n]/u)
    const values = rows.map((row) => (row[header.indexOf('other')] ?? '').replace(/^'/, ''))
    expect(values.sort()).toEqual(hostileTexts.map((text) => text.replaceAll('\0', '␀').replace(/^'/, '')).sort())
  })

  it('carries the values as they are in NDJSON, CloudEvents and Parquet', async () => {
    const expected = [...hostileTexts].sort()
    const found = read('ndjson').trimEnd().split('\n').map((line) => JSON.parse(line) as { readonly behavior: string; readonly key: { readonly user: string }; readonly returns: { readonly other: string } })
    expect(found.map(({ key }) => key.user).sort()).toEqual(expected)
    expect(found.map(({ returns }) => returns.other).sort()).toEqual(expected)
    expect(found[0]?.behavior).toBe(hostileName)
    const events = read('cloudevents').trimEnd().split('\n').map((line) => JSON.parse(line) as { readonly subject: string })
    expect(events.map(({ subject }) => subject).sort()).toEqual(expected)
    // a line can be printed: nothing in it acts on a terminal
    expect(read('ndjson')).not.toMatch(/[^\P{C}\n]/u)
    const connection = await (await DuckDBInstance.create()).connect()
    const reader = await connection.runAndReadAll('SELECT "user", other FROM read_parquet($1)', [paths.get('parquet') ?? ''])
    expect(reader.getRowObjects().map(({ user }) => user).sort()).toEqual(expected)
    expect(reader.getRowObjects().map(({ other }) => other).sort()).toEqual(expected)
  })

  it('prints a PDF', () => {
    const pdf = readFileSync(paths.get('pdf') ?? '')
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-')
    expect(pdf.subarray(-1024).toString('latin1')).toContain('%%EOF')
    expect(pdf.toString('latin1')).not.toMatch(/\/(?:JavaScript|JS|Launch|OpenAction|URI)\b/)
  })

  it('names files harmlessly', () => {
    for (const path of paths.values()) expect(path.slice(join(folder, 'out').length)).toMatch(/^\/[\p{L}\p{N}.-]+$/u)
    expect(readdirSync(join(folder, 'out')).filter((name) => name.startsWith('.'))).toEqual([])
  })
})
