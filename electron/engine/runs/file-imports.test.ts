import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { TestStore } from '../../../e2e/fixtures/test-store.ts'
import type { CallInput } from '../../../shared/contract/calls.ts'
import { FileImports } from './file-imports.ts'
import { Runs } from './runs.ts'

let workspace: TestStore
let runs: Runs
let files: FileImports
beforeEach(async () => {
  workspace = await TestStore.open()
  runs = new Runs(workspace.store, () => undefined)
  files = new FileImports(workspace.store, runs)
})
afterEach(async () => {
  await runs.stop()
  await workspace.remove()
})

/** What imports a file of one event into the source `shop`. */
async function fileOf(user: string): Promise<CallInput<'file.import'>> {
  const path = join(workspace.folder, `${user}.ndjson`)
  await writeFile(path, `${JSON.stringify({ user, type: 'view', at: '2026-01-01T00:00:00Z' })}\n`)
  return { path, file: {}, source: 'shop', force: false }
}

const start = (input: CallInput<'file.import'>): Promise<string> => files.start(input, new AbortController().signal)

describe('an import', () => {
  it('that is asked for twice at once is begun once, so that its content is not stored again later', async () => {
    await start(await fileOf('ann'))
    await runs.get('shop').finished
    const input = await fileOf('bob')
    const both = await Promise.allSettled([start(input), start(input)])
    await runs.get('shop').finished
    expect(both).toMatchObject([{ status: 'fulfilled' }, { status: 'rejected', reason: { code: 'CONFLICT', message: 'shop is being started.' } }])
    expect(await workspace.query('SELECT partition, complete FROM imports ORDER BY partition')).toEqual([{ partition: 0, complete: true }, { partition: 1, complete: true }])
    await expect(start(input)).rejects.toMatchObject({ code: 'ALREADY_IMPORTED' })
  })

  it('that is refused can be asked for again', async () => {
    const input = await fileOf('ann')
    await expect(start({ ...input, path: `${input.path}.gone` })).rejects.toMatchObject({ code: 'FILE_UNREADABLE' })
    await expect(start(input)).resolves.toBe('shop')
  })
})
