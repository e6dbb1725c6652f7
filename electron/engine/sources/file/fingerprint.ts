import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { AppError } from '../../../../shared/errors.ts'

/** What a file's content is, whatever its name. */
export interface Fingerprint {
  readonly sha256: string
  readonly bytes: number
  readonly lines: number
}

/** Reads a file once, to know it again. @throws AppError FILE_UNREADABLE */
export async function fingerprint(path: string, signal: AbortSignal): Promise<Fingerprint> {
  const hash = createHash('sha256')
  let bytes = 0
  let lines = 0
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024, signal }) as AsyncIterable<Buffer>) {
      hash.update(chunk)
      bytes += chunk.length
      for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1)) lines++
    }
  } catch (cause) {
    throw new AppError('FILE_UNREADABLE', `${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, { hint: 'Check the path and the right to read it.', cause })
  }
  return { sha256: hash.digest('hex'), bytes, lines }
}
