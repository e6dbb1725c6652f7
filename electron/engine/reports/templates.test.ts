import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { ReportTemplate } from '../../../shared/report/export.ts'
import { readTemplates, removeTemplate, saveTemplate } from './templates.ts'

it('loses no template of those that are saved and removed at the same time', async () => {
  const workspace = mkdtempSync(join(tmpdir(), 'undercurrent-templates-'))
  try {
    const templates = ['a', 'b', 'c', 'd'].map((name) => ReportTemplate.parse({ name }))
    await Promise.all(templates.map((template) => saveTemplate(workspace, template)))
    expect(await readTemplates(workspace)).toEqual(templates)
    await Promise.all(['a', 'c', 'd'].map((name) => removeTemplate(workspace, name)))
    expect(await readTemplates(workspace)).toEqual(templates.slice(1, 2))
  } finally {
    rmSync(workspace, { recursive: true, force: true })
  }
})
