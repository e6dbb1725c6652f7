import { resolve } from 'node:path'
import { z } from 'zod'
import { viewScheme } from '../../shared/model/view-file.ts'

/** What the app was started with; a second start sends it to the first. Paths are absolute. */
export const Arguments = z.object({
  workspace: z.string().optional(),
  profile: z.string().optional(),
  /** Whether the demo shop is to run in the workspace. */
  demo: z.boolean(),
  /** A file to import, or a folder to open. */
  file: z.string().optional(),
  /** The link of a view that somebody has shared. */
  link: z.string().optional(),
})
export type Arguments = z.infer<typeof Arguments>

/**
 * Reads `--workspace DIR`, `--profile DIR`, `--demo`, a file and the link of a view. Switches of Chromium and, unless the
 * app is packaged, the folder of the app itself are passed over.
 */
export function readArguments(argv: readonly string[], isPackaged: boolean): Arguments {
  const rest = argv.slice(1)
  const value = (name: string): string | undefined => {
    const at = rest.indexOf(name)
    return rest.find((text) => text.startsWith(`${name}=`))?.slice(name.length + 1) ?? (at === -1 ? undefined : rest[at + 1])
  }
  const path = (text: string | undefined): string | undefined => (text === undefined || text === '' ? undefined : resolve(text))
  const named = rest.filter((text, index) => !text.startsWith('-') && !['--workspace', '--profile'].includes(rest[index - 1] ?? ''))
  const link = named.find((text) => text.startsWith(viewScheme))
  const plain = named.filter((text) => !text.startsWith(viewScheme))
  // in development the first plain argument is the folder of the app
  return { workspace: path(value('--workspace')), profile: path(value('--profile')), demo: rest.includes('--demo'), file: path(plain[isPackaged ? 0 : 1]), link }
}
