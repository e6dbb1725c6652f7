import { Option, type Command } from 'commander'
import type { DeadLetter } from '../../../shared/model/dead-letter.ts'
import { DeadReason } from '../../../shared/model/decoder.ts'
import { formatPosition } from '../../../shared/model/position.ts'
import { command, withExistingWorkspace, type CommonOptions } from '../command.ts'
import { formatLocal, formatNumber, formatTable, formatTime, printLine, printNote, safeText, toJsonLine } from '../output.ts'
import { pages } from '../pages.ts'
import { parseCount, wholeNumber } from '../values.ts'

interface Options extends CommonOptions {
  readonly source?: string
  readonly reason?: DeadReason
  readonly limit: number
  readonly offset: number
  readonly raw?: boolean
}

/** `undercurrent dead-letters`. */
export function deadLettersCommand(): Command {
  return command('dead-letters', 'show records that could not be read, and why')
    .option('--source <name>', 'of one source only')
    .addOption(new Option('--reason <reason>', 'for one reason only').choices(DeadReason.options))
    .addOption(new Option('--limit <n>', 'how many').argParser(wholeNumber(1)).default(20))
    .addOption(new Option('--offset <n>', 'how many to leave out').argParser(parseCount).default(0))
    .option('--raw', 'show every byte of keys, headers and payloads, as hexadecimal digits')
    .addHelpText('after', '\nWith --json: one line a record with source, position, brokerTime, ingestedAt, reason, detail, waiting, and key, headers and payload as they came (base64), which needs no --raw.')
    .action(async (options: Options) => {
      await withExistingWorkspace(options, async (client) => {
        const { source, reason, limit, offset } = options
        if (options.json !== true) {
          const summary = (await client.call('deadLetters.summary', {})).filter((row) => (source ?? row.source) === row.source && (reason ?? row.reason) === row.reason)
          for (const line of formatTable(['source', 'reason', 'records', ''], summary.map((row) => [row.source, row.reason, row.count, row.waiting ? 'waiting: tried again by itself' : '']))) await printLine(line)
        }
        let shown = 0
        let all = 0
        const read = pages(limit, offset, async (page) => {
          const { letters, total } = await client.call('deadLetters.list', { source, reason, ...page })
          all = total
          return letters
        })
        for await (const letters of read) {
          shown += letters.length
          for (const letter of letters) {
            if (options.json === true) await printLine(toJsonLine({ ...letter, brokerTime: formatTime(letter.brokerTime), ingestedAt: formatTime(letter.ingestedAt) }))
            else for (const line of describeLetter(letter, options.raw === true)) await printLine(line)
          }
        }
        if (options.json !== true) printNote(`${formatNumber(shown)} of ${formatNumber(all)} dead letters`)
      })
    })
}

function describeLetter(letter: DeadLetter, raw: boolean): readonly string[] {
  const show = raw ? toHex : preview
  const parts = [
    ['key', letter.key] as const,
    ...(raw ? letter.headers.map(({ name, value }) => [`header ${name}`, value] as const) : []),
    ['payload', letter.payload] as const,
  ]
  return [
    '',
    `${safeText(formatPosition(letter.position))}  ${formatLocal(letter.brokerTime)}  ${letter.reason}`,
    `  ${safeText(letter.detail)}`,
    ...parts.flatMap(([name, bytes]) => (bytes === undefined ? [] : [`  ${safeText(name).padEnd(7)}  ${show(bytes)}`])),
  ]
}

/** The beginning of some bytes as text, with their number. */
function preview(bytes: Uint8Array): string {
  return `${safeText(Buffer.from(bytes.subarray(0, 100)).toString('utf8'))}${bytes.length > 100 ? ` … (${formatNumber(bytes.length)} bytes)` : ''}`
}

function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
