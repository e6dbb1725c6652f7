import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { AppError } from '../../../shared/errors.ts'
import { ReportTemplate } from '../../../shared/report/export.ts'
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
  const others = (await readTemplates(workspace)).filter(({ name }) => name !== template.name)
  await write(workspace, [...others, template].sort((a, b) => (a.name < b.name ? -1 : 1)))
}

/** Forgets a template. */
export async function removeTemplate(workspace: string, name: string): Promise<void> {
  await write(workspace, (await readTemplates(workspace)).filter((template) => template.name !== name))
}

async function write(workspace: string, templates: readonly ReportTemplate[]): Promise<void> {
  const path = fileOf(workspace)
  makeFolder(workspace)
  await writeFile(`${path}.new`, `${JSON.stringify({ version: 1, templates }, null, 2)}\n`)
  await rename(`${path}.new`, path)
}

function fileOf(workspace: string): string {
  return join(workspace, 'report-templates.json')
}
