import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Verification } from '../../shared/report/export.ts'
import { describeIf } from '../kafka/describe-if.ts'
import { readClicks, rees46 } from '../specs/clicks.ts'
import { TestWorkspace } from '../specs/workspace.ts'
import { lines, undercurrent } from './command.ts'
import { importRees46 } from './rees46.ts'

const header = 'event_time,event_type,product_id,price,user_id,user_session'

describeIf(rees46, 'verify', () => {
  let folder = ''
  const html = (): string => readFileSync(join(folder, 'out/changed.html'), 'utf8')

  async function verify(file: string, name = 'W'): Promise<Verification> {
    const workspace = await TestWorkspace.open(join(folder, name))
    try {
      return await workspace.call('reports.verify', { document: readFileSync(join(folder, file), 'utf8') })
    } finally {
      await workspace.close()
    }
  }

  /** A copy of the workspace, with something done to its database from outside. */
  async function altered(name: string, change: (table: string) => string): Promise<string> {
    cpSync(join(folder, 'W'), join(folder, name), { recursive: true })
    const instance = await DuckDBInstance.create(join(folder, name, 'events.duckdb'))
    const connection = await instance.connect()
    let changed = 0
    for (const table of ['events', 'recent']) changed += (await connection.run(change(table))).rowsChanged
    connection.closeSync()
    instance.closeSync()
    expect(changed).toBe(1)
    return name
  }

  function edited(name: string, edit: (document: string) => string): string {
    const document = edit(html())
    expect(document).not.toBe(html())
    writeFileSync(join(folder, name), document)
    return name
  }

  beforeAll(async () => {
    folder = await importRees46(rees46.available ? rees46.file : '')
    const made = await undercurrent(folder, ['report', 'changed.behavior', '--workspace', 'W', '--format', 'html,md,json', '--out', 'out', '--title', 'Changed', '--by', 'price,user_session'])
    if (made.code !== 0) throw new Error(made.stderr)
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it.each(['html', 'md', 'json'])('proves a fresh report as %s', async (format) => {
    expect(await verify(`out/changed.${format}`)).toMatchObject({ verdict: 'proven', title: 'Changed', differences: [], gone: [], notes: [] })
  })

  it('says so on the command line, with exit code 0', async () => {
    const said = await undercurrent(folder, ['verify', 'out/changed.html', '--workspace', 'W'])
    expect(said.code).toBe(0)
    expect(said.stdout).toMatch(/^Changed: proven: [\d,]+ numbers and texts are the same, counted again from the recorded positions\.\n$/)
  })

  it('proves it still when more is stored, also of the same users and earlier', async () => {
    cpSync(join(folder, 'W'), join(folder, 'more'), { recursive: true })
    const user = html().match(/1\. user (\d+)/)?.[1] ?? ''
    writeFileSync(join(folder, 'more.csv'), [header, `2022-10-01 00:00:01 UTC,cart,1,2.5,${user},s`, `2022-10-01 00:00:31 UTC,remove_from_cart,1,2.5,${user},s`, `2023-03-01 00:00:00 UTC,view,1,2.5,nobody,s`, ''].join('\n'))
    const imported = await undercurrent(folder, ['import', 'more.csv', '--workspace', 'more', '--source', 'events'])
    expect(imported.code).toBe(0)
    writeFileSync(join(folder, 'other-kind.csv'), ['at,what,who,color', `2022-10-01 00:00:02 UTC,view,${user},red`, ''].join('\n'))
    expect((await undercurrent(folder, ['import', 'other-kind.csv', '--workspace', 'more', '--map', 'key=who,type=what,time=at', '--attributes', 'color'])).code).toBe(0)
    const now = await undercurrent(folder, ['detect', 'changed.behavior', '--workspace', 'more', '--json'])
    expect(now.stdout.split('\n').length - 1).not.toBe(159)
    expect(await verify('out/changed.html', 'more')).toMatchObject({ verdict: 'proven', differences: [] })
  })

  it('says which part is gone by retention', async () => {
    cpSync(join(folder, 'W'), join(folder, 'kept'), { recursive: true })
    const days = Math.floor((Date.now() - Date.UTC(2022, 10, 15)) / 86_400_000)
    expect((await undercurrent(folder, ['retention', '--workspace', 'kept', '--max-age', `${days}d`])).stderr).toMatch(/[1-9],\d{3} events removed/)
    const { verdict, gone } = await verify('out/changed.html', 'kept')
    expect(verdict).toBe('gone')
    expect(gone).toEqual([expect.stringMatching(/^[\d,]+ of 4,995 events of partition 0 of events are gone by retention: what was older than 20\d\d-.* was removed\.$/)])
  })

  it('says that a workspace is another one', async () => {
    writeFileSync(join(folder, 'other.csv'), [header, '2022-10-01 00:00:01 UTC,cart,1,2.5,1,s', ''].join('\n'))
    await undercurrent(folder, ['import', 'other.csv', '--workspace', 'other'])
    expect(await verify('out/changed.html', 'other')).toMatchObject({ verdict: 'gone', gone: ['This workspace has no source events of topic events, from which the report was made.'] })
  })

  it('finds the numbers that one altered event changes', async () => {
    const clicks = readClicks(rees46.available ? rees46.file : '')
    const found = lines<{ readonly steps: readonly { readonly offset: number }[] }>(await undercurrent(folder, ['detect', 'changed.behavior', '--workspace', 'W', '--json']))
    // taken out once only: without that, nothing else completes the match
    const isAlone = (offset: number): boolean => clicks.filter(({ event_type: type, user_id: user, product_id: product }) => type === 'remove_from_cart' && user === clicks[offset]?.user_id && product === clicks[offset]?.product_id).length === 1
    const removal = found.map(({ steps }) => steps.at(-1)?.offset ?? 0).find(isAlone)
    const workspace = await altered('typed', (table) => `UPDATE ${table} SET type = (SELECT code FROM types WHERE type = 'view') WHERE "offset" = ${removal ?? -1}`)
    const { verdict, differences } = await verify('out/changed.html', workspace)
    expect(verdict).toBe('different')
    expect(differences).toContainEqual({ where: 'behaviors[changed their mind].counts.occurrences', recorded: '159', now: '158' })
    expect(differences.map(({ where }) => where)).toContainEqual(expect.stringContaining('checksum'))
    const said = await undercurrent(folder, ['verify', 'out/changed.html', '--workspace', workspace])
    expect(said.code).toBe(1)
    expect(said.stdout).toMatch(/counts\.occurrences\s+159\s+158/)
  })

  it.each([
    ['the price', 'a_price = a_price + 0.01'],
    ['the time', 'time = time + INTERVAL 1 MICROSECOND'],
    ['the payload', "payload = encode(decode(payload) || ' ')"],
    ['the key', 'key = (SELECT max(code) FROM keys)'],
  ])('notices when %s of an event outside of every match is altered', async (name, change) => {
    const workspace = await altered(`altered ${name}`, (table) => `UPDATE ${table} SET ${change} WHERE "offset" = 7`)
    const { verdict, differences } = await verify('out/changed.json', workspace)
    expect(verdict).toBe('different')
    expect(differences.map(({ where }) => where)).toContainEqual(expect.stringContaining('checksum'))
  })

  it('notices an event that is missing', async () => {
    const workspace = await altered('missing', (table) => `DELETE FROM ${table} WHERE "offset" = 7`)
    expect(await verify('out/changed.html', workspace)).toMatchObject({ verdict: 'gone', gone: ['1 of 4,995 events of partition 0 of events are not in this workspace.'] })
  })

  it('notices an edited text, an edited number, and both together', async () => {
    const note = 'The text of the document is not what its data says: it was edited after it was made.'
    const text = edited('text.html', (document) => document.replace('59 of 893 users', '95 of 893 users'))
    expect(await verify(text)).toMatchObject({ verdict: 'different', notes: [note], differences: [] })
    const data = edited('data.html', (document) => document.replaceAll('"occurrences":159,', '"occurrences":951,'))
    expect(await verify(data)).toMatchObject({ verdict: 'different', notes: [note], differences: [{ recorded: '951', now: '159' }, { recorded: '951', now: '159' }] })
    const markdown = readFileSync(join(folder, 'out/changed.md'), 'utf8').replace('59 of 893 users', '95 of 893 users')
    writeFileSync(join(folder, 'text.md'), markdown)
    expect(await verify('text.md')).toMatchObject({ verdict: 'different', notes: [note] })
  })

  it('survives mail that changes the ends of lines, and says when a document is none', async () => {
    expect(await verify(edited('crlf.html', (document) => document.replaceAll('\n', '\r\n')))).toMatchObject({ verdict: 'proven' })
    writeFileSync(join(folder, 'none.html'), '<h1>Changed</h1>')
    const none = await undercurrent(folder, ['verify', 'none.html', '--workspace', 'W'])
    expect(none.code).not.toBe(0)
    expect(none.stderr).toContain('This document carries no data of a report.')
    const cut = edited('cut.html', (document) => document.slice(0, -2000))
    await expect(verify(cut)).rejects.toThrow('This document carries no data of a report.')
  })
})
