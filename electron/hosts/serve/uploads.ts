import { rmSync } from 'node:fs'
import { mkdtemp, open, rm, type FileHandle } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { AppError } from '../../../shared/errors.ts'

/** Room for a name in bytes, below the 255 that file systems allow. */
const longestName = 200

/** Files that a browser has sent, which knows no paths: kept in a private folder until the process ends. */
export class Uploads {
  private folder: Promise<string> | undefined
  /** A process that is made to end at once has no time for `remove`. */
  private removeAtExit: () => void = () => undefined
  private readonly parent: string

  constructor(parent = tmpdir()) {
    this.parent = parent
  }

  /**
   * Writes a body to a file and gives its path. A body that breaks off leaves nothing.
   *
   * @param name as the browser says it; the file keeps what is harmless of it, by which its format and its source are guessed
   * @throws AppError STORE_FULL, FILE_UNREADABLE when the disk refuses it; whatever the body throws
   */
  async take(body: AsyncIterable<Uint8Array>, name: string): Promise<string> {
    const { path, file } = await this.create(safeName(name)).catch(this.refuse)
    try {
      try {
        for await (const part of body) await file.appendFile(part).catch(this.refuse)
      } finally {
        await file.close()
      }
    } catch (error) {
      await rm(dirname(path), { recursive: true, force: true })
      throw error
    }
    return path
  }

  /** Removes all of them. */
  async remove(): Promise<void> {
    if (this.folder === undefined) return
    await rm(await this.folder, { recursive: true, force: true })
    process.off('exit', this.removeAtExit)
  }

  /** A new file in a folder of its own, so that two of one name do not meet. */
  private async create(name: string): Promise<{ readonly path: string; readonly file: FileHandle }> {
    const path = join(await mkdtemp(join(await this.ownFolder(), 'file-')), name)
    return { path, file: await open(path, 'wx', 0o600) }
  }

  private ownFolder(): Promise<string> {
    this.folder ??= this.makeFolder().catch((error: unknown) => {
      this.folder = undefined
      throw error
    })
    return this.folder
  }

  private async makeFolder(): Promise<string> {
    const folder = await mkdtemp(join(this.parent, 'undercurrent-upload-'))
    this.removeAtExit = () => rmSync(folder, { recursive: true, force: true })
    process.once('exit', this.removeAtExit)
    return folder
  }

  private readonly refuse = (error: unknown): never => {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOSPC' || code === 'EDQUOT') throw new AppError('STORE_FULL', `There is no room in ${this.parent} for this file.`, { hint: 'Make room there, or start again with TMPDIR naming a folder that has more.', cause: error })
    throw new AppError('FILE_UNREADABLE', `The file could not be kept in ${this.parent}: ${error instanceof Error ? error.message : String(error)}.`, { hint: 'Start again with TMPDIR naming another folder.', cause: error })
  }
}

/** The last part of a name without what a path, a terminal or a file system would take for more than text. */
function safeName(name: string): string {
  const safe = basename(name.replaceAll('\\', '/')).replaceAll(/[^\p{L}\p{N}._ -]/gu, '_')
  if (/^\.*$/.test(safe)) return 'file'
  // cut at the front: the end of a name says its format
  const letters = Array.from(safe)
  let bytes = Buffer.byteLength(safe)
  let start = 0
  while (bytes > longestName) bytes -= Buffer.byteLength(letters[start++] ?? '')
  return letters.slice(start).join('')
}
