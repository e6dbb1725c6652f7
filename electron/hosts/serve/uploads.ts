import { createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { pipeline } from 'node:stream/promises'

/** Files that a browser has sent, which knows no paths: kept in a private folder for as long as the server runs. */
export class Uploads {
  private folder: string | undefined
  private count = 0

  /** Writes a request's body to a file and gives its path. A body that breaks off leaves nothing. @throws Error of the disk */
  async take(request: IncomingMessage, name: string): Promise<string> {
    this.folder ??= await mkdtemp(join(tmpdir(), 'undercurrent-upload-'))
    // a folder for each, so that the file keeps its name, by which its format and its source are guessed
    const path = join(await mkdtemp(join(this.folder, `${++this.count}-`)), safeName(name))
    try {
      await pipeline(request, createWriteStream(path, { flags: 'wx', mode: 0o600 }))
    } catch (error) {
      await rm(path, { force: true })
      throw error
    }
    return path
  }

  /** Removes all of them. */
  async remove(): Promise<void> {
    if (this.folder !== undefined) await rm(this.folder, { recursive: true, force: true })
  }
}

function safeName(name: string): string {
  const safe = basename(name.replaceAll('\\', '/')).replaceAll(/[^\p{L}\p{N}._ -]/gu, '_').slice(-100)
  return /^\.*$/.test(safe) ? 'file' : safe
}
