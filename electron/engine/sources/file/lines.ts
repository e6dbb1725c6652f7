import { AppError } from '../../../../shared/errors.ts'
import { readText } from './text.ts'

/** A line longer than this is no event. */
const longestLine = 64 * 1024 * 1024

/**
 * Reads the lines of a file as the bytes that they are, without their line ends. The buffers are views on the chunks read,
 * so a line that is kept keeps its chunk.
 *
 * @throws AppError FILE_UNREADABLE
 */
export async function* readLines(path: string, signal: AbortSignal): AsyncGenerator<readonly Buffer[]> {
  let rest: Buffer[] = []
  let restBytes = 0
  for await (const chunk of readText(path, signal)) {
    const lines: Buffer[] = []
    let start = 0
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
      lines.push(withoutReturn(rest.length === 0 ? chunk.subarray(start, end) : Buffer.concat([...rest, chunk.subarray(start, end)])))
      rest = []
      restBytes = 0
      start = end + 1
    }
    if (start < chunk.length) {
      rest.push(chunk.subarray(start))
      restBytes += chunk.length - start
    }
    if (restBytes > longestLine) throw new AppError('FILE_UNREADABLE', `${path} has a line of more than 64 MB.`, { hint: 'Is it a file of lines? --format says what it is.' })
    yield lines
  }
  if (rest.length > 0) yield [withoutReturn(Buffer.concat(rest))]
}

function withoutReturn(line: Buffer): Buffer {
  return line.at(-1) === 13 ? line.subarray(0, -1) : line
}
