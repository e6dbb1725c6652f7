import { Option, type Command } from 'commander'
import type { EndAt, PayloadFormat, StartAt } from '../../../shared/model/source.ts'
import { command, withEngine, type CommonOptions } from '../command.ts'
import { addConnectionOptions, readConnection, type ConnectionOptions } from '../connection-options.ts'
import { addMappingOptions, givenMapping, type MappingOptions } from '../mapping-options.ts'
import { parseEnd, parseStart } from '../values.ts'
import { runSources } from './run-source.ts'

interface Options extends CommonOptions, ConnectionOptions, MappingOptions {
  readonly topic: readonly string[]
  readonly from: StartAt
  readonly until: EndAt
  readonly format?: PayloadFormat
}

/** `undercurrent tail`. */
export function tailCommand(): Command {
  return addMappingOptions(addConnectionOptions(command('tail', 'tail Kafka topics into the workspace, exactly once')))
    .requiredOption('--topic <name...>', 'a topic; several may be given')
    .addOption(new Option('--from <start>', 'beginning, latest, an offset or a time').argParser(parseStart).default({ at: 'beginning' }, 'beginning'))
    .addOption(new Option('--until <end>', 'never, now, an offset or a time').argParser(parseEnd).default({ at: 'never' }, 'never'))
    .addOption(new Option('--format <format>', 'how payloads without a mark of their own are read').choices(['json', 'text']))
    .addHelpText('after', '\nOffsets are kept with the events, none is committed to the brokers, and no consumer group is made.\nWith --json: at the end one line a source with source, state, events, deadLetters, late, bytes, lag and stages.')
    .action(async (options: Options) => {
      await withEngine(options, async (client) => {
        const connection = await readConnection(client, options)
        const [first = ''] = options.topic
        const mapping = await givenMapping(options, async () => (await client.call('topic.sample', { connection, topic: first, count: 1000 })).guess)
        await runSources(client, options.json, async () => {
          const { sources } = await client.call('tail.start', {
            connection, topics: [...options.topic], start: options.from, end: options.until,
            ...(mapping === undefined ? {} : { mapping }),
            ...(options.format === undefined ? {} : { format: options.format }),
            ...(options.lateness === undefined ? {} : { latenessMs: options.lateness }),
          })
          return sources
        })
      })
    })
}
