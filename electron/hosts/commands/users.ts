import { Option, type Command } from 'commander'
import { UserSort } from '../../../shared/model/workspace.ts'
import { command, withEngine, type CommonOptions } from '../command.ts'
import { formatTable, formatTime, printLine, printNote, toJsonLine } from '../output.ts'
import { parseCount } from '../values.ts'

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
    .addOption(new Option('--limit <n>', 'how many').argParser(parseCount).default(50))
    .addOption(new Option('--offset <n>', 'how many to leave out').argParser(parseCount).default(0))
    .addHelpText('after', '\nWith --json: one line a user with key, events, first and last (ISO 8601, UTC).')
    .action(async (text: string | undefined, options: Options) => {
      await withEngine(options, async (client) => {
        // names read from a to z unless told otherwise, counts and times from the greatest down
        const descending = options.sort === 'key' ? false : options.ascending !== true
        const { users, total } = await client.call('users.list', { ...(text === undefined ? {} : { text }), sort: options.sort, descending, limit: options.limit, offset: options.offset })
        if (options.json === true) {
          for (const { key, events, first, last } of users) await printLine(toJsonLine({ key, events, first: formatTime(first), last: formatTime(last) }))
          return
        }
        for (const line of formatTable(['user', 'events', 'first (UTC)', 'last (UTC)'], users.map(({ key, events, first, last }) => [key, events, formatTime(first), formatTime(last)]))) await printLine(line)
        printNote(`${users.length.toLocaleString('en-US')} of ${total.toLocaleString('en-US')} users`)
      })
    })
}
