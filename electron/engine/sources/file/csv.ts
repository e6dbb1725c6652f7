import { AppError } from '../../../../shared/errors.ts'
import { readText } from './text.ts'

/** What the first line of a CSV file says of the others. */
export interface CsvHeader {
  readonly delimiter: string
  readonly names: readonly string[]
}

const newline = 10
const quote = 34

/** What may separate columns; the first one where a header has none. */
const delimiters = [',', ';', '\t', '|']

/** Reads a file's header: its columns, and what separates them where that is not told: what is there most often. @throws AppError FILE_UNREADABLE */
export async function readCsvHeader(path: string, told: string | undefined, signal: AbortSignal): Promise<CsvHeader> {
  let text = ''
  for await (const chunk of readText(path, signal)) {
    text += chunk.toString('utf8')
    if (text.includes('\n') || text.length > 1_000_000) break
  }
  const line = text.split('\n')[0]?.replace(/\r$/, '') ?? ''
  const split = (delimiter: string): CsvHeader => ({ delimiter, names: splitLine(line, delimiter) })
  return told !== undefined ? split(told) : delimiters.map(split).reduce((most, next) => (next.names.length > most.names.length ? next : most))
}

function splitLine(line: string, delimiter: string): string[] {
  const names = ['']
  let isQuoted = false
  for (const character of line) {
    if (character === '"') isQuoted = !isQuoted
    else if (character === delimiter && !isQuoted) names.push('')
    else names.push(`${names.pop() ?? ''}${character}`)
  }
  return names
}

/**
 * Refuses a file with a quote that is opened and never closed: all that follows is the value of one field, and a reader
 * drops it without a word. Reads the whole file, which also shows that a compressed one is whole.
 *
 * @throws AppError FILE_UNREADABLE with the line
 */
export async function refuseOpenQuote(path: string, delimiter: string, signal: AbortSignal): Promise<void> {
  const before = delimiter.charCodeAt(0)
  let lines = 1
  let openedAt: number | undefined
  let last = newline
  // a quote at the end of a chunk: only the next byte tells whether it closes or stands for itself
  let pending = false
  for await (const chunk of readText(path, signal)) {
    let counted = 0
    const lineAt = (end: number): number => {
      for (let at = chunk.indexOf(newline, counted); at !== -1 && at < end; at = chunk.indexOf(newline, at + 1)) lines++
      counted = end
      return lines
    }
    let at = 0
    if (pending) {
      pending = false
      if (chunk[0] === quote) at = 1
      else openedAt = undefined
    }
    for (at = chunk.indexOf(quote, at); at !== -1; at = chunk.indexOf(quote, at + 1)) {
      const previous = at === 0 ? last : chunk[at - 1]
      if (openedAt === undefined) {
        if (previous === before || previous === newline) openedAt = lineAt(at)
      } else if (at + 1 === chunk.length) pending = true
      else if (chunk[at + 1] === quote) at++
      else openedAt = undefined
    }
    lineAt(chunk.length)
    last = chunk.at(-1) ?? last
  }
  if (openedAt !== undefined && !pending) {
    throw new AppError('FILE_UNREADABLE', `The quote that opens a field in line ${openedAt} of ${path} is never closed.`, { hint: 'All lines behind it would be one value. Close it, or write a quote that belongs to the text twice.' })
  }
}
