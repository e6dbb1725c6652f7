import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { AppError } from '../../shared/errors.ts'
import { Retention } from '../../shared/model/workspace.ts'
import { changeFile } from './change-file.ts'

/** What `workspace.json` says: settings of the workspace, as text that is friendly to git. No secret is ever in it. */
export const WorkspaceFile = z.object({
  version: z.literal(1),
  retention: Retention,
  /** The demo shop of this workspace; the same options give the same events. `from` is in epoch milliseconds. */
  demo: z.object({ seed: z.number(), from: z.number(), eventsPerDay: z.number() }).optional(),
})
export type WorkspaceFile = z.infer<typeof WorkspaceFile>

const fresh: WorkspaceFile = { version: 1, retention: {} }

/** Reads a workspace's settings; a workspace without a file has the defaults. @throws AppError WORKSPACE_UNUSABLE where the file is not valid */
export async function readWorkspaceFile(folder: string): Promise<WorkspaceFile> {
  const path = pathOf(folder)
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return fresh
    throw error
  }
  try {
    return WorkspaceFile.parse(JSON.parse(text))
  } catch (cause) {
    throw new AppError('WORKSPACE_UNUSABLE', `${path} is not a valid workspace file.`, { hint: 'Mend it, or remove it to have the defaults.', cause })
  }
}

/** Changes a workspace's settings, whole or not at all. @returns them as they are now */
export async function changeWorkspaceFile(folder: string, change: (settings: WorkspaceFile) => WorkspaceFile): Promise<WorkspaceFile> {
  return changeFile(pathOf(folder), async () => change(await readWorkspaceFile(folder)))
}

function pathOf(folder: string): string {
  return join(folder, 'workspace.json')
}
