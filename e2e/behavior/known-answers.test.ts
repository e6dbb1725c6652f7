import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rees46 } from '../specs/clicks.ts'
import { TestWorkspace } from '../specs/workspace.ts'

const dataFolder = process.env['UNDERCURRENT_DATA'] ?? join(import.meta.dirname, '../../../shared/data')
const msnbcFile = join(dataFolder, 'msnbc/MSNBC.txt')
const isMsnbcHere = existsSync(msnbcFile)

/** What behaviors of a text find: how often, for how many users, for how many keys. */
async function detect(workspace: TestWorkspace, text: string): Promise<readonly { readonly occurrences: number; readonly users: number; readonly keys: number }[]> {
  const found = await workspace.call('behaviors.detect', { text, limit: 1_000_000 })
  return found.map(({ detection: { occurrences, users }, matches }) => ({ occurrences, users, keys: new Set(matches.map(({ key }) => JSON.stringify(key))).size }))
}

describe.skipIf(!rees46.available)(`the REES46 shop${rees46.available ? '' : ` (${rees46.reason})`}`, () => {
  let workspace: TestWorkspace
  beforeAll(async () => {
    workspace = await TestWorkspace.open()
    await workspace.import({
      path: rees46.available ? rees46.file : '',
      file: {},
      mapping: { key: 'user_id', type: 'event_type', time: 'event_time', attributes: [{ name: 'product_id', path: 'product_id', type: 'integer' }] },
      force: false,
    })
  })
  afterAll(() => workspace.remove())

  // ClickHouse, PostgreSQL and a CEP engine agree on the pairs
  it('has 207 pairs of user and product that were put into the cart and removed later, 155 of them within 600 s', async () => {
    const [ever, soon] = await detect(workspace, 'sequence "ever" by user, product_id\n  cart\n  then remove_from_cart\n\nsequence "soon" by user, product_id\n  cart\n  then remove_from_cart within 600s\n')
    expect(ever).toMatchObject({ keys: 207, occurrences: 218 })
    expect(soon).toMatchObject({ keys: 155, occurrences: 164 })
  })

  it('counts the same pairs when every one of them is looked for from its first cart on', async () => {
    const [ever] = await detect(workspace, 'sequence "ever" by user, product_id\n  cart\n  then any remove_from_cart\nmatch every overlap\n')
    expect(ever?.keys).toBe(207)
  })
})

describe.skipIf(!isMsnbcHere)(`the paths through msnbc.com${isMsnbcHere ? '' : ` (no msnbc/MSNBC.txt in ${dataFolder}; UNDERCURRENT_DATA names the folder)`}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'undercurrent-msnbc-'))
  let workspace: TestWorkspace
  beforeAll(async () => {
    // one visitor a line, pages in order: a second for each
    const lines = readFileSync(msnbcFile, 'utf8').trimEnd().split('\n').flatMap((line, visitor) => line.split(' -1 ').slice(0, -1).map((page, second) => `${visitor},${page},${second}`))
    const path = join(folder, 'visits.csv')
    writeFileSync(path, ['visitor,page,second', ...lines, ''].join('\n'))
    workspace = await TestWorkspace.open()
    await workspace.import({ path, file: {}, mapping: { key: 'visitor', type: 'page', time: 'second', timeFormat: 'epoch_s' }, force: false })
  })
  afterAll(async () => {
    await workspace.remove()
    rmSync(folder, { recursive: true })
  })

  it.each([[0.05, 1478], [0.02, 9682]])('share, at a support of %s, %s sequences', async (support, patterns) => {
    const found = await workspace.call('discover.sequences', { unit: 'user', collapse: false, shape: 'all', support, limit: 1 })
    expect(found).toMatchObject({ population: 31_790, events: 423_776, patterns })
  })

  it.each([
    ['"1"\n  then "2"', 16_785],
    ['"1"\n  then "2"\n  then "4"', 6284],
    ['"14"\n  then "14"', 5121],
    ['"14" 2 times', 5121],
  ])('have %j for %i visitors', async (steps, visitors) => {
    const [found] = await detect(workspace, `sequence "path" by visitor\n  ${steps}\n`)
    expect(found?.users).toBe(visitors)
  })
})
