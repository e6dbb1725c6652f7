import { Option, type Command } from 'commander'
import type { EndAt, PayloadFormat, StartAt } from '../../../shared/model/source.ts'
import { command, orFail, withEngine, type CommonOptions } from '../command.ts'
import { addConnectionOptions, readConnection, type ConnectionOptions } from '../connection-options.ts'
import { addMappingOptions, attributesOfGuess, givenMapping, latenessOption, type MappingOptions } from '../mapping-options.ts'
import { parseEnd, parseStart } from '../values.ts'
import { runSources } from './run-source.ts'

interface Options extends CommonOptions, ConnectionOptions, MappingOptions {
  readonly topic: readonly string[]
  readonly from: StartAt
  readonly until: EndAt
  readonly format?: PayloadFormat
  readonly lateness?: number
}

/** `undercurrent tail`. */
export function tailCommand(): Command {
  return addMappingOptions(addConnectionOptions(command('tail', 'tail Kafka topics into the workspace, exactly once')))
    .requiredOption('--topic <name...>', 'a topic; several may be given')
    .addOption(new Option('--from <start>', 'beginning, latest, an offset or a time').argParser(parseStart).default({ at: 'beginning' }, 'beginning'))
    .addOption(new Option('--until <end>', 'never, now, an offset or a time').argParser(parseEnd).default({ at: 'never' }, 'never'))
    .addOption(new Option('--format <format>', 'how payloads without a mark of their own are read').choices(['json', 'text']))
    .addOption(latenessOption())
    .addHelpText('after', '\nOffsets are kept with the events, none is committed to the brokers, and no consumer group is made.\nWith --json: at the end one line a source with source, state, events, deadLetters, late, bytes, lag, seconds and stages.\nCtrl+C stops: what is stored stays, and the next run goes on behind it.')
    .action(async (options: Options) => {
      await orFail(options, async () => {
        // before the workspace is made: what is missing here is bad usage
        const connection = await readConnection(options)
        const { topic: topics, from: start, until: end, format, lateness: latenessMs } = options
        await withEngine(options, async (client) => {
          const mapping = await givenMapping(options, async () => attributesOfGuess((await client.call('topic.sample', { connection, topic: topics[0] ?? '', count: 1000 })).guess))
          await runSources(client, options.json, async () => (await client.call('tail.start', { connection, topics: [...topics], start, end, mapping, format, latenessMs })).sources)
        })
      })
    })
}
