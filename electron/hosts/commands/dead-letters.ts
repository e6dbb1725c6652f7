import { Option, type Command } from 'commander'
import { DeadReason } from '../../../shared/model/decoder.ts'
import { formatPosition } from '../../../shared/model/position.ts'
import { command, withEngine, type CommonOptions } from '../command.ts'
import { formatTable, formatTime, printLine, printNote, safeText, toJsonLine } from '../output.ts'
import { parseCount } from '../values.ts'

interface Options extends CommonOptions {
  readonly source?: string
  readonly reason?: DeadReason
  readonly limit: number
  readonly offset: number
}

/** `undercurrent dead-letters`. */
export function deadLettersCommand(): Command {
  return command('dead-letters', 'show records that could not be read, and why')
    .option('--source <name>', 'of one source only')
    .addOption(new Option('--reason <reason>', 'for one reason only').choices(DeadReason.options))
    .addOption(new Option('--limit <n>', 'how many').argParser(parseCount).default(20))
    .addOption(new Option('--offset <n>', 'how many to leave out').argParser(parseCount).default(0))
    .addHelpText('after', '\nWith --json: one line a record with source, position, brokerTime, ingestedAt, reason, detail, waiting, and key, headers and payload as they came (base64).')
    .action(async (options: Options) => {
      await withEngine(options, async (client) => {
        const { source, reason, limit, offset } = options
        const { letters, total } = await client.call('deadLetters.list', { ...(source === undefined ? {} : { source }), ...(reason === undefined ? {} : { reason }), limit, offset })
        if (options.json === true) {
          for (const letter of letters) await printLine(toJsonLine({ ...letter, brokerTime: formatTime(letter.brokerTime), ingestedAt: formatTime(letter.ingestedAt) }))
          return
        }
        const summary = await client.call('deadLetters.summary', {})
        for (const line of formatTable(['source', 'reason', 'records', ''], summary.map((row) => [row.source, row.reason, row.count, row.waiting ? 'waiting: tried again by itself' : '']))) await printLine(line)
        for (const letter of letters) {
          await printLine('')
          await printLine(`${safeText(formatPosition(letter.position))}  ${formatTime(letter.brokerTime)}  ${letter.reason}`)
          await printLine(`  ${safeText(letter.detail)}`)
          if (letter.key !== undefined) await printLine(`  key      ${preview(letter.key)}`)
          if (letter.payload !== undefined) await printLine(`  payload  ${preview(letter.payload)}`)
        }
        printNote(`${letters.length.toLocaleString('en-US')} of ${total.toLocaleString('en-US')} dead letters`)
      })
    })
}

/** The beginning of some bytes as text, with their number. */
function preview(bytes: Uint8Array): string {
  return `${safeText(Buffer.from(bytes.subarray(0, 100)).toString('utf8'))}${bytes.length > 100 ? ` … (${bytes.length.toLocaleString('en-US')} bytes)` : ''}`
}
