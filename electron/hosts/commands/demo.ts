import { Option, type Command } from 'commander'
import type { Client } from '../../../shared/contract/client.ts'
import type { PlantedTruth } from '../../../shared/model/planted-truth.ts'
import { command, withEngine, withExistingWorkspace, type CommonOptions } from '../command.ts'
import { formatCount, formatLocal, formatTable, printLine, printNote, toJsonLine } from '../output.ts'
import { parseCount, wholeNumber } from '../values.ts'
import { runSources } from './run-source.ts'
import { showTimeline } from './timeline.ts'

interface Options extends CommonOptions {
  readonly seed: number
  readonly days: number
  readonly eventsPerDay: number
  readonly live?: boolean
  readonly truth?: boolean
}

/** `undercurrent demo`. */
export function demoCommand(): Command {
  return command('demo', 'fill a workspace from the built-in demo shop and look around in it', './undercurrent-demo')
    .addOption(new Option('--seed <n>', 'which shop; the same seed gives the same events').argParser(parseCount).default(1))
    .addOption(new Option('--days <n>', 'how many of the last days to fill at once').argParser(wholeNumber(0, 3650)).default(7))
    .addOption(new Option('--events-per-day <n>', 'how busy the shop is').argParser(wholeNumber(1, 10_000_000)).default(28_600))
    .option('--live', 'let the shop go on in real time until Ctrl+C')
    .option('--truth', 'print the true counts of the planted behaviors only')
    .addHelpText('after', '\nWith --json: one line for the run, then one line a planted behavior with name, behavior, occurrences, users, confirmed, pending and refuted.')
    .action(async (options: Options) => {
      await (options.truth === true ? withExistingWorkspace : withEngine)(options, async (client) => {
        if (options.truth !== true) {
          await runSources(client, options.json, async () => {
            const { source } = await client.call('demo.start', { seed: options.seed, days: options.days, eventsPerDay: options.eventsPerDay, live: options.live === true })
            return [source]
          })
        }
        const truth = await client.call('demo.truth', {})
        if (options.json === true) for (const planted of truth) await printLine(toJsonLine(planted))
        else if (options.truth === true) await showTruth(truth)
        else await showAround(client, truth, options.workspace)
      })
    })
}

async function showTruth(truth: readonly PlantedTruth[]): Promise<void> {
  await printLine('Planted in this shop (true counts, kept by the shop itself):')
  for (const line of formatTable(['behavior', 'occurrences', 'users', 'pending', 'refuted'], truth.map(({ name, occurrences, users, pending, refuted }) => [name, occurrences, users, pending.occurrences, refuted]))) await printLine(line)
}

async function showAround(client: Client, truth: readonly PlantedTruth[], workspace: string): Promise<void> {
  const info = await client.call('workspace.info', {})
  await printLine(`${formatCount(info.events, 'event')} of ${formatCount(info.users, 'user')}${info.first === undefined || info.last === undefined ? '' : `, ${formatLocal(info.first)} to ${formatLocal(info.last)}`}`)
  await printLine('')
  await showTruth(truth)
  const { users } = await client.call('users.list', { sort: 'activity', descending: true, limit: 5, offset: 0 })
  await printLine('')
  await printLine('The most active users:')
  for (const line of formatTable(['user', 'events', 'first', 'last'], users.map(({ key, events, first, last }) => [key, events, formatLocal(first), formatLocal(last)]))) await printLine(line)
  const [user] = users
  if (user === undefined) return
  await printLine('')
  await printLine(`The first events of ${user.key}:`)
  await showTimeline(client, user.key, { limit: 12 })
  printNote(`\nGo on with:\n  npx undercurrent users --sort recent --workspace ${workspace}\n  npx undercurrent timeline ${user.key} --workspace ${workspace} --json\n  npx undercurrent stats --workspace ${workspace}\n  npx undercurrent tail --brokers HOST:9092 --topic TOPIC`)
}
