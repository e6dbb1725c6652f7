import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { AppError } from '../../../shared/errors.ts'
import { ReportTemplate } from '../../../shared/report/export.ts'
import { changeFile } from '../change-file.ts'
import { makeFolder } from '../make-folder.ts'

const Templates = z.object({ version: z.literal(1), templates: z.array(ReportTemplate) })

/** How reports are built in a workspace, by name: a text file of its own that is friendly to git. @throws AppError WORKSPACE_UNUSABLE */
export async function readTemplates(workspace: string): Promise<ReportTemplate[]> {
  const path = fileOf(workspace)
  try {
    return Templates.parse(JSON.parse(await readFile(path, 'utf8'))).templates
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw new AppError('WORKSPACE_UNUSABLE', `${path} is not a valid file of report templates.`, { hint: 'Mend it, or remove it.', cause: error })
  }
}

/** Keeps a template; one of the same name is replaced. */
export async function saveTemplate(workspace: string, template: ReportTemplate): Promise<void> {
  await change(workspace, (templates) => [...templates.filter(({ name }) => name !== template.name), template].sort((a, b) => (a.name < b.name ? -1 : 1)))
}

/** Forgets a template. */
export async function removeTemplate(workspace: string, name: string): Promise<void> {
  await change(workspace, (templates) => templates.filter((template) => template.name !== name))
}

async function change(workspace: string, templates: (before: readonly ReportTemplate[]) => readonly ReportTemplate[]): Promise<void> {
  makeFolder(workspace)
  await changeFile(fileOf(workspace), async () => ({ version: 1, templates: templates(await readTemplates(workspace)) }))
}

function fileOf(workspace: string): string {
  return join(workspace, 'report-templates.json')
}
