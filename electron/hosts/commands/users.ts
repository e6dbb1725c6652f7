import { Option, type Command } from 'commander'
import { UserSort } from '../../../shared/model/workspace.ts'
import { command, withExistingWorkspace, type CommonOptions } from '../command.ts'
import { formatNumber, formatTable, formatTime, formatLocal, printLine, printNote, toJsonLine } from '../output.ts'
import { pages } from '../pages.ts'
import { parseCount, wholeNumber } from '../values.ts'

interface Options extends CommonOptions {
  readonly sort: UserSort
  readonly ascending?: boolean
  readonly limit: number
  readonly offset: number
}

/** `undercurrent users [TEXT]`. */
export function usersCommand(): Command {
  return command('users', 'list users, the most active first')
    .argument('[text]', 'only users whose key contains this')
    .addOption(new Option('--sort <order>', 'activity, recent, first or key').choices(UserSort.options).default('activity'))
    .option('--ascending', 'the least first')
    .addOption(new Option('--limit <n>', 'how many').argParser(wholeNumber(1)).default(50))
    .addOption(new Option('--offset <n>', 'how many to leave out').argParser(parseCount).default(0))
    .addHelpText('after', '\nWith --json: one line a user with key, events, first and last (ISO 8601, UTC).')
    .action(async (text: string | undefined, options: Options) => {
      await withExistingWorkspace(options, async (client) => {
        const { sort, limit, offset } = options
        // names read from a to z unless told otherwise, counts and times from the greatest down
        const descending = sort === 'key' ? false : options.ascending !== true
        const rows: (readonly [string, number, string, string])[] = []
        let all = 0
        const read = pages(limit, offset, async (page) => {
          const { users, total } = await client.call('users.list', { text, sort, descending, ...page })
          all = total
          return users
        })
        for await (const users of read) {
          for (const { key, events, first, last } of users) {
            if (options.json === true) await printLine(toJsonLine({ key, events, first: formatTime(first), last: formatTime(last) }))
            else rows.push([key, events, formatLocal(first), formatLocal(last)])
          }
        }
        if (options.json === true) return
        for (const line of formatTable(['user', 'events', 'first', 'last'], rows)) await printLine(line)
        printNote(`${formatNumber(rows.length)} of ${formatNumber(all)} users`)
      })
    })
}
