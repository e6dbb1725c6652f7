import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openEngine } from './engine.ts'

it('leaves a workspace that it could not open free to be opened', async () => {
  const workspace = mkdtempSync(join(tmpdir(), 'undercurrent-engine-'))
  try {
    writeFileSync(join(workspace, 'workspace.json'), '{')
    for (let times = 0; times < 2; times++) await expect(openEngine({ workspace })).rejects.toMatchObject({ code: 'WORKSPACE_UNUSABLE' })
    rmSync(join(workspace, 'workspace.json'))
    await (await openEngine({ workspace })).close()
  } finally {
    rmSync(workspace, { recursive: true, force: true })
  }
})
