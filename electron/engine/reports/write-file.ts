import { randomBytes } from 'node:crypto'
import { access, constants, open, rename, rm, stat, type FileHandle } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { AppError } from '../../../shared/errors.ts'
import { makeFolder } from '../make-folder.ts'

/** Bytes are handed to the system in pieces of about this size. */
const pieceBytes = 1 << 18

/** Text that goes to a file piece by piece, so that memory stays flat. */
export class TextWriter {
  private readonly file: FileHandle
  private waiting: string[] = []
  private size = 0

  constructor(file: FileHandle) {
    this.file = file
  }

  /** Waits while the disk is behind. */
  async write(text: string): Promise<void> {
    this.waiting.push(text)
    this.size += text.length
    if (this.size >= pieceBytes) await this.flush()
  }

  async flush(): Promise<void> {
    const text = this.waiting.join('')
    this.waiting = []
    this.size = 0
    if (text !== '') await this.file.appendFile(text)
  }
}

/**
 * Looks whether files can be written into a folder, which may have to be made first, so that nobody waits for what cannot
 * be kept.
 *
 * @throws AppError FILE_UNWRITABLE
 */
export async function checkFolder(folder: string): Promise<void> {
  try {
    const nearest = await nearestFolder(folder)
    await access(nearest, constants.W_OK | constants.X_OK)
  } catch (error) {
    throw writeFailure(folder, error)
  }
}

/** The folder itself, or what is there of the way to it. */
async function nearestFolder(folder: string): Promise<string> {
  try {
    if ((await stat(folder)).isDirectory()) return folder
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || dirname(folder) === folder) throw error
    return nearestFolder(dirname(folder))
  }
  throw Object.assign(new Error(`${folder} is no folder`), { code: 'ENOTDIR' })
}

/**
 * Makes a file whole or not at all: `work` fills a file of another name beside it, which takes the name when all is on
 * the disk. A file that had the name before is replaced then, and stays as it is when anything fails.
 *
 * @param work gets the path to fill; it need not exist yet
 * @returns the size of the file in bytes
 * @throws AppError FILE_UNWRITABLE, STORE_FULL; whatever `work` throws
 */
export async function writeWhole(path: string, work: (path: string) => Promise<void>): Promise<number> {
  const folder = dirname(path)
  const part = join(folder, `.${basename(path)}.${randomBytes(6).toString('hex')}.part`)
  try {
    makeFolder(folder)
    await work(part)
    const file = await open(part, 'r+')
    try {
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(part, path)
    return (await stat(path)).size
  } catch (error) {
    await rm(part, { force: true }).catch(() => undefined)
    throw writeFailure(path, error)
  }
}

/** {@link writeWhole} for text that is written as it comes. */
export function writeText(path: string, work: (writer: TextWriter) => Promise<void>): Promise<number> {
  return writeWhole(path, async (part) => {
    const file = await open(part, 'wx')
    try {
      const writer = new TextWriter(file)
      await work(writer)
      await writer.flush()
    } finally {
      await file.close()
    }
  })
}

/** What to tell when a file cannot be written; every other error stays what it is. */
function writeFailure(path: string, error: unknown): unknown {
  if (error instanceof AppError) return error
  const { code } = error as NodeJS.ErrnoException
  const message = error instanceof Error ? error.message : ''
  const nothing = 'Nothing was left under its name, and a file that was there before is as it was.'
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG' || /No space left|disk is full|File too large/i.test(message)) return new AppError('FILE_UNWRITABLE', `There is no room for ${path}.`, { hint: `Make room or choose another folder. ${nothing}`, cause: error })
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS' || /Permission denied|Read-only file system/i.test(message)) return new AppError('FILE_UNWRITABLE', `${path} may not be written.`, { hint: `Choose a folder that you may write to. ${nothing}`, cause: error })
  if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EEXIST' || /No such file or directory/i.test(message)) return new AppError('FILE_UNWRITABLE', `The way to ${path} is not there, or is no folder.`, { hint: `Choose another folder. ${nothing}`, cause: error })
  if (code === 'EISDIR') return new AppError('FILE_UNWRITABLE', `${path} is a folder.`, { hint: 'Choose another name or folder.', cause: error })
  return error
}
