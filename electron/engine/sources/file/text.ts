import { createReadStream } from 'node:fs'
import { createGunzip } from 'node:zlib'
import { AppError } from '../../../../shared/errors.ts'

/**
 * Reads a file of text as the bytes that it is, gunzipped where its name ends in `.gz`, without the mark that some programs
 * put in front of UTF-8. What every reader would take for noise is refused: UTF-16, and gzip without its name.
 *
 * @throws AppError FILE_UNREADABLE, also where a compressed file ends too early
 */
export async function* readText(path: string, signal: AbortSignal): AsyncGenerator<Buffer> {
  const file = createReadStream(path, { highWaterMark: 1024 * 1024, signal })
  const stream = path.toLowerCase().endsWith('.gz') ? file.pipe(createGunzip()) : file
  file.on('error', (error) => stream.destroy(error))
  let isFirst = true
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      yield isFirst ? withoutMark(path, chunk) : chunk
      isFirst = false
    }
  } catch (cause) {
    if (cause instanceof AppError) throw cause
    throw new AppError('FILE_UNREADABLE', `${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, { hint: 'Check the path, the right to read it, and that it is whole.', cause })
  } finally {
    stream.destroy()
    file.destroy()
  }
}

function withoutMark(path: string, chunk: Buffer): Buffer {
  const mark = chunk.toString('hex', 0, 3)
  if (mark.startsWith('fffe') || mark.startsWith('feff')) throw new AppError('FILE_UNREADABLE', `${path} is written in UTF-16.`, { hint: 'Only UTF-8 is read: iconv -f UTF-16 -t UTF-8 turns it into that.' })
  if (mark.startsWith('1f8b')) throw new AppError('FILE_UNREADABLE', `${path} is compressed with gzip, which its name does not say.`, { hint: 'Give it a name that ends in .gz.' })
  return mark === 'efbbbf' ? chunk.subarray(3) : chunk
}
